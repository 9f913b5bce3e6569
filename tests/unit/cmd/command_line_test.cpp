#include <catch2/catch.hpp>

#include "cmd/command_line.hpp"
#include "tests/support/expect_error.hpp"

namespace bioctl::cmd {

namespace {

using Words = std::vector<std::string>;

struct Options {
    int top = 5;
    bool dry_run = false;
    std::vector<std::string> photos;
};

void add(CLI::App& app, Options& o) {
    app.add_option("photo", o.photos, "Photos")->type_name("IMAGE");
    app.add_option("--top", o.top, "Most")->check(CLI::PositiveNumber);
    app.add_flag("-n,--dry-run", o.dry_run, "Nothing");
}

int run(Options const& /*options*/, Context& /*cx*/) {
    return 0;
}

std::vector<Verb> const& table() {
    static std::vector<Verb> const rows{
        verb("find", "Find", Group::face, add, run),
        noun("people", "People", Group::people,
             {verb("list", "List", Group::people, add, run), verb("remove", "Remove", Group::people, add, run),
              noun("tags", "Tags", Group::people, {verb("list", "List", Group::people, add, run)})})};
    return rows;
}

Error find_error(Words const& words) {
    return test::error_of([&] { static_cast<void>(find_call(words, table())); });
}

Error parse_error(Words const& words) {
    return test::error_of([&] {
        auto const call = find_call(words, table());
        VerbApp app;
        auto const body = call.verb->wire(app);
        static_cast<void>(parse(app, call));
    });
}

}  // namespace

TEST_CASE("an option that is not global cannot stand before the verb", "[cmd]") {
    auto const error = find_error({"--top", "3", "find"});
    CHECK(error.kind() == Kind::usage);
    CHECK_THAT(error.message(), Catch::Contains("'--top' before the verb"));
}

TEST_CASE("a child that a noun has not is refused with the nearest", "[cmd]") {
    CHECK(find_error({"people", "remov"}).message() ==
          "unknown verb 'people remov'; did you mean 'people remove'? `bioctl help people` lists all");
    CHECK(find_error({"people", "xyzzy"}).message() == "unknown verb 'people xyzzy'; `bioctl help people` lists all");
}

TEST_CASE("a grandchild is found by three words, with global options between them, and refused by all of its name", "[cmd]") {
    auto const call = find_call(Words{"people", "--json", "tags", "-q", "list", "--top", "3"}, table());
    CHECK(call.name() == "people tags list");
    CHECK(call.arguments == Words{"--json", "-q", "--top", "3"});
    auto const noun = find_call(Words{"people", "tags", "--help"}, table());
    CHECK(noun.verb == nullptr);
    CHECK(noun.name() == "people tags");
    CHECK(find_error({"people", "tags", "lits"}).message() ==
          "unknown verb 'people tags lits'; did you mean 'people tags list'? `bioctl help people tags` lists all");
}

TEST_CASE("mistakes of usage name verb and next step", "[cmd]") {
    for (auto const& words : {Words{"find", "--top", "none"}, Words{"find", "--top", "0"}, Words{"find", "--top"},
                              Words{"find", "--tops", "3"}, Words{"find", "--color", "green"}}) {
        auto const error = parse_error(words);
        CHECK(error.kind() == Kind::usage);
        CHECK_THAT(error.message(), Catch::StartsWith("find: ") && Catch::EndsWith("see `bioctl help find`"));
    }
    CHECK(parse_error({"find", "--top"}).message() == "find: --top wants a value; see `bioctl help find`");
    CHECK_THAT(parse_error({"find", "--dryrun"}).message(), Catch::Contains("did you mean '--dry-run'?"));
    CHECK_THAT(parse_error({"people", "list", "--dryrun"}).message(), Catch::StartsWith("people list: "));
}

TEST_CASE("nothing named is no verb and no mistake", "[cmd]") {
    auto const call = find_call(Words{"--json", "--color", "never"}, table());
    CHECK(call.verb == nullptr);
    CHECK(call.noun == nullptr);
    CHECK(call.unknown.empty());
    CHECK(call.arguments == Words{"--json", "--color", "never"});
}

TEST_CASE("a first word that is no verb is handed on with all arguments", "[cmd]") {
    auto const call = find_call(Words{"-q", "foo", "--top", "x"}, table());
    CHECK(call.unknown == "foo");
    CHECK(call.arguments == Words{"-q", "--top", "x"});
}

TEST_CASE("global options and their values may stand anywhere", "[cmd]") {
    for (auto const& words : {Words{"--color", "never", "people", "list"}, Words{"people", "--color", "never", "list"},
                              Words{"people", "list", "--color", "never"}, Words{"--color=never", "people", "list"}}) {
        auto const call = find_call(words, table());
        CHECK(call.name() == "people list");
        VerbApp app;
        auto const body = call.verb->wire(app);
        CHECK(parse(app, call) == Wish::run);
        CHECK(app.globals.colour == "never");
    }
}

TEST_CASE("a verb as the value of a global option is not the verb", "[cmd]") {
    auto const call = find_call(Words{"--config", "find", "people", "list"}, table());
    CHECK(call.name() == "people list");
}

TEST_CASE("words behind the verb are its own, also those that are verbs", "[cmd]") {
    auto const call = find_call(Words{"find", "people", "list"}, table());
    CHECK(call.name() == "find");
    CHECK(call.arguments == Words{"people", "list"});
}

TEST_CASE("help and version win over mistakes further on", "[cmd]") {
    for (auto const& [word, wish] :
         {std::pair{"--help", Wish::help}, std::pair{"-h", Wish::help}, std::pair{"--version", Wish::version}}) {
        auto const call = find_call(Words{"find", word}, table());
        VerbApp app;
        auto const body = call.verb->wire(app);
        CHECK(parse(app, call) == wish);
    }
}

TEST_CASE("--json and --color are known before parsing, but not behind --", "[cmd]") {
    CHECK(early_talk_options(Words{"foo", "--json"}).json);
    CHECK_FALSE(early_talk_options(Words{"find", "--", "--json"}).json);
    CHECK(early_talk_options(Words{"--color", "never"}).colour == ui::ColourMode::never);
    CHECK(early_talk_options(Words{"--color=always"}).colour == ui::ColourMode::always);
    CHECK(early_talk_options(Words{"--color"}).colour == ui::ColourMode::automatic);
}

}  // namespace bioctl::cmd
