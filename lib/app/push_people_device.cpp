#include "lib/app/push_people_device.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "lib/app/device_photo.hpp"
#include "lib/app/device_session.hpp"
#include "lib/base/text.hpp"
#include "lib/hikvision/roster.hpp"
#include "lib/store/device_people.hpp"

namespace bioctl::app {

namespace {

using hikvision::Outcome;
using hikvision::Refusal;
using hikvision::Trouble;

constexpr int k_tries = 4;  // of a write that meets a busy terminal
constexpr std::chrono::milliseconds k_first_pause{500};
constexpr int k_max_failures = 5;  // in a row: then it is the terminal, not the person

/// The device has to be given up; what() has been told.
struct GivenUp {
    std::string reason;
};

class Push {
public:
    Push(SyncSetup const& setup, store::Device const& device, PushWork const& work, PushRules const& rules,
         std::function<void(PushedPerson const&)> const& on_person)
        : m_setup(setup),
          m_device(device),
          m_work(work),
          m_rules(rules),
          m_on_person(on_person),
          m_session(setup, device, rules.health),
          m_roster(m_session.terminal(), setup.pause) {}

    void run(DevicePush& report) {
        look();
        report.left = m_work.candidates.size();
        for (auto const& candidate : m_work.candidates) {
            if (m_setup.should_stop()) throw GivenUp{"stopped"};
            if (place(candidate)) m_session.let_others_pass();
            ++report.people;
            --report.left;
        }
        prune(report);
    }

private:
    /// What the terminal has now: it may have been reset, or people may have been removed by hand.
    void look() {
        std::vector<std::string> ids;
        for (auto const& candidate : m_work.candidates)
            ids.push_back(candidate.id);
        for (auto& person : m_session.require(m_rules.only.empty() ? m_roster.list() : m_roster.list(ids)))
            m_present.insert_or_assign(person.employee_no, person);
        m_setup.writer.write([&](store::Store& store) {
            m_taken.clear();
            for (auto& person : store.device_people().of_device(m_device.key))
                m_taken.insert_or_assign(person.employee_no, person);
        });
    }

    /// True if the terminal was written to.
    bool place(PushCandidate const& candidate) {
        if (!candidate.problem.empty()) {
            tell(candidate.id, Pushed::rejected, candidate.problem);
            return false;
        }
        auto const there = m_present.find(candidate.id);
        bool const is_new = there == m_present.end();
        bool const is_renamed = !is_new && there->second.name != candidate.name;
        auto const taken = m_taken.find(candidate.id);
        bool const has_this_face = !is_new && there->second.has_face && taken != m_taken.end() &&
                                   taken->second.photo == candidate.portrait && !m_rules.again;
        bool const needs_face = !candidate.portrait.empty() && !has_this_face;
        if (!is_new && !is_renamed && !needs_face) {
            tell_without_change(candidate);
            return false;
        }
        if (m_rules.mode == Mode::dry_run) {
            tell(candidate.id, is_new ? Pushed::added : Pushed::updated, "not sent: a dry run");
            return false;
        }
        write(candidate, is_new, is_renamed, needs_face);
        return true;
    }

    void tell_without_change(PushCandidate const& candidate) {
        if (candidate.portrait.empty()) return tell_no_photo(candidate);
        tell(candidate.id, Pushed::unchanged, {});
    }

    void tell_no_photo(PushCandidate const& candidate) {
        tell(candidate.id, Pushed::no_photo,
             fmt::format("no portrait is kept; enrol a photo: `bioctl enroll --id {} PHOTO`", shell_word(candidate.id)));
    }

    void write(PushCandidate const& candidate, bool is_new, bool is_renamed, bool needs_face) {
        Bytes jpeg;
        if (needs_face) {
            auto photo = photo_for_device(m_setup.media_dir, candidate.portrait);
            if (!photo) return tell(candidate.id, Pushed::rejected, photo.error().message());
            jpeg = std::move(*photo);
        }
        if (is_new && !is_done(candidate, [&] { return m_roster.put_person(candidate.id, candidate.name); })) return;
        if (is_renamed && !is_done(candidate, [&] { return m_roster.rename_person(candidate.id, candidate.name); })) return;
        remember(candidate, needs_face ? "" : taken_photo(candidate.id));
        if (needs_face && !is_done(candidate, [&] { return m_roster.put_face(candidate.id, jpeg); })) return;
        if (needs_face) remember(candidate, candidate.portrait);
        m_failures = 0;
        if (candidate.portrait.empty()) return tell_no_photo(candidate);
        tell(candidate.id, is_new ? Pushed::added : Pushed::updated,
             needs_face ? fmt::format("face of {} kB", (jpeg.size() + 999) / 1000) : "name");
    }

