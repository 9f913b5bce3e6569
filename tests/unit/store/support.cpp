#include "tests/unit/store/support.hpp"

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <stdexcept>

#include <fmt/format.h>

#include "lib/store/sealed_vfs.hpp"

namespace bioctl::test {

store::Store writer(fs::path const& file, std::chrono::milliseconds busy_timeout) {
    return store::Store::open(file, {.access = store::Access::read_write, .busy_timeout = busy_timeout});
}

store::Store reader(fs::path const& file) {
    return store::Store::open(file, {.access = store::Access::read_only});
}

Timestamp at(std::int64_t ms) {
    return from_ms(ms);
}

std::vector<float> vector_of(int seed) {
    std::vector<float> vector(128);
    for (std::size_t i = 0; i < vector.size(); ++i) {
        vector[i] = static_cast<float>(seed) + static_cast<float>(i) / 128.0F;
    }
    return vector;
}

store::Template sample(std::string person_id, int photo, int face_index) {
    store::Template t;
    t.person_id = std::move(person_id);
    t.contract = k_contract;
    t.vector = vector_of(photo);
    t.quality = 0.5F;
    t.face_index = face_index;
    t.created_at = at(1'700'000'000'123);
    if (photo < 0) return t;
    t.photo = sha256(std::as_bytes(std::span{&photo, 1}));
    t.source = fmt::format("photos/{}.jpg", photo);
    return t;
}

store::TemplateId enrol(store::Store& store, std::string const& person_id, int photo) {
    store::TemplateId id = 0;
    store.write([&] {
        store.people().upsert(person_id, "", at(1));
        id = store.templates().add(sample(person_id, photo)).value();
    });
    return id;
}

Error error_of(std::function<void()> const& work) {
    try {
        work();
    } catch (Error const& error) {
        return error;
    }
    FAIL("no error was thrown");
    throw std::logic_error{"not reached"};
}

std::vector<std::string> sql(fs::path const& file, std::string const& statements) {
    sqlite3* database = nullptr;
    auto const* const layer = store::vfs_name(store::vault_of_store(file));
    REQUIRE(sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, layer) == SQLITE_OK);
    std::vector<std::string> rows;
    auto const collect = [](void* to, int, char** columns, char**) {
        static_cast<std::vector<std::string>*>(to)->emplace_back(columns[0] != nullptr ? columns[0] : "");
        return 0;
    };
    INFO(sqlite3_errmsg(database));
    int const result = sqlite3_exec(database, statements.c_str(), collect, &rows, nullptr);
    sqlite3_close(database);
    REQUIRE(result == SQLITE_OK);
    return rows;
}

int in_child(std::function<int()> const& work) {
    auto const child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        int status = 99;
        try {
            status = work();
        } catch (...) {  // the status tells
        }
        ::_exit(status);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFSIGNALED(status) ? 100 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace bioctl::test
