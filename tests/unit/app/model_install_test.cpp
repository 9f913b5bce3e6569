#include <catch2/catch.hpp>

#include <algorithm>
#include <string>

#include "lib/app/model_install.hpp"
#include "lib/base/error.hpp"
#include "tests/support/file_server.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bioctl;
using namespace bioctl::test;
using Catch::Contains;

namespace {

/// A mirror that offers one file, and a registry to install it into.
struct Fixture {
    TempDir dir;
    std::string content = "<html>not the model</html>";
    FileServer server{[this](HttpRequest const&) { return HttpAnswer{.body = content}; }};
    face::ModelRegistry registry{BIOCTL_MODELS, dir / "models"};

    void install(std::string const& name, std::string const& sha256_hex) {
        app::install_model(registry, {name, sha256_hex, server.url("/mirror"), dir / "models/.downloads"}, {}, nullptr);
    }
    Error failure(std::string const& name, std::string const& sha256_hex) {
        try {
            install(name, sha256_hex);
        } catch (Error const& error) {
            return error;
        }
        FAIL("was installed");
        return {Kind::bug, ""};
    }
    [[nodiscard]] std::string digest() const { return to_hex(sha256(as_bytes(content))); }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "an unknown name is answered with the nearest and with all", "[app]") {
    auto const error = failure("yunett", "");
    CHECK(error.kind() == Kind::no_input);
    CHECK_THAT(error.message(), Contains("did you mean 'yunet'") && Contains("taguchi"));
    CHECK(server.requests().empty());
}

TEST_CASE_METHOD(Fixture, "a download with another digest is refused with both and deleted", "[app]") {
    auto const error = failure("yunet", "");
    CHECK(error.kind() == Kind::data);
    CHECK_THAT(error.message(), Contains(digest()) && Contains("81dbde155e98"));
    CHECK_FALSE(fs::exists(dir / "models/.downloads/yunet_n_320_320.onnx"));
    CHECK(registry.all().size() == 3);
}

TEST_CASE_METHOD(Fixture, "without a pinned digest the file's own is printed, and the file is kept for the next call", "[app]") {
    auto const error = failure("taguchi", "");
    CHECK(error.kind() == Kind::usage);
    CHECK_THAT(error.message(), Contains("--sha256 " + digest()));
    CHECK(failure("taguchi", digest()).kind() == Kind::data);  // a web page cannot be unpacked
    CHECK(server.requests().size() == 1);
}

TEST_CASE_METHOD(Fixture, "a file with the expected digest is still examined before it is imported", "[app]") {
    auto const error = failure("yunet", digest());
    CHECK(error.kind() == Kind::data);
    CHECK_THAT(error.message(), Contains("web page"));
    CHECK(registry.all().size() == 3);
}

TEST_CASE("every offered model has a name, an https address, and a digest or none", "[app]") {
    for (auto const& offer : app::offered_models()) {
        INFO(offer.name);
        CHECK(&app::find_offer(offer.name) == &offer);
        CHECK(offer.url.starts_with("https://"));
        CHECK((offer.sha256.empty() || offer.sha256.size() == 64));
        CHECK_FALSE(offer.licence.empty());
        CHECK(offer.max_bytes > 0);
    }
}
