// The power goes at any moment of the store's work: what was acknowledged is there afterwards, of everything else all or nothing.

#include <sqlite3.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "lib/base/vault.hpp"
#include "lib/store/audit.hpp"
#include "lib/store/people.hpp"
#include "lib/store/templates.hpp"
#include "tests/support/cut_vfs.hpp"
#include "tests/unit/store/device_support.hpp"

using namespace bioctl;
using namespace bioctl::test;

namespace {

constexpr int k_rounds = 5;
constexpr std::int64_t k_cuts = 200;

store::Target api_target() {
    store::Target target;
    target.name = "api";
    target.url = "https://example.org/api";
    return target;
}

/// Everything that is written to a store, in transactions; `done` is called behind each. Every round makes three people of which
/// one is left, and one event, with its delivery.
class Work {
public:
    Work(fs::path file, std::function<void()> done) : m_file(std::move(file)), m_done(std::move(done)) {}

    void run() {
        {
            auto store = writer(m_file);
            m_done();
            m_store = &store;
            write([&] { m_gate = m_store->devices().add(device_config("gate"), at(1)); });
            write([&] { m_store->outbox().add_target(api_target(), at(1)); });
            for (int round = 0; round < k_rounds; ++round)
                run_round(round);
        }  // the log is written back and deleted
        auto store = writer(m_file);
        m_store = &store;
        run_round(k_rounds);
    }

private:
    void write(std::function<void()> const& work) {
        m_store->write(work);
        m_done();
    }

