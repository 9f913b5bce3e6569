#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <csignal>
#include <fstream>
#include <thread>

#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "lib/notify/command.hpp"
#include "lib/notify/notification.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bioctl;
using namespace bioctl::notify;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

struct Script {
    test::TempDir dir;
    std::string path = (dir / "page").string();

    explicit Script(std::string const& body) {
        test::write_text(path, "#!/bin/sh\ncd " + dir.path().string() + "\n" + body + "\n");
        ::chmod(path.c_str(), 0755);
    }
    [[nodiscard]] std::string text(std::string_view name) const { return test::read_text(dir / name); }
};

Parcel parcel() {
    Notification const notification{.type = "error", .cause = "ont:12", .title = "ONT 12 is down"};
    return {.rendered = {.content_type = "application/json", .body = to_json(notification), .form = {}}, .idempotency_key = "k"};
}

Reply run(std::string const& program, std::string const& query = "", std::chrono::seconds timeout = 10s) {
    auto const url = "exec:" + program + query;
    return make_channel({.format = Format::command, .url = url, .timeout = timeout}, {})->send(parcel());
}

}  // namespace

TEST_CASE("a program gets the message on stdin, its arguments as given, and little else", "[notify]") {
    ::setenv("BIOCTL_TEST_LEAK", "leaked", 1);
    int const open_file = ::open("/dev/null", O_RDONLY);  // not closed on exec
    Script const script{
        "cat >body; env >environment; ls -l /proc/self/fd | wc -l >files; for a in \"$@\"; do echo \"<$a>\"; done >arguments\n"
        "pwd -P >/dev/null; echo ignored"};
    auto const reply = run(script.path, "?arg=--urgent&arg=two%20words&arg=%3B%20touch%20x&arg=$(touch%20x)&arg=*&arg=");
    ::close(open_file);
    CHECK(reply.reason.empty());
    CHECK(reply.verdict == Verdict::delivered);
    CHECK(script.text("body") == parcel().rendered.body);
    CHECK(script.text("arguments") == "<--urgent>\n<two words>\n<; touch x>\n<$(touch x)>\n<*>\n<>\n");
    CHECK_FALSE(test::fs::exists(script.dir / "x"));
    auto const environment = script.text("environment");
    CHECK_THAT(environment, Contains("BIOCTL_NOTIFICATION_TYPE=error\n") && Contains("BIOCTL_NOTIFICATION_CAUSE=ont:12\n"));
    CHECK_THAT(environment, !Contains("BIOCTL_TEST_LEAK"));
    CHECK(trim(script.text("files")) == "5");  // total, 0, 1, 2 and the folder that ls reads
}

TEST_CASE("the exit status says whether it was sent", "[notify]") {
    CHECK(run(Script{"exit 0"}.path).verdict == Verdict::delivered);
    CHECK(run(Script{"exit 75"}.path).verdict == Verdict::later);
    Script const failing{"echo 'modem is off' >&2; exit 3"};
    auto const reply = run(failing.path);
    CHECK(reply.verdict == Verdict::doubtful);
    CHECK(reply.body == "modem is off\n");
    CHECK_THAT(reply.reason, Contains("ended with 3"));
    CHECK_THAT(run(Script{"kill -9 $$"}.path).reason, Contains("signal 9"));
}

TEST_CASE("a program that is not there, or is none, may come", "[notify]") {
    auto const gone = run("/nonexistent/page");
    CHECK(gone.verdict == Verdict::doubtful);
    CHECK_THAT(gone.reason, Contains("/nonexistent/page"));
    Script const script{""};
    ::chmod(script.path.c_str(), 0644);
    CHECK(run(script.path).verdict == Verdict::doubtful);
}

TEST_CASE("a program that hangs is stopped with what it has started, even if it will not listen", "[notify]") {
    for (auto const* body :
         {"sleep 60 & echo $! >child; wait", "trap '' TERM; sleep 60 & echo $! >child; while :; do sleep 1; done"}) {
        INFO(body);
        Script const script{body};
        auto const began = std::chrono::steady_clock::now();
        auto const reply = run(script.path, "", 1s);
        CHECK(std::chrono::steady_clock::now() - began < 8s);
        CHECK(reply.verdict == Verdict::doubtful);
        CHECK_THAT(reply.reason, Contains("stopped after 1 s"));
        auto const child = std::stoi(script.text("child"));
        bool is_alive = true;
        for (int tries = 0; is_alive && tries < 100; ++tries) {
            std::ifstream status{fmt::format("/proc/{}/stat", child)};
            std::string words;
            std::getline(status, words);
            is_alive = !words.empty() && words.find(") Z") == std::string::npos;
            if (is_alive) std::this_thread::sleep_for(20ms);
        }
        CHECK_FALSE(is_alive);
    }
}

TEST_CASE("a program that floods stderr is read to the end, and its start is kept", "[notify]") {
    Script const script{"yes $(printf '\\366') | head -c 3000000 >&2; exit 1"};
    auto const reply = run(script.path);
    CHECK(reply.verdict == Verdict::doubtful);
    CHECK_THAT(reply.reason, Contains("ended with 1"));
    CHECK(reply.body.size() > 4000);
    CHECK(reply.body.size() <= 4096);
}

TEST_CASE("a program that reads nothing, or leaves something behind with stderr open, does not hold anybody up", "[notify]") {
    auto const began = std::chrono::steady_clock::now();
    Script const script{"exec 0<&-; sleep 5 & exit 0"};
    CHECK(run(script.path).verdict == Verdict::delivered);
    CHECK(std::chrono::steady_clock::now() - began < 4s);
}

TEST_CASE("no zombie is left", "[notify]") {
    run(Script{"exit 1"}.path);
    run("/nonexistent/page");
    CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
    CHECK(errno == ECHILD);
}

TEST_CASE("an address of a program is an absolute path and arguments", "[notify]") {
    for (auto const* url : {"exec:page", "exec:", "exec:./page", "exec:/usr/bin/", "/usr/bin/page", "exec:/a?args=1",
                            "exec:/a?arg=%00", "exec:/a?arg=%zz", "exec:/a%0a", "exec:/a?arg"}) {
        INFO(url);
        auto const command = parse_command(url);
        REQUIRE_FALSE(command);
        CHECK(command.error().kind() == Kind::usage);
    }
    auto const command = parse_command("exec:/opt/my%20page?arg=a+b&arg=%25").or_throw();
    CHECK(command.program == "/opt/my page");
    CHECK(command.arguments == std::vector<std::string>{"a+b", "%"});
    CHECK_FALSE(check_channel({.format = Format::command, .url = "exec:/a", .secret = "x"}));
    CHECK_FALSE(check_channel({.format = Format::command, .url = "exec:/a", .hmac_key = "x"}));
}
