// What the verbs about terminals, events and deliveries share.

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "cmd/device_verbs.hpp"
#include "lib/base/file.hpp"
#include "lib/base/text.hpp"
#include "lib/store/outbox.hpp"
#include "lib/store/routers.hpp"

namespace bioctl::cmd {

namespace {

constexpr std::uint64_t k_longest_secret = 4096;

}  // namespace

void require_private(std::string const& file, std::string_view what) {
    struct stat info {};
    if (::stat(file.c_str(), &info) != 0 || !S_ISREG(info.st_mode))
        return;  // reading it says what is wrong; a pipe is nobody else's
    if ((info.st_mode & (S_IRWXG | S_IRWXO)) == 0) return;
    throw Error{Kind::permission,
                fmt::format("{}: others can read this {}; run `chmod 600 {}` first", printable(file), what, printable(file))};
}

namespace {

bool has_secrets(Context& cx) {
    if (!cx.has_store()) return false;
    auto store = cx.open_store(store::Access::read_only);
    bool has_one = false;
    store.read([&] {
        has_one =
            !store.devices().list().empty() || !store.routers().list().empty() ||
            std::ranges::any_of(store.outbox().targets(), [](auto const& t) { return !t.bearer.empty() || !t.hmac_key.empty(); });
    });
    return has_one;
}

}  // namespace

store::Store open_device_store(Context& cx, store::Access access) {
    if (!cx.has_store()) throw Error{Kind::no_input, "there are no devices yet; `bioctl devices add` adds one"};
    return cx.open_store(access);
}

store::Store open_target_store(Context& cx, store::Access access) {
    if (!cx.has_store()) throw Error{Kind::no_input, "there are no targets yet; `bioctl targets add` adds one"};
    return cx.open_store(access);
}

SealKey seal_key(Context& cx) {
    auto const file = cx.data_dir() / "secret.key";
    std::error_code error;
    if (!fs::exists(file, error) && has_secrets(cx)) {
        cx.talk.warn(
            fmt::format("{} is missing, so what was sealed with it is lost: bring it back, or set all passwords and tokens "
                        "anew; a new one is made now",
                        printable(file.string())));
    }
    return SealKey::load_or_create(file);
}

std::string read_secret(std::string const& file, std::string_view what) {
    bool const is_stdin = file == "-";
    if (!is_stdin) require_private(file, what);
    auto const bytes =
        is_stdin ? read_descriptor(STDIN_FILENO, "standard input", k_longest_secret) : read_file(file, k_longest_secret);
    if (!bytes) throw bytes.error();
    std::string secret{as_text(*bytes)};
    if (secret.ends_with('\n')) secret.pop_back();
    if (secret.ends_with('\r')) secret.pop_back();
    auto const source = is_stdin ? std::string{"standard input"} : printable(file);
    if (secret.empty()) throw Error{Kind::data, fmt::format("{}: the {} is empty", source, what)};
    if (secret.find_first_of("\r\n") != std::string::npos || secret.find('\0') != std::string::npos)
        throw Error{Kind::data, fmt::format("{}: a {} is one line", source, what)};
    return secret;
}

namespace {

std::string holder_of(fs::path const& lock) {
    auto const holder = FileLock::holder(lock);
    return holder > 0 ? fmt::format("process {}", holder) : std::string{"another process"};
}

}  // namespace

FileLock lock_out_others(Context const& cx, std::string_view verb, std::string_view doing) {
    auto const file = cx.data_dir() / fmt::format("{}.lock", verb);
    try {
        if (auto lock = FileLock::try_acquire(file)) return *std::move(lock);
    } catch (Error const& error) {
        if (error.kind() != Kind::permission) throw;
        throw Error{Kind::permission,
                    fmt::format("{}; run as its owner, or set BIOCTL_DATA_DIR to a folder of your own", error.message())};
    }
    throw Error{Kind::busy, fmt::format("{} is {} already; wait for it, or stop it", holder_of(file), doing)};
}

FileLock lock_out_syncs(Context const& cx) {
    return lock_out_others(cx, "sync-hikvision", "syncing");
}

std::optional<FileLock> delivery_turn(Context const& cx, std::chrono::milliseconds patience) {
    constexpr std::chrono::milliseconds k_step{20};
    auto const file = cx.data_dir() / "deliveries.lock";
    auto const end = std::chrono::steady_clock::now() + patience;
    for (;;) {
        if (auto lock = FileLock::try_acquire(file)) return lock;
        if (stop_signal.load() != 0 || std::chrono::steady_clock::now() >= end) break;
        pause_until_stopped(k_step);
    }
    if (patience.count() > 0) cx.talk.note(fmt::format("{} is delivering already; the rest is left to it", holder_of(file)));
    return std::nullopt;
}

ui::Value time_value(Timestamp time) {
    return time == Timestamp{} ? ui::Value{} : ui::Value{to_rfc3339(time)};
}

ui::Value text_or_null(std::string const& text) {
    return text.empty() ? ui::Value{} : ui::Value{text};
}

void pause_until_stopped(std::chrono::milliseconds time) {
    constexpr std::chrono::milliseconds k_step{50};
    auto const end = std::chrono::steady_clock::now() + time;
    while (stop_signal.load() == 0) {
        auto const left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        if (left.count() <= 0) return;
        std::this_thread::sleep_for(std::min(left, k_step));
    }
}

SyncWorkspace::SyncWorkspace(Context& cx)
    : m_key(seal_key(cx)),
      m_writer(cx.open_store(store::Access::read_write)),
      m_setup{.writer = m_writer,
              .key = m_key,
              .clock = cx.clock,
              .media_dir = cx.media_dir(),
              .locks_dir = cx.data_dir() / "locks",
              .should_stop = [] { return stop_signal.load() != 0; },
              .pause = pause_until_stopped} {}

}  // namespace bioctl::cmd
