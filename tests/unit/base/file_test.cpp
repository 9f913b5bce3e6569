#include "lib/base/file.hpp"

#include <array>
#include <csignal>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include "tests/support/temp_dir.hpp"

using namespace bioctl;
using bioctl::test::read_text;
using bioctl::test::TempDir;
using bioctl::test::write_text;

namespace {

constexpr std::uint64_t k_plenty = 1'000'000;

/// The kind of the Error that the call throws.
template <class Call>
Kind kind_thrown_by(Call call) {
    try {
        call();
    } catch (Error const& error) {
        return error.kind();
    }
    throw std::logic_error("nothing was thrown");
}

std::size_t entries_of(fs::path const& folder) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator{folder}, fs::directory_iterator{}));
}

/// A read end that gives `content` and then the end of the file.
class Pipe {
public:
    explicit Pipe(std::string content) {
        REQUIRE(::pipe(m_ends.data()) == 0);
        m_writer = std::thread{[fd = m_ends[1], text = std::move(content)] {
            std::size_t done = 0;
            while (done < text.size()) {
                auto const count = ::write(fd, text.data() + done, text.size() - done);
                if (count <= 0) break;
                done += static_cast<std::size_t>(count);
            }
            ::close(fd);
        }};
    }
    Pipe(Pipe const&) = delete;
    Pipe& operator=(Pipe const&) = delete;
    ~Pipe() {
        ::close(m_ends[0]);
        m_writer.join();
    }
    [[nodiscard]] int fd() const { return m_ends[0]; }

private:
    std::array<int, 2> m_ends{};
    std::thread m_writer;
};

/// Writing beyond `bytes` fails with EFBIG while the object lives: the nearest thing to a full disk that needs no root.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes) : m_old_handler(std::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &m_old);
        rlimit const limit{bytes, m_old.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    FileSizeLimit(FileSizeLimit const&) = delete;
    FileSizeLimit& operator=(FileSizeLimit const&) = delete;
    ~FileSizeLimit() {
        ::setrlimit(RLIMIT_FSIZE, &m_old);
        std::signal(SIGXFSZ, m_old_handler);
    }

private:
    rlimit m_old{};
    void (*m_old_handler)(int);
};

}  // namespace

TEST_CASE("only what has no name at all is absent", "[file]") {
    TempDir const dir;
    fs::create_symlink("loop", dir / "loop");
    write_text(dir / "file", "x");
    CHECK(is_absent(dir / "nothing"));
    CHECK(is_absent(dir / "file/below"));
    CHECK_FALSE(is_absent(dir / "loop"));
    CHECK_FALSE(is_absent(dir / "file"));
    CHECK(read_file(dir / "loop", k_plenty).error().kind() == Kind::io);
}

TEST_CASE("a file that is written anew keeps its mode, whatever the umask", "[file]") {
    TempDir const dir;
    write_text(dir / "file", "old");
    fs::permissions(dir / "file", fs::perms{0664});
    auto const umask = ::umask(0077);
    rewrite_file(dir / "file", as_bytes("new"), Durability::synced);
    ::umask(umask);
    CHECK(fs::status(dir / "file").permissions() == fs::perms{0664});
    CHECK(read_text(dir / "file") == "new");
    CHECK(kind_thrown_by([&] { rewrite_file(dir / "absent", as_bytes("new")); }) == Kind::cannot_create);
}

TEST_CASE("private folders are the owner's alone, and those that are there are left as they are", "[file]") {
    TempDir const dir;
    auto const mode_of = [](fs::path const& path) { return fs::status(path).permissions(); };
    fs::create_directory(dir / "shared");
    fs::permissions(dir / "shared", fs::perms{0755});
    make_private_folders(dir / "shared/a/b/");
    CHECK(mode_of(dir / "shared") == fs::perms{0755});
    CHECK(mode_of(dir / "shared/a") == fs::perms::owner_all);
    CHECK(mode_of(dir / "shared/a/b") == fs::perms::owner_all);
    make_private_folders(dir / "shared/a/b");
    make_private_folders("");

    write_text(dir / "file", "x");
    CHECK(kind_thrown_by([&] { make_private_folders(dir / "file"); }) == Kind::cannot_create);
    CHECK(kind_thrown_by([&] { make_private_folders(dir / "file/below"); }) == Kind::cannot_create);
}

