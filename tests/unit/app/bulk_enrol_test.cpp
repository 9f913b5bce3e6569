#include "lib/app/bulk_enrol.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "demo_support.hpp"

using namespace bioctl;
using namespace bioctl::app;
using test::DemoStore;
using test::portraits;
using test::variant;
using test::write_text;

namespace {

/// What a run told, one line a photo: "alice/1.jpg enrolled".
struct Run {
    std::vector<std::string> lines;
    std::vector<RemovedRecord> removed;
    BulkSummary summary;
};

std::string word_of(EnrolOutcome const& outcome) {
    if (std::holds_alternative<Unchanged>(outcome)) return "unchanged";
    if (auto const* rejected = std::get_if<Rejected>(&outcome)) return std::string{name_of(rejected->reason)};
    return "enrolled";
}

/// A folder of photos beside the store.
struct Bulk : DemoStore {
    BulkOptions options;
    std::size_t stop_after = 1'000'000;

    Bulk() {
        options.rules.duplicate_threshold = 0.45F;
        fs::create_directories(staff());
    }
    [[nodiscard]] fs::path staff() const { return dir / "staff"; }
    void put(std::string const& name, std::string_view content) const { write_text(staff() / name, content); }

    Run run() { return run(scan_directory(staff())); }
    Run run(BulkInput const& input) {
        Run result;
        BulkEvents events;
        events.on_photo = [&](BulkRecord const& record) {
            auto const name = record.item.photo.path.lexically_relative(staff()).string();
            result.lines.push_back(fmt::format("{} {}", name, word_of(record.outcome)));
        };
        events.on_removed = [&](RemovedRecord const& record) { result.removed.push_back(record); };
        events.should_stop = [&, asked = std::size_t{0}]() mutable { return ++asked >= stop_after; };
        result.summary = bulk_enrol(workspace, input, options, events);
        return result;
    }

    [[nodiscard]] std::vector<std::string> crops() const {
        std::vector<std::string> names;
        if (!fs::exists(workspace.media_dir)) return names;
        for (auto const& entry : fs::recursive_directory_iterator{workspace.media_dir}) {
            if (entry.is_regular_file()) names.push_back(entry.path().lexically_relative(workspace.media_dir).string());
        }
        std::ranges::sort(names);
        return names;
    }

    /// Everything that must be equal after an interrupted and an uninterrupted run.
    std::vector<std::string> content() {
        std::vector<std::string> rows;
        for (auto const& person : store.people().list()) {
            for (auto const& t : store.templates().of_person(person.id)) {
                auto const vector = std::as_bytes(std::span{t.vector});
                rows.push_back(fmt::format("{} {} {} {} {}", person.id, fs::path{t.source}.lexically_relative(staff()).string(),
                                           t.crop, t.face_index, to_hex(sha256(vector))));
            }
        }
        std::ranges::sort(rows);
        return rows;
    }
};

using Lines = std::vector<std::string>;

void fill(Bulk const& bulk) {
    bulk.put("anna/1.jpg", as_text(portraits(1)[0]));
    bulk.put("bela/1.jpg", as_text(portraits(1)[1]));
    bulk.put("bela/2.jpg", variant(portraits(1)[1], 2));
    bulk.put("cora/1.jpg", as_text(portraits(6)[0]));
    // The same person as anna, under another id.
    bulk.put("dora/1.jpg", as_text(portraits(3)[0]));
    bulk.put("emma/1.jpg", as_text(portraits(6)[1]));
}

}  // namespace

TEST_CASE("one bad file never stops the batch", "[app]") {
    Bulk bulk;
    bulk.put("anna/0-empty.jpg", "");
    bulk.put("anna/1-html.jpg", "<html><body>404</body></html>");
    bulk.put("anna/2-truncated.jpg", as_text(portraits(1)[0]).substr(0, 3000));
    bulk.put("anna/3-good.jpg", as_text(portraits(1)[0]));
    bulk.put("anna/4-group.jpg", test::read_text(test::demo_photo(1)));
    fs::create_symlink("nowhere", bulk.staff() / "anna/5-gone.jpg");
    bulk.put("-x/1.jpg", as_text(portraits(6)[0]));
    auto const run = bulk.run();
    CHECK(run.lines == Lines{"-x/1.jpg bad_id", "anna/0-empty.jpg unreadable", "anna/1-html.jpg unreadable",
                             "anna/2-truncated.jpg unreadable", "anna/3-good.jpg enrolled", "anna/4-group.jpg many_faces",
                             "anna/5-gone.jpg unreadable"});
    CHECK(run.summary.rejected == 6);
    CHECK(run.summary.enrolled == 1);
    CHECK(run.summary.images == 7);
    CHECK(run.summary.people == 1);
    CHECK_FALSE(run.summary.stopped_early);
}

