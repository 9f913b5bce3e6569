// What a network costs the store: 5,000 ONTs asked once a minute. Fills some days of rounds, packs them, and tells the time of a
// round, of a day's packing, and the bytes of each tier; a year is reckoned from the tiers that are full by then.
//
//   ping_history DIR [ONTS [DAYS]]

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "lib/app/ping_history.hpp"
#include "lib/ont/history_code.hpp"
#include "lib/store/onts.hpp"
#include "lib/store/pings.hpp"

using namespace bioctl;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t k_begin = 1'900'022'400'000;  // a midnight, UTC
constexpr int k_minutes_of_day = 1440;

double seconds_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Lines of 2 to 20 ms with some jitter, a slow swing over the day, and one probe in 500 lost.
class Lines {
public:
    explicit Lines(std::size_t count) : m_base(count) {
        for (auto& base : m_base)
            base = 2000 + static_cast<double>(m_random() % 18'000);
    }
    ont::SampleCode sample(std::size_t line, int minute) {
        if (m_random() % 500 == 0) return ont::k_lost;
        auto const swing = 1 + 0.1 * std::abs(minute % k_minutes_of_day - 720) / 720.0;
        auto const jitter = std::exponential_distribution{4.0}(m_random);
        return ont::code_of(
            std::chrono::nanoseconds{static_cast<std::int64_t>(m_base[line] * swing * (1 + 0.2 * jitter) * 1000)});
    }

private:
    std::mt19937 m_random{1};
    std::vector<double> m_base;
};

store::PingRound round_of(std::vector<std::int64_t> const& onts, Lines& lines, int minute) {
    store::PingRound round;
    round.started_at = from_ms(k_begin) + std::chrono::minutes{minute};
    round.onts = onts;
    std::vector<ont::SampleCode> codes(onts.size());
    for (std::size_t i = 0; i < onts.size(); ++i)
        codes[i] = lines.sample(i, minute);
    round.samples = ont::to_bytes(codes);
    return round;
}

std::vector<store::PingState> states_of(std::vector<std::int64_t> const& onts, int minute) {
    std::vector<store::PingState> states(onts.size());
    for (std::size_t i = 0; i < onts.size(); ++i) {
        states[i].ont = onts[i];
        states[i].state = "up";
        states[i].rtt_us = 5000;
        states[i].last_answered = states[i].asked_at = from_ms(k_begin) + std::chrono::minutes{minute};
    }
    return states;
}

double megabytes(std::filesystem::path const& file) {
    return static_cast<double>(std::filesystem::file_size(file)) / 1e6;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) return 64;
    std::filesystem::path const file = std::filesystem::path{argv[1]} / "history.db";
    auto const count = static_cast<std::size_t>(argc > 2 ? std::atoi(argv[2]) : 5000);
    int const days = argc > 3 ? std::atoi(argv[3]) : 17;
    app::StoreWriter writer{store::Store::open(file, {})};
    std::vector<std::int64_t> onts;
    writer.write([&](store::Store& store) {
        onts.clear();
        for (std::size_t i = 0; i < count; ++i) {
            store::OntConfig config;
            config.name = "ont " + std::to_string(i);
            onts.push_back(store.onts().add(config, from_ms(k_begin)));
        }
    });
    Lines lines{count};

    std::vector<double> times;
    for (int minute = -30; minute < 0; ++minute) {
        auto const round = round_of(onts, lines, minute);
        auto const states = states_of(onts, minute);
        auto const begin = std::chrono::steady_clock::now();
        writer.write([&](store::Store& store) {
            store.pings().add_round(round, 3min);
            store.pings().set_states(states);
        });
        times.push_back(seconds_since(begin) * 1000);
    }
    std::ranges::sort(times);
    std::printf("storing a round of %zu ONTs: %.1f ms (%.1f .. %.1f, %zu rounds)\n", count, times[times.size() / 2],
                times.front(), times.back(), times.size());

    std::vector<double> packing;
    for (int day = 0; day < days; ++day) {
        std::vector<store::PingRound> rounds;
        for (int minute = day * k_minutes_of_day; minute < (day + 1) * k_minutes_of_day; ++minute)
            rounds.push_back(round_of(onts, lines, minute));
        writer.write([&](store::Store& store) {
            for (auto const& round : rounds)
                store.pings().add_round(round, 3min);
        });
        auto const begin = std::chrono::steady_clock::now();
        app::pack_history(writer, from_ms(k_begin) + 24h * (day + 1) + 1h);
        packing.push_back(seconds_since(begin));
    }
    std::ranges::sort(packing);
    std::printf("packing a day: %.2f s (%.2f .. %.2f)\n", packing[packing.size() / 2], packing.front(), packing.back());
    std::printf("the file after %d days: %.1f MB\n", days, megabytes(file));

    double bytes[3] = {};
    int tier = 0;
    for (auto const which : {app::Tier::five_minutes, app::Tier::hour, app::Tier::day}) {
        auto const plan = app::plan_of(which);
        writer.write([&](store::Store& store) {
            double sum = 0;
            for (std::size_t i = 0; i < onts.size(); i += 50) {
                for (auto const& chunk :
                     store.pings().chunks(onts[i], plan.bucket.count(), from_ms(0), from_ms(k_begin) + 24h * days))
                    sum += static_cast<double>(chunk.buckets.size());
            }
            bytes[tier] = sum * 50 / days;
        });
        std::printf("buckets of %5ld s: %.2f MB a day\n", static_cast<long>(plan.bucket.count()), bytes[tier] / 1e6);
        ++tier;
    }
    auto const samples = static_cast<double>(count) * 2 * k_minutes_of_day * 8;
    auto const year = samples + bytes[0] * 91 + bytes[1] * 365 + bytes[2] * 365;
    std::printf("a year, content only: %.0f MB (8 days of rounds %.0f, 5 min %.0f, 1 h %.0f, 1 d %.0f)\n", year / 1e6,
                samples / 1e6, bytes[0] * 91 / 1e6, bytes[1] * 365 / 1e6, bytes[2] * 365 / 1e6);
    return 0;
}