TEST_CASE("reading what is not a readable file says why", "[base]") {
    TempDir const dir;
    CHECK(read_file(dir / "absent", k_plenty).error().kind() == Kind::no_input);
    CHECK(read_file(dir.path(), k_plenty).error().kind() == Kind::no_input);
    CHECK_THAT(read_file(dir.path(), k_plenty).error().message(), Catch::Contains("is a directory"));
    write_text(dir / "file", "x");
    CHECK(read_file(dir / "file/below", k_plenty).error().kind() == Kind::no_input);
    CHECK(kind_thrown_by([&] { MappedFile{dir / "absent"}; }) == Kind::no_input);
    CHECK(kind_thrown_by([&] { MappedFile{dir.path()}; }) == Kind::no_input);
}

TEST_CASE("messages show file names without their control characters", "[base]") {
    CHECK_THAT(read_file("no\nsuch\xFF", k_plenty).error().message(), Catch::StartsWith("no\\nsuch\\xff: "));
}

TEST_CASE("a file is read up to the cap and refused beyond it", "[base]") {
    TempDir const dir;
    write_text(dir / "file", "12345");
    CHECK(as_text(read_file(dir / "file", 5).or_throw()) == "12345");
    auto const refused = read_file(dir / "file", 4);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().kind() == Kind::data);
    CHECK_THAT(refused.error().message(), Catch::Contains("larger than 4 B"));
}

