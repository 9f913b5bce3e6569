#include "lib/app/event_prune.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "lib/app/media_sweep.hpp"
#include "lib/base/text.hpp"
#include "lib/store/erasure.hpp"
#include "lib/store/retention.hpp"

namespace bioctl::app {

namespace {

constexpr int k_at_once = 500;
// SQLite's lock is not fair: without a pause the next transaction is faster than anybody who sleeps for the lock.
constexpr std::chrono::milliseconds k_pause{5};

class Pruner {
public:
    Pruner(store::Store& store, fs::path const& media_dir, Mode mode) : m_store(store), m_media_dir(media_dir), m_mode(mode) {}

    PruneReport run(PruneRules const& rules) {
        if (m_mode == Mode::write) finish_files(m_store, m_media_dir);
        if (rules.unknown_before) forget_unknown(*rules.unknown_before);
        // Events go with their pictures.
        auto const pictures =
            std::max(rules.pictures_before.value_or(Timestamp::min()), rules.events_before.value_or(Timestamp::min()));
        if (pictures != Timestamp::min()) for_each_picture(pictures, [](std::uint64_t /*bytes*/) { return true; });
        if (rules.max_picture_bytes) shrink_to(*rules.max_picture_bytes);
        if (m_has_begun) m_store.write([&] { m_store.erasure().set_finished(); });
        if (rules.events_before) drop_events(*rules.events_before);
        return m_report;
    }

private:
    void forget_unknown(Timestamp before) {
        for (std::int64_t after = 0;;) {
            std::vector<store::StoredPicture> batch;
            m_store.read([&] { batch = m_store.retention().unknown_pictures_before(before, after, k_at_once); });
            if (batch.empty()) return;
            after = batch.back().event;
            forget(batch);
        }
    }

    void shrink_to(std::uint64_t most) {
        std::uint64_t left = 0;
        m_store.read([&] { left = m_store.events().picture_bytes(); });
        if (m_mode == Mode::dry_run) left -= std::min(left, m_report.bytes);
        for_each_picture(Timestamp::max(), [&](std::uint64_t bytes) {
            if (left <= most) return false;
            left -= std::min(left, bytes);
            return true;
        });
    }

    void drop_events(Timestamp before) {
        if (m_mode == Mode::dry_run) {
            m_store.read([&] { m_report.events = m_store.events().prunable(before); });
            return;
        }
        for (std::int64_t gone = k_at_once; gone == k_at_once;) {
            m_store.write([&] { gone = m_store.events().prune(before, k_at_once); });
            m_report.events += gone;
            std::this_thread::sleep_for(k_pause);
        }
        m_store.read([&] {
            store::EventFilter filter;
            filter.until = before;
            m_report.waiting = m_store.events().count(filter);
        });
    }

    /// Oldest first, a batch in a transaction; `wanted` is asked before each and ends the walk.
    template <class Wanted>
    void for_each_picture(Timestamp before, Wanted wanted) {
        std::int64_t after = 0;
        for (bool go_on = true; go_on;) {
            std::vector<store::StoredPicture> batch;
            m_store.read([&] { batch = m_store.events().pictures_before(before, after, k_at_once); });
            if (batch.empty()) return;
            std::vector<store::StoredPicture> doomed;
            for (auto const& picture : batch) {
                after = picture.event;
                if (go_on) go_on = wanted(picture.bytes);
                if (go_on) doomed.push_back(picture);
            }
            forget(doomed);
        }
    }

    void forget(std::vector<store::StoredPicture> const& pictures) {
        if (pictures.empty()) return;
        for (auto const& picture : pictures) {
            ++m_report.pictures;
            m_report.bytes += picture.bytes;
        }
        if (m_mode == Mode::dry_run) return;
        m_store.write([&] {
            if (m_store.erasure().unfinished() == store::Unfinished::nothing) {
                m_store.erasure().raise_unfinished(store::Unfinished::files);
                m_has_begun = true;
            }
            for (auto const& picture : pictures)
                m_store.events().forget_picture(picture.event);
        });
        for (auto const& picture : pictures) {
            std::error_code error;
            fs::remove(m_media_dir / picture.path, error);
            if (error)
                throw_errno(fmt::format("cannot delete {}", printable((m_media_dir / picture.path).string())), error.value(),
                            Kind::io);
        }
        std::this_thread::sleep_for(k_pause);
    }

    store::Store& m_store;
    fs::path const& m_media_dir;
    Mode m_mode;
    PruneReport m_report;
    bool m_has_begun = false;  // and noted so
};

}  // namespace

PruneReport prune_events(store::Store& store, fs::path const& media_dir, PruneRules const& rules, Mode mode) {
    return Pruner{store, media_dir, mode}.run(rules);
}

}  // namespace bioctl::app