TEST_CASE("a photo beyond the limits is too large, and low quality is named", "[app]") {
    Bulk bulk;
    bulk.put("anna/1.jpg", as_text(portraits(1)[0]));
    bulk.options.rules.min_quality = 1;
    CHECK(bulk.run().lines == Lines{"anna/1.jpg low_quality"});
    bulk.workspace.limits.max_pixels = 10'000;
    CHECK(bulk.run().lines == Lines{"anna/1.jpg too_large"});
}

TEST_CASE("a second bulk enrolment at the same time is refused with the process of the first", "[app]") {
    Bulk bulk;
    auto const lock = FileLock::try_acquire(bulk.dir / "bulk-enroll.lock");
    REQUIRE(lock);
    CHECK_THROWS_WITH(bulk.run(), Catch::Contains(std::to_string(::getpid())));
    bulk.options.mode = Mode::dry_run;
    CHECK_NOTHROW(bulk.run());
}

TEST_CASE("records come in input order and a second run finds nothing to do", "[app]") {
    Bulk bulk;
    fill(bulk);
    auto const first = bulk.run();
    CHECK(first.lines == Lines{"anna/1.jpg enrolled", "bela/1.jpg enrolled", "bela/2.jpg enrolled", "cora/1.jpg enrolled",
                               "dora/1.jpg duplicate_person", "emma/1.jpg enrolled"});
    CHECK(bulk.crops().size() == 5);
    auto const generation = bulk.store.templates().generation();
    auto const second = bulk.run();
    CHECK(second.lines == Lines{"anna/1.jpg unchanged", "bela/1.jpg unchanged", "bela/2.jpg unchanged", "cora/1.jpg unchanged",
                                "dora/1.jpg duplicate_person", "emma/1.jpg unchanged"});
    CHECK(second.summary.unchanged == 5);
    CHECK(bulk.store.templates().generation() == generation);
}

TEST_CASE("a run that was interrupted anywhere ends like one that was not", "[app]") {
    Bulk whole;
    fill(whole);
    whole.run();
    std::size_t const stop_after = GENERATE(1U, 3U, 5U);
    Bulk bulk;
    fill(bulk);
    bulk.stop_after = stop_after;
    CHECK(bulk.run().lines.size() == stop_after);
    bulk.stop_after = 1'000'000;
    bulk.workspace.jobs = 3;
    bulk.run();
    CHECK(bulk.content() == whole.content());
    CHECK(bulk.crops() == whole.crops());
}

TEST_CASE("an earlier photo is not rejected because of a later one when the run is repeated", "[app]") {
    Bulk bulk;
    bulk.put("anna/1.jpg", as_text(portraits(1)[0]));
    bulk.put("zoe/1.jpg", as_text(portraits(3)[0]));
    CHECK(bulk.run().lines == Lines{"anna/1.jpg enrolled", "zoe/1.jpg duplicate_person"});
    bulk.store.write([&] { bulk.store.people().remove("anna"); });
    bulk.put("zoe/1.jpg", variant(portraits(3)[0], 1));
    CHECK(bulk.run().lines == Lines{"anna/1.jpg enrolled", "zoe/1.jpg duplicate_person"});
}

TEST_CASE("portraits that a killed run left are cleared away", "[app]") {
    Bulk bulk;
    write_text(bulk.workspace.media_dir / "faces/ab/abcd-0-x.jpg", "half");
    write_text(bulk.workspace.media_dir / "faces/ab/.abcd.tmp.123", "half");
    bulk.put("anna/1.jpg", as_text(portraits(1)[0]));
    bulk.run();
    CHECK(bulk.crops().size() == 1);
    CHECK(bulk.crops().front() == bulk.store.templates().of_person("anna").at(0).crop);
}

TEST_CASE("the error limit stops at the photo that reaches it, on any number of threads", "[app]") {
    int const jobs = GENERATE(1, 4);
    Bulk bulk;
    bulk.workspace.jobs = jobs;
    for (int i = 0; i < 40; ++i)
        bulk.put(fmt::format("anna/{:02}.jpg", i), "not a photo");
    bulk.options.max_errors = 3;
    auto const run = bulk.run();
    CHECK(run.lines.size() == 3);
    CHECK(run.summary.stopped_early);
}

TEST_CASE("a dry run tells the same and changes nothing", "[app]") {
    Bulk bulk;
    fill(bulk);
    bulk.options.mode = Mode::dry_run;
    auto const dry = bulk.run();
    CHECK(bulk.store.people().count() == 0);
    CHECK(bulk.crops().empty());
    CHECK_FALSE(fs::exists(bulk.dir / "bulk-enroll.lock"));
    bulk.options.mode = Mode::write;
    CHECK(bulk.run().lines == dry.lines);
}

