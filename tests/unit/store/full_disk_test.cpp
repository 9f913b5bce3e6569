#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include <catch2/catch.hpp>

#include <csignal>

#include <fmt/format.h>

#include "tests/unit/store/support.hpp"

using namespace bioctl;
using namespace bioctl::test;

namespace {

enum Status { k_good = 0, k_never_full, k_wrong_kind, k_lost, k_damaged, k_not_permitted };

// Enrols until there is no room, then checks that every enrolment which was acknowledged is there, and only those.
Status fill(fs::path const& file) {
    auto store = writer(file);
    for (std::size_t i = 0; i < 10'000; ++i) {
        try {
            enrol(store, fmt::format("p{}", i), 1);
        } catch (Error const& error) {
            if (error.kind() != Kind::io) return k_wrong_kind;
            if (i == 0 || store.people().count() != i) return k_lost;
            return store.integrity() == "ok" ? k_good : k_damaged;
        }
    }
    return k_never_full;
}

}  // namespace

TEST_CASE("a file that may not grow is an error, and what was acknowledged stays", "[store]") {
    TempDir dir;
    auto const file = dir / "bioctl.db";
    CHECK(in_child([&] {
              ::signal(SIGXFSZ, SIG_IGN);
              rlimit const limit{.rlim_cur = 1'000'000, .rlim_max = RLIM_INFINITY};
              return ::setrlimit(RLIMIT_FSIZE, &limit) == 0 ? fill(file) : k_not_permitted;
          }) == k_good);
    auto store = writer(file);
    CHECK(store.integrity() == "ok");
    CHECK(store.people().count() > 10);
    CHECK_NOTHROW(enrol(store, "late", 1));
}

TEST_CASE("a full disk is an error, and what was acknowledged stays", "[store]") {
    TempDir dir;
    int const status = in_child([&] {
        bool const is_mounted = ::unshare(CLONE_NEWNS) == 0 &&
                                ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                                ::mount("none", dir.path().c_str(), "tmpfs", 0, "size=2m") == 0;
        return is_mounted ? fill(dir / "bioctl.db") : k_not_permitted;
    });
    if (status == k_not_permitted) {
        WARN("skipped: only root may mount a small disk");
        return;
    }
    CHECK(status == k_good);
}

TEST_CASE("a read-only disk is named, and its store can be read", "[store]") {
    TempDir dir;
    auto const file = dir / "bioctl.db";
    {
        auto store = writer(file);
        enrol(store, "alice", 1);
    }
    int const status = in_child([&] {
        bool const is_mounted = ::unshare(CLONE_NEWNS) == 0 &&
                                ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                                ::mount(dir.path().c_str(), dir.path().c_str(), nullptr, MS_BIND, nullptr) == 0 &&
                                ::mount(nullptr, dir.path().c_str(), nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr) == 0;
        if (!is_mounted) return k_not_permitted;
        if (reader(file).people().count() != 1) return k_lost;
        try {
            writer(file);
            return k_never_full;
        } catch (Error const& error) {
            return error.kind() == Kind::cannot_create ? k_good : k_wrong_kind;
        }
    });
    if (status == k_not_permitted) {
        WARN("skipped: only root may mount a read-only disk");
        return;
    }
    CHECK(status == k_good);
}
