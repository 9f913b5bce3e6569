#include <cerrno>
#include <sstream>
#include <streambuf>

#include <catch2/catch.hpp>

#include "cmd/ui/output.hpp"
#include "tests/support/expect_error.hpp"

namespace bioctl::ui {

namespace {

/// A stream whose reader is gone, or whose disk is full.
class FailingBuffer : public std::streambuf {
public:
    explicit FailingBuffer(int cause) : m_cause(cause) {}

protected:
    std::streamsize xsputn(char const* /*text*/, std::streamsize /*count*/) override {
        errno = m_cause;
        return 0;
    }

private:
    int m_cause;
};

std::string rendered(Rendering rendering, std::function<void(Output&)> const& work) {
    std::ostringstream stream;
    Output out{stream, rendering};
    work(out);
    out.flush();
    return stream.str();
}

}  // namespace

TEST_CASE("a reader that is gone is told apart from a full disk", "[cmd]") {
    FailingBuffer gone{EPIPE};
    std::ostream to_gone{&gone};
    Output out{to_gone, Rendering::tabs};
    out.text("x");
    CHECK_THROWS_AS(out.flush(), BrokenPipe);

    FailingBuffer full{ENOSPC};
    std::ostream to_full{&full};
    Output other{to_full, Rendering::tabs};
    other.text("x");
    auto const error = test::error_of([&] { other.flush(); });
    CHECK(error.kind() == Kind::io);
    CHECK_THAT(error.message(), Catch::StartsWith("standard output: "));
}

TEST_CASE("what was answered before a failure still reaches the reader", "[cmd]") {
    std::ostringstream stream;
    try {
        Output out{stream, Rendering::tabs};
        out.record("t", {{"a", 1}});
        throw Error{Kind::data, "later"};
    } catch (Error const&) {
        CHECK(stream.str() == "1\n");
    }
}

TEST_CASE("tabs and newlines within a field do not make columns and lines", "[cmd]") {
    auto const text = rendered(Rendering::tabs, [](Output& out) {
        out.columns({"a", "b"});
        out.record("t", {{"a", "x\ty\nz\\"}, {"b", "\x1b[31m"}});
    });
    CHECK(text == "x\\ty\\nz\\\\\t\\x1b[31m\n");
}

TEST_CASE("a column that a record has not is a hyphen, and a record without any is left out", "[cmd]") {
    auto const text = rendered(Rendering::tabs, [](Output& out) {
        out.columns({"id", "box.top", "none"});
        out.record("t", {{"id", "x"}, {"box", Fields{{"top", 7}}}, {"none", nullptr}, {"hidden", 1}});
        out.record("t", {{"id", "y"}});
        out.record("summary", {{"total", 2}});
    });
    CHECK(text == "x\t7\t-\ny\t-\t-\n");
}

TEST_CASE("an answer knows whether it is empty", "[cmd]") {
    for (auto const rendering : {Rendering::tabs, Rendering::table, Rendering::json}) {
        static_cast<void>(rendered(rendering, [](Output& out) {
            out.columns({"id"});
            CHECK(out.records() == 0);
            out.record("t", {{"id", "x"}});
            CHECK(out.records() == 1);
        }));
    }
}

TEST_CASE("records for JSON only are not in the text", "[cmd]") {
    auto const work = [](Output& out) { out.json_only("summary", {{"n", 1}}); };
    CHECK(rendered(Rendering::tabs, work).empty());
    CHECK(rendered(Rendering::table, work).empty());
    CHECK(rendered(Rendering::json, work) == "{\"type\":\"summary\",\"n\":1}\n");
}

TEST_CASE("a table is aligned by what the terminal shows, numbers to the right", "[cmd]") {
    auto const text = rendered(Rendering::table, [](Output& out) {
        out.columns({"name", "count", "note"});
        out.record("t", {{"name", "\xe7\xac\x91"}, {"count", 7}, {"note", "x"}});
        out.record("t", {{"name", "Bo"}, {"count", 1234567}, {"note", ""}});
    });
    CHECK(text == "NAME    COUNT  NOTE\n\xe7\xac\x91          7  x\nBo    1234567  \n");
}

TEST_CASE("rows beyond those held back come at once, and nothing is cut", "[cmd]") {
    std::ostringstream stream;
    Output out{stream, Rendering::table};
    out.columns({"a", "b"});
    for (int i = 0; i < 100; ++i)
        out.record("t", {{"a", "x"}, {"b", "y"}});
    out.record("t", {{"a", "much wider"}, {"b", "y"}});
    out.flush();
    CHECK_THAT(stream.str(), Catch::StartsWith("A  B\nx  y\n") && Catch::EndsWith("x  y\nmuch wider  y\n"));
}

TEST_CASE("other columns begin another table", "[cmd]") {
    auto const text = rendered(Rendering::table, [](Output& out) {
        out.columns({"a"});
        out.record("t", {{"a", "1"}});
        out.columns({"longer"});
        out.record("t", {{"longer", "2"}});
    });
    CHECK(text == "A\n1\nLONGER\n2\n");
}

TEST_CASE("the hook runs before anything is written", "[cmd]") {
    std::ostringstream stream;
    Output out{stream, Rendering::json};
    bool was_first = false;
    out.before_write([&] { was_first = stream.str().empty(); });
    out.record("t", {});
    out.flush();
    CHECK(was_first);
}

}  // namespace bioctl::ui
