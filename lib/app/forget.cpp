#include "lib/app/forget.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lib/app/media_sweep.hpp"
#include "lib/app/people_edit.hpp"
#include "lib/app/people_media.hpp"
#include "lib/base/text.hpp"
#include "lib/base/vault.hpp"
#include "lib/store/audit.hpp"
#include "lib/store/templates.hpp"

namespace bioctl::app {

namespace {

constexpr std::string_view k_action = "people.forget";
constexpr std::size_t k_shortest_needle = 6;
constexpr std::size_t k_template_bytes = 64;  // of a template: that many are nobody else's, and lie on one page
constexpr std::string_view k_of_template = "template";

void add_template(std::vector<Needle>& needles, ByteView bytes) {
    auto const part = bytes.first(std::min(bytes.size(), k_template_bytes));
    if (part.size() >= k_shortest_needle) needles.push_back({std::string{k_of_template}, std::string{as_text(part)}});
}

/// What must not be found afterwards.
std::vector<Needle> needles_of(std::string_view id, store::HeldData const& held, std::vector<store::Template> const& templates) {
    std::vector<Needle> needles;
    if (id.size() >= k_shortest_needle) needles.push_back({"id", std::string{id}});
    if (held.name.size() >= k_shortest_needle && held.name != id) needles.push_back({"name", held.name});
    for (auto const& alias : held.aliases) {
        if (alias.size() >= k_shortest_needle && alias != id && alias != held.name) needles.push_back({"alias", alias});
    }
    for (auto const& t : templates) {
        add_template(needles, std::as_bytes(std::span{t.vector}));
        add_template(needles, std::as_bytes(std::span{t.exact}));
        add_template(needles, t.code);
    }
    return needles;
}

std::size_t own_portraits(store::Store& store, std::vector<store::Template> const& templates) {
    std::set<std::string> crops;
    for (auto const& t : templates) {
        auto const own = static_cast<std::size_t>(std::ranges::count(templates, t.crop, &store::Template::crop));
        if (!t.crop.empty() && store.templates().uses_of_crop(t.crop) == own) crops.insert(t.crop);
    }
    return crops.size();
}

AuditDetail detail_of(Forgotten const& forgotten) {
    auto const number = [](auto count) { return fmt::format("{}", count); };
    auto const& held = forgotten.held;
    return {{"templates", number(held.templates)}, {"portraits", number(forgotten.portraits)}, {"events", number(held.events)},
            {"pictures", number(held.pictures)},   {"deliveries", number(held.deliveries)},    {"waiting", number(held.waiting)}};
}

/// The receipt of an earlier run, from the newest row of the log.
std::optional<Forgotten> forgotten_before(store::Store& store, std::string const& subject) {
    store::AuditFilter filter{.subject = subject, .action = std::string{k_action}};
    filter.limit = 1;
    std::optional<Forgotten> before;
    store.audit().each(filter, [&](store::AuditRow const& row) {
        auto const detail = nlohmann::json::parse(row.detail, nullptr, false);
        auto const number = [&](char const* name) {
            std::int64_t count = 0;
            auto const text = detail.is_object() ? detail.value(name, std::string{}) : std::string{};
            std::from_chars(text.data(), text.data() + text.size(), count);
            return count;
        };
        before = Forgotten{.subject = subject, .at = row.at, .was_forgotten_before = true};
        before->held.templates = number("templates");
        before->portraits = static_cast<std::size_t>(number("portraits"));
        before->held.events = number("events");
        before->held.pictures = number("pictures");
        before->held.deliveries = number("deliveries");
        before->held.waiting = number("waiting");
        return true;
    });
    return before;
}

/// Derived files: made again from the store by whoever needs them.
std::size_t remove_derived(fs::path const& data_dir) {
    std::size_t removed = 0;
    for (auto const& folder : {data_dir / "index", data_dir / "cache"}) {
        std::error_code error;
        std::vector<fs::path> files;
        for (fs::recursive_directory_iterator walk{folder, error}; !error && walk != fs::recursive_directory_iterator{};
             walk.increment(error)) {
            std::error_code ignored;
            if (!walk->is_directory(ignored)) files.push_back(walk->path());
        }
        for (auto const& file : files) {
            if (fs::remove(file, error)) ++removed;
            if (error) throw_errno(fmt::format("cannot delete {}", printable(file.string())), error.value(), Kind::io);
        }
    }
    return removed;
}

bool has_template(std::vector<std::string> const& places) {
    return std::ranges::any_of(places, [](auto const& place) { return place.starts_with(k_of_template); });
}

/// All that comes after the commit.
void finish(ForgetPlace const& place, std::vector<Needle> const& needles, bool always_rewrite, Forgotten& forgotten) {
    {
        auto store = place.open();
        forgotten.is_log_cleared = clear_write_log(store);
        finish_files(store, place.data_dir / "media");
    }
    forgotten.derived = remove_derived(place.data_dir);
    if (!forgotten.is_log_cleared) return;  // it is still full of what went; the next run looks
    forgotten.elsewhere = search_files(place.data_dir, needles);
    // Nobody can look into the pages of a sealed store from outside.
    if (!forgotten.elsewhere.empty() || always_rewrite || Vault::is_sealed(place.data_dir)) {
        auto store = place.open();
        store.rewrite();
        forgotten.is_rewritten = true;
        forgotten.is_log_cleared = clear_write_log(store);
    }
    if (!forgotten.elsewhere.empty()) forgotten.elsewhere = search_files(place.data_dir, needles);
    if (!forgotten.is_log_cleared) return;
    if (has_template(forgotten.elsewhere))
        throw Error{Kind::bug, fmt::format("a template that was deleted is still there ({}); the rows are gone, and running it"
                                           " again tries again",
                                           forgotten.elsewhere.front())};
    auto store = place.open();
    store.write([&] { store.erasure().set_finished(); });
}

/// True if there is somebody to forget; `forgotten` and `needles` are filled then.
bool look(store::Store& store, std::string_view id, Forgotten& forgotten, std::vector<Needle>& needles) {
    forgotten.held = store.erasure().held(id);
    if (forgotten.held.is_nothing()) return false;
    auto const templates = store.templates().of_person(id);
    forgotten.portraits = own_portraits(store, templates);
    needles = needles_of(id, forgotten.held, templates);
    return true;
}

}  // namespace

Forgotten forget_person(ForgetPlace const& place, Clock const& clock, Actor const& actor, std::string_view id, Mode mode) {
    Forgotten forgotten{.subject = subject_of_person(id), .at = clock.now()};
    std::vector<Needle> needles;
    bool is_there = false;
    bool was_unfinished = false;
    std::optional<Forgotten> before;
    {
        auto store = place.open();
        auto const work = [&] {
            was_unfinished = store.erasure().unfinished() == store::Unfinished::bytes;
            is_there = look(store, id, forgotten, needles);
            if (!is_there) before = forgotten_before(store, forgotten.subject);
            if (!is_there && !before) static_cast<void>(require_person(store, id));
            if (!is_there || mode == Mode::dry_run) return;
            store.erasure().erase(id);
            record(store, clock, actor, k_action, forgotten.subject, detail_of(forgotten));
        };
        mode == Mode::dry_run ? store.read(work) : store.write(work);
    }
    if (!is_there) forgotten = *before;
    // What an earlier run had to look for is not known any more: then the file is written anew in any case.
    if (mode == Mode::write && (is_there || was_unfinished)) finish(place, needles, was_unfinished, forgotten);
    return forgotten;
}

bool finish_forgetting(ForgetPlace const& place) {
    bool is_left = false;
    {
        auto store = place.open();
        store.read([&] { is_left = store.erasure().unfinished() == store::Unfinished::bytes; });
    }
    if (!is_left) return false;
    Forgotten ignored;
    finish(place, {}, true, ignored);
    if (!ignored.is_log_cleared)
        throw Error{Kind::busy,
                    "another process is reading, so bytes of a person who was forgotten stay in the write-ahead log; run it"
                    " again"};
    return true;
}

}  // namespace bioctl::app