TEST_CASE("a pipe is read to its end and refused beyond the cap", "[base]") {
    std::string const text(200'000, 'x');
    {
        Pipe const pipe{text};
        CHECK(as_text(read_descriptor(pipe.fd(), "stdin", text.size()).or_throw()) == text);
    }
    std::signal(SIGPIPE, SIG_IGN);
    Pipe const pipe{text};
    CHECK(read_descriptor(pipe.fd(), "stdin", text.size() - 1).error().kind() == Kind::data);
}

TEST_CASE("empty files and files without a known size are read", "[base]") {
    TempDir const dir;
    write_text(dir / "empty", "");
    CHECK(read_file(dir / "empty", 0).or_throw().empty());
    CHECK_FALSE(read_file("/proc/self/status", k_plenty).or_throw().empty());  // says it has 0 bytes
}

TEST_CASE("a closed descriptor is an input error", "[base]") {
    CHECK(read_descriptor(-1, "stdin", k_plenty).error().kind() == Kind::io);
}

TEST_CASE("writing where nothing can be made is an output error", "[base]") {
    TempDir const dir;
    write_text(dir / "file", "x");
    CHECK(kind_thrown_by([&] { write_file(dir / "file/below", {}); }) == Kind::cannot_create);
    fs::create_directory(dir / "folder");
    CHECK(kind_thrown_by([&] { write_file(dir / "folder", as_bytes("x")); }) == Kind::cannot_create);
    CHECK(kind_thrown_by([&] { FileLock::try_acquire(dir / "folder"); }) == Kind::cannot_create);
    CHECK(entries_of(dir.path()) == 2);
}

TEST_CASE("a write that fails half-way leaves the old file and no litter", "[base]") {
    TempDir const dir;
    write_text(dir / "file", "old");
    {
        FileSizeLimit const limit{1000};
        CHECK_THROWS_WITH(write_file(dir / "file", Bytes(5000)), Catch::Contains("cannot write") && Catch::Contains("file"));
    }
    CHECK(read_text(dir / "file") == "old");
    CHECK(entries_of(dir.path()) == 1);
}

TEST_CASE("written files have the content, the mode and their folders", "[base]") {
    TempDir const dir;
    auto const old_mask = ::umask(0);
    write_file(dir / "a/b/file", as_bytes("fast"), Durability::fast, 0600);
    write_file(dir / "a/b/file", as_bytes("synced"), Durability::synced, 0640);
    ::umask(old_mask);
    CHECK(read_text(dir / "a/b/file") == "synced");
    CHECK((fs::status(dir / "a/b/file").permissions() & fs::perms::mask) == fs::perms{0640});
    CHECK(entries_of(dir / "a/b") == 1);
}

TEST_CASE("a file name of the greatest length can be written", "[base]") {
    TempDir const dir;
    auto const path = dir / std::string(255, 'n');
    write_file(path, as_bytes("x"));
    CHECK(read_text(path) == "x");
}

TEST_CASE("a left-over of a killed process with our id is no obstacle", "[base]") {
    TempDir const dir;
    auto const prefix = ".bioctl-" + std::to_string(::getpid()) + "-";
    for (int i = 0; i < 1000; ++i) {
        write_text(dir / (prefix + std::to_string(i) + ".tmp"), "");
    }
    write_file(dir / "file", as_bytes("x"));
    CHECK(read_text(dir / "file") == "x");
    CHECK(entries_of(dir.path()) == 1001);
}

TEST_CASE("readers see one of the contents while threads write", "[base]") {
    TempDir const dir;
    auto const path = dir / "file";
    std::vector<std::thread> writers;
    for (char letter : {'a', 'b', 'c', 'd'}) {
        writers.emplace_back([&path, content = std::string(10'000, letter)] {
            for (int i = 0; i < 50; ++i)
                write_file(path, as_bytes(content));
        });
    }
    for (auto& writer : writers)
        writer.join();
    auto const text = read_text(path);
    CHECK(text == std::string(10'000, text.at(0)));
    CHECK(entries_of(dir.path()) == 1);
}

TEST_CASE("a lock is held once, names its holder and is free afterwards", "[base]") {
    TempDir const dir;
    auto const path = dir / "sub/lock";
    CHECK(FileLock::holder(path) == 0);
    {
        auto lock = FileLock::try_acquire(path);
        REQUIRE(lock.has_value());
        CHECK(FileLock::holder(path) == ::getpid());
        CHECK_FALSE(FileLock::try_acquire(path).has_value());
        FileLock const moved = std::move(*lock);
        lock.reset();
        CHECK_FALSE(FileLock::try_acquire(path).has_value());
    }
    CHECK(FileLock::holder(path) == 0);
    CHECK(FileLock::try_acquire(path).has_value());
}

TEST_CASE("a lock ends with the process that held it, even killed", "[base]") {
    TempDir const dir;
    auto const path = dir / "lock";
    std::array<int, 2> ready{};
    REQUIRE(::pipe(ready.data()) == 0);
    auto const child = ::fork();
    if (child == 0) {
        auto const lock = FileLock::try_acquire(path);
        [[maybe_unused]] auto const told = ::write(ready[1], "x", 1);
        ::pause();
        ::_exit(0);
    }
    char mark = 0;
    REQUIRE(::read(ready[0], &mark, 1) == 1);
    CHECK_FALSE(FileLock::try_acquire(path).has_value());
    CHECK(FileLock::holder(path) == child);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    CHECK(FileLock::try_acquire(path).has_value());
    ::close(ready[0]);
    ::close(ready[1]);
}

TEST_CASE("a mapped file shows its bytes and keeps its address when moved", "[base]") {
    TempDir const dir;
    write_text(dir / "file", "content");
    write_text(dir / "empty", "");
    MappedFile map{dir / "file"};
    CHECK(as_text(map.bytes()) == "content");
    auto const* const address = map.bytes().data();
    MappedFile moved{std::move(map)};
    CHECK(moved.bytes().data() == address);
    CHECK(MappedFile{dir / "empty"}.bytes().empty());
    moved = MappedFile{dir / "empty"};
    CHECK(moved.bytes().empty());
}