    std::string taken_photo(std::string const& id) const {
        auto const taken = m_taken.find(id);
        return taken == m_taken.end() ? "" : taken->second.photo;
    }

    void remember(PushCandidate const& candidate, std::string const& photo) {
        auto const now = m_setup.clock.now();
        m_setup.writer.write([&](store::Store& store) {
            store.device_people().put(m_device.key, {candidate.id, candidate.name, photo, now});
        });
    }

    /// One write, patient with a busy terminal. False if this person cannot be done; throws if the terminal is to be given up.
    template <class Write>
    bool is_done(PushCandidate const& candidate, Write const& write) {
        auto pause = k_first_pause;
        for (int tries = 1;; ++tries) {
            auto const done = write();
            if (done) return true;
            auto const& trouble = done.error();
            bool const is_busy = trouble.what == Trouble::What::refused && trouble.status.refusal == Refusal::busy;
            if (!is_busy || tries == k_tries || m_setup.should_stop()) return explain(candidate, trouble);
            m_setup.pause(pause);
            pause *= 2;
        }
    }

    /// Always false: told, or thrown.
    bool explain(PushCandidate const& candidate, Trouble const& trouble) {
        if (trouble.what != Trouble::What::refused) m_session.fail(trouble);
        auto const refusal = trouble.status.refusal;
        if (refusal == Refusal::bad_photo || refusal == Refusal::already_there) {
            auto const words = hikvision::explain_photo_refusal(trouble.status);
            tell(candidate.id, Pushed::rejected, words.empty() ? trouble.error.message() : std::string{words});
            return false;
        }
        if (refusal == Refusal::full)
            throw GivenUp{
                fmt::format("the terminal is full; remove people from it, with --prune those who are no longer enrolled ({})",
                            trouble.error.message())};
        if (refusal == Refusal::wrong_login || refusal == Refusal::locked || refusal == Refusal::no_permission)
            m_session.fail(trouble);
        tell(candidate.id, Pushed::failed, trouble.error.message());
        if (++m_failures >= k_max_failures) throw GivenUp{fmt::format("{} people in a row could not be written", m_failures)};
        return false;
    }

    void prune(DevicePush& report) {
        if (m_rules.prune == PushPrune::no) return;
        std::vector<std::string> doomed;
        for (auto const& [number, person] : m_present) {
            bool const is_ours = m_taken.contains(number);
            if (!m_work.enrolled.contains(number) && (is_ours || m_rules.prune == PushPrune::everybody)) doomed.push_back(number);
        }
        if (m_rules.mode == Mode::write) {
            m_session.require(m_roster.remove(doomed));
            forget(doomed);
        }
        for (auto const& number : doomed) {
            tell(number, Pushed::removed, m_rules.mode == Mode::write ? "" : "not removed: a dry run");
            ++report.people;
        }
    }

    /// Also those who were removed at the terminal.
    void forget(std::vector<std::string> numbers) {
        for (auto const& [number, person] : m_taken) {
            if (!m_work.enrolled.contains(number) && !m_present.contains(number)) numbers.push_back(number);
        }
        m_setup.writer.write([&](store::Store& store) {
            for (auto const& number : numbers)
                store.device_people().remove(m_device.key, number);
        });
    }

    void tell(std::string const& id, Pushed result, std::string detail) {
        m_on_person({m_device.config.name, id, result, std::move(detail)});
    }

    SyncSetup const& m_setup;
    store::Device const& m_device;
    PushWork const& m_work;
    PushRules const& m_rules;
    std::function<void(PushedPerson const&)> const& m_on_person;
    DeviceSession m_session;
    hikvision::Roster m_roster;
    std::map<std::string, hikvision::PersonOnDevice, std::less<>> m_present;
    std::map<std::string, store::DevicePerson, std::less<>> m_taken;
    int m_failures = 0;
};

/// What a device, and not our own disk, can be the cause of.
bool is_of_device(Error const& error) {
    switch (error.kind()) {
        case Kind::busy:
        case Kind::permission:
        case Kind::unavailable:
        case Kind::no_host:
        case Kind::protocol:
        case Kind::config:
        case Kind::data: return true;
        default: return false;
    }
}

}  // namespace

DevicePush push_to_device(SyncSetup const& setup, store::Device const& device, PushWork const& work, PushRules const& rules,
                          std::function<void(PushedPerson const&)> const& on_person) {
    DevicePush report;
    report.device = device.config.name;
    report.left = work.candidates.size();
    try {
        Push{setup, device, work, rules, on_person}.run(report);
    } catch (GivenUp const& given_up) {
        report.reason = given_up.reason;
    } catch (Error const& error) {
        if (!is_of_device(error)) throw;
        report.reason = error.message();
    }
    return report;
}

}  // namespace bioctl::app
