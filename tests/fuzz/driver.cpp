// Stands in for libFuzzer where there is no clang, with the same options: replays files, then makes mutations of them. It does
// not see which code runs, so it finds less; but it needs nothing, ends on time, and makes the same inputs for the same seed.
//
//   fuzz_x [-runs=N] [-max_total_time=SECONDS] [-seed=N] [-max_len=BYTES] [-timeout=SECONDS] FILE|FOLDER...
//
// Only files: replays them. With a folder: also makes N mutations of what is in it (0: without end), or as many as the time
// allows. What was being read when the process dies is left in crash-<target>-<seed>-<number>.

#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/mutator.hpp"

#if defined(__SANITIZE_ADDRESS__)
extern "C" void __sanitizer_set_death_callback(void (*callback)());
#endif

namespace {

namespace fs = std::filesystem;
using bioctl::fuzz::Mutator;
using std::chrono::steady_clock;

struct Options {
    std::uint64_t runs = 0;  ///< 0 = without end
    std::uint64_t max_total_time = 0;
    std::uint64_t seed = 1;
    std::uint64_t max_len = 64 * 1024;
    std::uint64_t timeout = 20;
    std::vector<fs::path> paths{};
};

/// What a signal handler may touch.
struct Current {
    std::uint8_t const* data = nullptr;
    std::size_t size = 0;
    char file[256] = {};
};
Current current;

void say(char const* text) {
    static_cast<void>(!::write(STDERR_FILENO, text, std::strlen(text)));
}

void leave_input_behind() {
    if (current.file[0] == '\0') return;
    int const fd = ::open(&current.file[0], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    bool const is_written = fd >= 0 && ::write(fd, current.data, current.size) == static_cast<ssize_t>(current.size);
    say(is_written ? "the input is in " : "the input could not be written to ");
    say(&current.file[0]);
    say("\n");
    current.file[0] = '\0';
}

void on_signal(int signal) {
    if (signal == SIGALRM) say("this input takes too long\n");
    leave_input_behind();
    std::signal(signal, SIG_DFL);
    static_cast<void>(std::raise(signal));
}

void watch_for_death() {
    std::vector<int> signals{SIGABRT, SIGALRM};
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_set_death_callback(&leave_input_behind);
#else
    signals.insert(signals.end(), {SIGSEGV, SIGBUS, SIGFPE, SIGILL});
#endif
    // A stack that has run over is no place for a handler.
    static char stack[64 * 1024];
    stack_t const other{.ss_sp = &stack[0], .ss_flags = 0, .ss_size = sizeof stack};
    ::sigaltstack(&other, nullptr);
    struct sigaction action {};
    action.sa_handler = &on_signal;
    action.sa_flags = SA_ONSTACK;
    for (int const signal : signals)
        ::sigaction(signal, &action, nullptr);
}

std::optional<Options> parse(int argc, char** argv) {
    Options options;
    struct Number {
        std::string_view name;
        std::uint64_t* value;
    };
    Number const numbers[] = {{"-runs=", &options.runs},
                              {"-max_total_time=", &options.max_total_time},
                              {"-seed=", &options.seed},
                              {"-max_len=", &options.max_len},
                              {"-timeout=", &options.timeout}};
    for (int i = 1; i < argc; ++i) {
        std::string_view const word = argv[i];
        if (!word.starts_with('-')) {
            options.paths.emplace_back(word);
            continue;
        }
        auto const* const known = std::ranges::find_if(numbers, [&](Number const& n) { return word.starts_with(n.name); });
        if (known == std::end(numbers)) return std::nullopt;
        auto const digits = word.substr(known->name.size());
        auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), *known->value);
        if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    }
    if (options.paths.empty()) return std::nullopt;
    return options;
}

std::string contents_of(fs::path const& file) {
    std::ifstream in{file, std::ios::binary};
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    if (!in) throw std::runtime_error(file.string() + " cannot be read");
    return text;
}

/// In the order of their names, so that a seed means the same on every machine.
std::vector<std::string> inputs_in(std::vector<fs::path> const& paths) {
    std::vector<fs::path> files;
    for (auto const& path : paths) {
        if (!fs::is_directory(path)) {
            files.push_back(path);
            continue;
        }
        std::vector<fs::path> inside{fs::directory_iterator{path}, {}};
        std::ranges::sort(inside);
        files.insert(files.end(), inside.begin(), inside.end());
    }
    std::vector<std::string> inputs;
    std::ranges::transform(files, std::back_inserter(inputs), &contents_of);
    return inputs;
}

/// Nothing gets out: an exception of a target is a finding.
void call_target(std::uint8_t const* data, std::size_t size) noexcept {
    static_cast<void>(LLVMFuzzerTestOneInput(data, size));
}

class Runner {
public:
    Runner(std::string target, Options const& options) : m_target(std::move(target)), m_options(options) {}

    void run(std::string_view input) {
        auto const name = fmt::format("crash-{}-{}-{}", m_target, m_options.seed, m_done++);
        // Memory of exactly this size: what reads beyond it is seen.
        auto const copy = std::make_unique<std::uint8_t[]>(input.size());
        std::ranges::copy(input, copy.get());
        current.data = copy.get();
        current.size = input.size();
        name.copy(&current.file[0], sizeof current.file - 1);
        ::alarm(static_cast<unsigned>(m_options.timeout));
        call_target(copy.get(), input.size());
        ::alarm(0);
        current = {};
    }

    [[nodiscard]] std::uint64_t done() const { return m_done; }

private:
    std::string m_target;
    Options const& m_options;
    std::uint64_t m_done = 0;
};

int fuzz(std::string const& target, Options const& options) {
    auto const began = steady_clock::now();
    auto const passed = [&] { return steady_clock::now() - began; };
    auto const inputs = inputs_in(options.paths);
    if (inputs.empty()) throw std::runtime_error("there is no seed to begin with");
    Runner runner{target, options};
    for (auto const& input : inputs)
        runner.run(input);

    bool const has_folder = std::ranges::any_of(options.paths, [](fs::path const& path) { return fs::is_directory(path); });
    auto const is_time_up = [&] {
        return options.max_total_time > 0 && passed() >= std::chrono::seconds{options.max_total_time};
    };
    Mutator mutator{inputs, options.max_len};
    for (std::uint64_t i = 0; has_folder && (options.runs == 0 || i < options.runs) && !is_time_up(); ++i)
        runner.run(mutator.make(options.seed, i));
    fmt::print(stderr, "{}: {} seeds, {} mutations, {:.1f} s\n", target, inputs.size(), runner.done() - inputs.size(),
               std::chrono::duration<double>(passed()).count());
    return 0;
}

}  // namespace

int main(int argc, char** argv) try {
    auto const options = parse(argc, argv);
    if (!options) {
        fmt::print(stderr,
                   "usage: {} [-runs=N] [-max_total_time=SECONDS] [-seed=N] [-max_len=BYTES] [-timeout=SECONDS] "
                   "FILE|FOLDER...\n",
                   argv[0]);
        return 64;
    }
    watch_for_death();
    return fuzz(fs::path{argv[0]}.filename().string(), *options);
} catch (std::exception const& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 66;
}