    void run_round(int round) {
        auto people = m_store->people();
        auto templates = m_store->templates();
        std::string const stays = fmt::format("anna{}", round), doomed = fmt::format("bela{}", round),
                          joins = fmt::format("cora{}", round);
        int photo = 10 * round;
        for (auto const& id : {stays, doomed, joins}) {
            write([&] {
                people.upsert(id, "", at(1));
                for (int i = 0; i < 3; ++i)
                    templates.add(sample(id, photo++));
                m_store->audit().append({.at = at(1), .who = "local:test", .action = "people.add", .detail = "{}"});
            });
        }
        write([&] { people.set_name(stays, "Anna", at(2)); });
        write([&] { people.set_id(joins, joins + "x", at(2)); });
        write([&] { people.merge(joins + "x", stays, at(3)); });
        write([&] { people.remove(doomed); });
        if (round % 2 == 1) m_store->checkpoint();
        std::int64_t event = 0;
        write([&] {
            int epoch = 1;
            event = m_store->events().add(m_gate, event_row(round + 1, 100 + round), epoch, round, at(99'000 + round), at(5)).id;
            m_store->outbox().queue_event(event, at(5));
        });
        auto const delivery = m_store->outbox().of_event(event).at(0).id;
        write([&] { m_store->outbox().set_trying(delivery, at(6)); });
        write([&] {
            store::Attempt attempt;
            attempt.state = "sent";
            m_store->outbox().record(delivery, attempt, at(7));
        });
    }

    fs::path m_file;
    std::function<void()> m_done;
    store::Store* m_store = nullptr;
    std::int64_t m_gate = 0;
};

/// Where a store is made: as usual, or sealed from its first page on.
enum class Form { clear, sealed };

void prepare(fs::path const& folder, Form form) {
    static TempDir const keys;
    if (form == Form::sealed) Vault::create(folder, keys / "store.key");
}

/// All that the file holds, but for the random stamps.
std::string dump(fs::path const& file) {
    std::string all;
    for (auto const& table : sql(file, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")) {
        auto const columns = sql(file, fmt::format("SELECT group_concat('quote(\"' || name || '\")', '||''|''||') FROM "
                                                   "pragma_table_info('{}') WHERE name <> 'stamp'",
                                                   table));
        all += fmt::format("{}:\n", table);
        for (auto const& row : sql(file, fmt::format("SELECT {} AS row FROM \"{}\" ORDER BY row", columns.at(0), table)))
            all += row + "\n";
    }
    return to_hex(sha256(as_bytes(all)));
}

struct Cut {
    std::size_t acknowledged = 0;
    bool is_cut = false;
    std::int64_t lost = 0;
};

Cut run_until_cut(fs::path const& file, std::int64_t cut_at, std::uint32_t seed) {
    Cut cut;
    CutVfs const disk{cut_at, seed};
    try {
        Work{file, [&] { ++cut.acknowledged; }}.run();
    } catch (Error const&) {
        CHECK(disk.is_cut());
    }
    cut.is_cut = disk.is_cut();
    cut.lost = disk.lost();
    return cut;
}

/// What the store holds behind each acknowledged write, and how many operations of the disk that takes.
struct Reference {
    std::vector<std::string> states;
    std::int64_t operations = 0;
};

Reference reference(Form form) {
    Reference reference;
    TempDir dir;
    prepare(dir.path(), form);
    {
        CutVfs const disk{0, 1};
        Work{dir / "bioctl.db", [] {}}.run();
        reference.operations = disk.operations();
    }
    TempDir again;
    prepare(again.path(), form);
    auto const file = again / "bioctl.db";
    // In a process of its own the dump could not disturb: to close a file drops the locks on it. Nobody else uses this store.
    Work{file, [&] { reference.states.push_back(dump(file)); }}.run();
    return reference;
}

void cut_everywhere(Form form) {
    auto const expected = reference(form);
    REQUIRE(expected.states.size() > 60);
    REQUIRE(std::set<std::string>(expected.states.begin(), expected.states.end()).size() == expected.states.size());
    REQUIRE(expected.operations > k_cuts);
    std::int64_t lost = 0;
    std::set<std::size_t> moments;
    for (std::int64_t i = 0; i < k_cuts; ++i) {
        auto const cut_at = 1 + i * (expected.operations - 1) / k_cuts;
        CAPTURE(cut_at, i);
        TempDir dir;
        prepare(dir.path(), form);
        auto const file = dir / "bioctl.db";
        auto const cut = run_until_cut(file, cut_at, static_cast<std::uint32_t>(i));
        REQUIRE(cut.is_cut);
        lost += cut.lost;
        moments.insert(cut.acknowledged);
        {
            auto store = writer(file);
            REQUIRE(store.integrity() == "ok");
        }
        auto const state = dump(file);
        // The change that was under way may be there, too: the power went between its last sync and our hearing of it.
        bool const is_next = cut.acknowledged < expected.states.size() && state == expected.states[cut.acknowledged];
        bool const is_last = cut.acknowledged > 0 && state == expected.states[cut.acknowledged - 1];
        CHECK((is_last || is_next));
    }
    WARN(k_cuts << " cuts of " << expected.operations << " operations, at " << moments.size() << " moments; " << lost
                << " unsynced operations were lost");
    CHECK(moments.size() > 30);
    CHECK(lost > k_cuts);
}

}  // namespace

TEST_CASE("the power may go at any write: what was acknowledged stays, nothing is there by half", "[store]") {
    cut_everywhere(Form::clear);
}

TEST_CASE("of a sealed store, too: a torn page opens to nothing, and is in the log or the journal still", "[store][seal]") {
    cut_everywhere(Form::sealed);
}

namespace {

/// Rows that were acknowledged and are gone after a cut, in a plain database with this setting.
int rows_lost(char const* synchronous, std::uint32_t seed) {
    TempDir dir;
    auto const file = dir / "plain.db";
    int acknowledged = 0;
    {
        CutVfs const disk{400, seed};
        sqlite3* database = nullptr;
        REQUIRE(sqlite3_open(file.c_str(), &database) == SQLITE_OK);
        auto const run = [&](std::string const& text) {
            return sqlite3_exec(database, text.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
        };
        run(fmt::format("PRAGMA journal_mode = WAL; PRAGMA synchronous = {}; CREATE TABLE t (n INTEGER)", synchronous));
        while (!disk.is_cut() && run("INSERT INTO t VALUES (1)"))
            ++acknowledged;
        sqlite3_close(database);
    }
    bool const has_table = sql(file, "SELECT count(*) FROM sqlite_schema").at(0) != "0";
    return acknowledged - (has_table ? std::stoi(sql(file, "SELECT count(*) FROM t").at(0)) : 0);
}

}  // namespace

TEST_CASE("the disk of the test before does lose what is not synced", "[store]") {
    int lost = 0;
    for (std::uint32_t seed = 1; seed <= 5; ++seed) {
        lost += std::max(0, rows_lost("NORMAL", seed));
        CHECK(rows_lost("FULL", seed) <= 0);
    }
    CHECK(lost > 0);
}
