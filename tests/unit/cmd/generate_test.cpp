#include <CLI/CLI.hpp>
#include <catch2/catch.hpp>

#include "cmd/generate.hpp"
#include "cmd/setting_flag.hpp"
#include "cmd/syntax.hpp"
#include "tests/support/expect_error.hpp"

namespace bioctl::cmd {

namespace {

struct Options {
    std::string id;
    std::vector<std::string> images;
    std::string faces = "one";
    bool all = false;
};

void add(CLI::App& app, Options& o) {
    app.add_option("image", o.images, "Photos of one person's face")->required()->type_name("IMAGE");
    app.add_option("-i,--id", o.id, "Person")->required()->type_name("ID");
    app.add_option("--faces", o.faces, "Which [faces]: some")->check(CLI::IsMember({"one", "all"}))->capture_default_str();
    app.add_flag("--all-of-them", o.all, "Take all");
    add_setting(app, "--metric", "metric");
}

int run(Options const& /*options*/, Context& /*cx*/) {
    return 0;
}

std::vector<Verb> const& table() {
    static std::vector<Verb> const rows{
        verb("take", "Take it", Group::face, add, run),
        noun("box", "Boxes", Group::people,
             {verb("open", "Open it", Group::people, add, run),
              noun("lid", "Lids", Group::people, {verb("open", "Lift", Group::people, add, run)})})};
    return rows;
}

std::string page_of(std::string_view page) {
    return regenerated(page, "page", &table().front(), table());
}

constexpr std::string_view k_page =
    "bioctl-take(1)\n\n; begin synopsis\nstale words\n; end synopsis\n\nprose\n\n; begin options\n; end options\nlast\n";

}  // namespace

TEST_CASE("a page with a part that is unknown, open or missing is refused", "[cmd]") {
    CHECK_THAT(test::error_of([] { page_of("x\n; begin nonsense\n"); }).message(), Catch::StartsWith("page:2: "));
    CHECK_THAT(test::error_of([] { page_of("; begin synopsis\nno end\n"); }).message(), Catch::Contains("no '; end synopsis'"));
    CHECK_THAT(test::error_of([] { page_of("only prose\n"); }).message(), Catch::Contains("; begin synopsis"));
    CHECK(test::error_of([] { page_of(""); }).kind() == Kind::data);
}

TEST_CASE("parts are replaced, prose stays, and doing it again changes nothing", "[cmd]") {
    auto const once = page_of(k_page);
    CHECK_THAT(once, Catch::StartsWith("bioctl-take(1)\n\n; begin synopsis\n") && Catch::EndsWith("; end options\nlast\n"));
    CHECK_THAT(once, Catch::Contains("; end synopsis\n\nprose\n\n; begin options\n") && !Catch::Contains("stale words"));
    CHECK(page_of(once) == once);
}

TEST_CASE("synopsis and options tell values, defaults and what is required", "[cmd]") {
    auto const page = page_of(k_page);
    CHECK_THAT(page, Catch::Contains("*bioctl take* [_OPTION_]... _IMAGE_...\n"));
    CHECK_THAT(page, Catch::Contains("*-i*, *--id* _ID_\n\tPerson. Required.\n"));
    CHECK_THAT(page, Catch::Contains("*--faces* _one|all_\n\tWhich [faces]: some. Default: one.\n"));
    CHECK_THAT(page, Catch::Contains("*--all-of-them*\n\tTake all.\n"));
    CHECK_THAT(page, Catch::Contains("*--metric* _unit|l2_\n"));
}

TEST_CASE("the syntax of a verb says what a shell can complete", "[cmd]") {
    auto const syntax = syntax_of("", table().front());
    REQUIRE(syntax.positionals.size() == 1);
    CHECK(sort_of(syntax.positionals.front()) == ValueSort::file);
    CHECK(syntax.positionals.front().is_repeated);
    REQUIRE(syntax.options.size() == 4);
    CHECK(sort_of(syntax.options[0]) == ValueSort::person);
    CHECK(syntax.options[1].choices == std::vector<std::string>{"one", "all"});
    CHECK(syntax.options[2].is_flag());
    CHECK(syntax.options[3].choices == std::vector<std::string>{"unit", "l2"});
}

TEST_CASE("all completions know every verb, child, option and choice", "[cmd]") {
    for (auto const& script : {bash_completion(table()), zsh_completion(table()), fish_completion(table())}) {
        for (auto const* word : {"take", "box", "open", "all-of-them", "faces", "one all", "unit l2", "data-dir"})
            CHECK_THAT(script, Catch::Contains(word));
    }
}

TEST_CASE("a noun below a noun is completed by its whole name, and does not get its sibling's options", "[cmd]") {
    CHECK_THAT(bash_completion(table()),
               Catch::Contains("'box lid') _bioctl_words 'open'") && Catch::Contains("box:* | 'box lid':*"));
    CHECK_THAT(zsh_completion(table()), Catch::Contains("open) _bioctl_verb_box_lid_open ;;"));
    CHECK_THAT(
        fish_completion(table()),
        Catch::Contains("seen_subcommand_from box; and __fish_seen_subcommand_from lid; and __fish_seen_subcommand_from open'") &&
            Catch::Contains("box; and __fish_seen_subcommand_from open; and not __fish_seen_subcommand_from lid'"));
    std::vector<std::string> names;
    for (auto const& syntax : all_syntax(table()))
        names.push_back(syntax.name);
    CHECK(names == std::vector<std::string>{"take", "box open", "box lid open"});
}

TEST_CASE("summaries cannot break out of a completion script", "[cmd]") {
    CHECK(shell_quoted("person's $(x) `y`") == "'person'\\''s $(x) `y`'");
    CHECK_THAT(zsh_completion(table()), Catch::Contains("Which \\[faces\\]\\: some"));
    CHECK_THAT(fish_completion(table()), Catch::Contains("'Which [faces]: some'"));
}

}  // namespace bioctl::cmd