TEST_CASE("a photo that moved keeps its template and gets its new path", "[app]") {
    Bulk bulk;
    bulk.put("anna/1.jpg", as_text(portraits(1)[0]));
    bulk.run();
    fs::create_directories(bulk.staff() / "anna/2024");
    fs::rename(bulk.staff() / "anna/1.jpg", bulk.staff() / "anna/2024/x.jpg");
    bulk.options.prune = Prune::yes;
    auto const run = bulk.run();
    CHECK(run.lines == Lines{"anna/2024/x.jpg unchanged"});
    CHECK(run.removed.empty());
    CHECK(bulk.store.templates().of_person("anna").at(0).source == (bulk.staff() / "anna/2024/x.jpg").string());
}

TEST_CASE("two copies of one photo do not take the template from each other", "[app]") {
    Bulk bulk;
    bulk.put("anna/1.jpg", as_text(portraits(1)[0]));
    bulk.put("anna/2.jpg", as_text(portraits(1)[0]));
    CHECK(bulk.run().lines == Lines{"anna/1.jpg enrolled", "anna/2.jpg unchanged"});
    auto const generation = bulk.store.templates().generation();
    bulk.run();
    CHECK(bulk.store.templates().generation() == generation);
}

TEST_CASE("a manifest brings names, also to people that are unchanged", "[app]") {
    Bulk bulk;
    bulk.put("1.jpg", as_text(portraits(1)[0]));
    bulk.run(read_manifest("id,path\n7,1.jpg\n", bulk.staff()));
    CHECK(bulk.store.people().get("7")->name.empty());
    auto const run = bulk.run(read_manifest("id,name,path\n7,Ayu,1.jpg\n8,Budi,gone.jpg\n", bulk.staff()));
    CHECK(run.lines == Lines{"1.jpg unchanged", "gone.jpg unreadable"});
    CHECK(bulk.store.people().get("7")->name == "Ayu");
    CHECK_FALSE(bulk.store.people().get("8"));
}

TEST_CASE("pruning removes what is gone from its own folder only", "[app]") {
    Bulk bulk;
    fill(bulk);
    bulk.run();
    BulkItem by_hand{.person_id = "gina", .name = {}, .photo = {bulk.dir / "gina.jpg", std::nullopt}};
    write_text(bulk.dir / "gina.jpg", as_text(portraits(6)[3]));
    enrol_photos(bulk.workspace, {by_hand}, bulk.options.rules, {});
    fs::remove(bulk.dir / "gina.jpg");
    fs::remove_all(bulk.staff() / "cora");
    fs::remove(bulk.staff() / "bela/2.jpg");
    bulk.put("emma/1.jpg", variant(portraits(6)[1], 7));
    bulk.options.prune = Prune::yes;
    bulk.options.mode = Mode::dry_run;
    CHECK(bulk.run().removed.size() == 3);
    bulk.options.mode = Mode::write;
    auto const run = bulk.run();
    REQUIRE(run.removed.size() == 3);
    CHECK(run.removed[0].path == (bulk.staff() / "bela/2.jpg").string());
    CHECK(run.removed[1].person_id == "cora");
    CHECK(run.removed[2].person_id == "emma");
    CHECK(run.summary.removed == 3);
    CHECK_FALSE(bulk.store.people().get("cora"));
    CHECK(bulk.store.people().get("gina"));
    CHECK(bulk.store.templates().of_person("emma").size() == 1);
    CHECK(bulk.crops().size() == 4);
}

TEST_CASE("pruning spares what could not be read this time", "[app]") {
    Bulk bulk;
    fill(bulk);
    bulk.run();
    bulk.put("cora/1.jpg", "half a co");
    bulk.options.prune = Prune::yes;
    auto const run = bulk.run();
    CHECK(run.removed.empty());
    CHECK(run.summary.not_pruned.empty());
    CHECK(bulk.store.people().get("cora"));
}

TEST_CASE("pruning refuses to judge by a source that is empty or incomplete", "[app]") {
    Bulk bulk;
    fill(bulk);
    bulk.run();
    bulk.options.prune = Prune::yes;
    auto input = scan_directory(bulk.staff());
    input.items.resize(1);
    input.is_complete = false;
    CHECK_THAT(bulk.run(input).summary.not_pruned, Catch::Contains("could not be read"));
    input.items.clear();
    input.is_complete = true;
    CHECK_THAT(bulk.run(input).summary.not_pruned, Catch::Contains("mounted"));
    bulk.stop_after = 1;
    bulk.workspace.jobs = 1;
    bulk.put("anna/0.jpg", "bad");
    bulk.options.max_errors = 1;
    CHECK_THAT(bulk.run().summary.not_pruned, Catch::Contains("stopped early"));
    CHECK(bulk.store.people().count() == 4);
}
