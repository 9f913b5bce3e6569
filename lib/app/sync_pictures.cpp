#include "lib/app/sync_pictures.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lib/app/behind.hpp"
#include "lib/app/media.hpp"
#include "lib/base/file.hpp"
#include "lib/store/events.hpp"

namespace bioctl::app {

namespace {

using hikvision::Refusal;
using hikvision::Trouble;

constexpr int k_at_once = 32;  // pictures asked of the store
constexpr std::chrono::seconds k_first_wait{30};
constexpr std::chrono::seconds k_longest_wait{3600};

std::chrono::seconds wait_after(int attempts) {
    constexpr int k_doublings = 7;  // 30 s to an hour
    return std::min(k_longest_wait, k_first_wait * (1 << std::min(attempts, k_doublings)));
}

bool is_about_device(Trouble const& trouble) {
    if (trouble.what == Trouble::What::unreachable) return true;
    if (trouble.what == Trouble::What::nonsense) return false;
    switch (trouble.status.refusal) {
        case Refusal::wrong_login:
        case Refusal::locked:
        case Refusal::no_permission:
        case Refusal::busy: return true;
        default: return false;
    }
}

class PictureFetcher {
public:
    PictureFetcher(SyncSetup const& setup, SyncRules const& rules, store::Device const& device, hikvision::Terminal& terminal,
                   DevicePass& pass)
        : m_setup(setup), m_rules(rules), m_device(device), m_terminal(terminal), m_pass(pass) {}

    hikvision::Outcome<void> run() {
        auto const done = fetch_all();
        m_behind.wait();
        return done;
    }

private:
    hikvision::Outcome<void> fetch_all() {
        for (;;) {
            m_behind.wait();  // what is still being stored must not be fetched again
            std::vector<store::PictureWork> due;
            m_setup.writer.write(
                [&](store::Store& store) { due = store.events().pictures_due(m_device.key, m_setup.clock.now(), k_at_once); });
            if (due.empty()) return {};
            for (auto const& work : due) {
                if (m_setup.should_stop() || is_enough()) return {};
                if (auto const done = fetch(work); !done) return done;
            }
        }
    }

    [[nodiscard]] bool is_enough() { return m_rules.max_pictures > 0 && ++m_asked > m_rules.max_pictures; }

    hikvision::Outcome<void> fetch(store::PictureWork const& work) {
        auto picture = m_terminal.picture(work.url, m_rules.max_picture_bytes);
        // A cut transfer is common on radio links, and cheap to repeat.
        if (!picture && picture.error().what == Trouble::What::nonsense)
            picture = m_terminal.picture(work.url, m_rules.max_picture_bytes);
        if (picture) {
            m_behind.start([this, work, jpeg = std::move(*picture)] { keep(work, jpeg); });
            return {};
        }
        m_behind.start([this, work, trouble = picture.error()] { note(work, trouble); });
        if (is_about_device(picture.error())) return tl::unexpected{picture.error()};
        return {};
    }

    void keep(store::PictureWork const& work, ByteView jpeg) {
        std::chrono::minutes const offset{m_device.utc_offset_minutes.value_or(0)};
        auto const path = picture_path(work.event, work.time, offset);
        write_media(m_setup.media_dir, path, jpeg);
        bool is_wanted = true;
        m_setup.writer.write([&](store::Store& store) { is_wanted = store.events().set_picture(work.event, path, jpeg.size()); });
        ++m_pass.pictures;
        if (is_wanted) return;
        std::error_code ignored;
        fs::remove(m_setup.media_dir / path, ignored);
    }

    void note(store::PictureWork const& work, Trouble const& trouble) {
        auto const reason = trouble.error.message();
        bool const is_gone = trouble.what == Trouble::What::refused && trouble.status.refusal == Refusal::not_there;
        bool const is_last = !is_about_device(trouble) && work.attempts + 1 >= m_rules.max_picture_attempts;
        auto const next = m_setup.clock.now() + wait_after(work.attempts);
        m_setup.writer.write([&](store::Store& store) {
            auto events = store.events();
            if (is_gone) return events.set_picture_trouble(work.event, "gone", reason, std::nullopt);
            if (is_last) return events.set_picture_trouble(work.event, "failed", reason, std::nullopt);
            events.set_picture_trouble(work.event, "pending", reason, next);
        });
        m_pass.pictures_gone += is_gone ? 1 : 0;
        m_pass.pictures_failed += is_gone ? 0 : 1;
    }

    SyncSetup const& m_setup;
    SyncRules const& m_rules;
    store::Device const& m_device;
    hikvision::Terminal& m_terminal;
    DevicePass& m_pass;
    int m_asked = 0;
    Behind m_behind;  // the last member: its thread uses the others
};

}  // namespace

std::string picture_path(std::int64_t event, Timestamp time, std::chrono::minutes utc_offset) {
    std::chrono::year_month_day const day{std::chrono::floor<std::chrono::days>(time + utc_offset)};
    return fmt::format("events/{:04}/{:02}/{:02}/{}.jpg", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                       static_cast<unsigned>(day.day()), event);
}

hikvision::Outcome<void> fetch_pictures(SyncSetup const& setup, SyncRules const& rules, store::Device const& device,
                                        hikvision::Terminal& terminal, DevicePass& pass) {
    return PictureFetcher{setup, rules, device, terminal, pass}.run();
}

}  // namespace bioctl::app
