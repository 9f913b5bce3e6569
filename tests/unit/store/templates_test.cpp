#include "lib/store/templates.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <string>

#include "tests/unit/store/support.hpp"

using namespace bioctl;
using namespace bioctl::test;
using store::Modality;
using store::Template;
using store::TemplateId;

namespace {

struct Fixture {
    TempDir dir;
    store::Store store = writer(dir / "bioctl.db");
    store::Templates templates = store.templates();

    Fixture() {
        store.write([&] {
            for (auto const* id : {"bob", "alice"})
                store.people().upsert(id, "", at(1));
        });
    }

    std::optional<TemplateId> add(Template const& t) {
        std::optional<TemplateId> id;
        store.write([&] { id = templates.add(t); });
        return id;
    }
    std::int64_t growth(std::function<void()> const& work) {
        auto const before = templates.generation();
        store.write(work);
        return templates.generation() - before;
    }
    std::vector<TemplateId> ids(Modality modality, std::string_view contract) {
        std::vector<TemplateId> ids;
        templates.for_each(modality, contract, [&](Template const& t) { ids.push_back(t.id); });
        return ids;
    }
};

/// The same as the template of a palm.
Template palm_of(Template t, char content = 'c') {
    t.modality = Modality::palm;
    t.vector.clear();
    t.code = Bytes(928, static_cast<std::byte>(content));
    return t;
}

Template full() {
    auto t = sample("alice", 7, 2);
    t.vector = {0.1F, -0.0F, std::numeric_limits<float>::denorm_min(), std::numeric_limits<float>::max()};
    t.exact = {0.1, -0.0, std::numeric_limits<double>::denorm_min(), std::numeric_limits<double>::max()};
    t.double_precision = true;
    t.quality = 0.75F;
    t.source = std::string{"a\xFF\0b\n", 5};
    t.origin = "/srv/staff\xFE";
    t.crop = "alice/7.jpg";
    t.box_top = -3;
    t.box_right = 40;
    t.box_bottom = 50;
    t.box_left = 2;
    t.rotation = 270;
    return t;
}

template <class Number>
std::string bytes_of(std::vector<Number> const& numbers) {
    return std::string{as_text(std::as_bytes(std::span{numbers}))};
}

void check_same(Template const& a, Template const& b) {
    CHECK(a.person_id == b.person_id);
    CHECK(a.modality == b.modality);
    CHECK(a.contract == b.contract);
    CHECK(bytes_of(a.vector) == bytes_of(b.vector));
    CHECK(bytes_of(a.exact) == bytes_of(b.exact));
    CHECK(a.double_precision == b.double_precision);
    CHECK(a.quality == b.quality);
    CHECK(a.photo == b.photo);
    CHECK(a.face_index == b.face_index);
    CHECK(a.source == b.source);
    CHECK(a.origin == b.origin);
    CHECK(a.crop == b.crop);
    CHECK(a.box_top == b.box_top);
    CHECK(a.box_right == b.box_right);
    CHECK(a.box_bottom == b.box_bottom);
    CHECK(a.box_left == b.box_left);
    CHECK(a.rotation == b.rotation);
    CHECK(a.created_at == b.created_at);
}

}  // namespace

TEST_CASE_METHOD(Fixture, "a template needs a person", "[store]") {
    auto const error = error_of([&] { add(sample("carol", 1)); });
    CHECK(error.kind() == Kind::no_input);
    CHECK_THAT(error.message(), Catch::Contains("'carol'"));
}

TEST_CASE_METHOD(Fixture, "values that make no sense are never stored", "[store]") {
    std::vector<std::function<void(Template&)>> const mistakes{
        [](Template& t) { t.vector.clear(); },   [](Template& t) { t.exact = {1.0}; },
        [](Template& t) { t.quality = 1.5F; },   [](Template& t) { t.quality = std::numeric_limits<float>::quiet_NaN(); },
        [](Template& t) { t.contract.clear(); }, [](Template& t) { t.face_index = -1; },
        [](Template& t) { t.rotation = 45; },    [](Template& t) { t.box_top = t.box_bottom + 1; },
    };
    for (auto const& mistake : mistakes) {
        auto t = sample("alice", 1);
        mistake(t);
        CHECK(kind_of([&] { add(t); }) == Kind::bug);
    }
    CHECK(ids(Modality::face, k_contract).empty());
}

TEST_CASE_METHOD(Fixture, "a template comes back with every bit", "[store]") {
    auto const id = add(full()).value();
    auto const back = templates.get(id).value();
    CHECK(back.id == id);
    check_same(back, full());
    CHECK(templates.of_person("alice").size() == 1);
    check_same(templates.of_person("alice").front(), full());
}

TEST_CASE_METHOD(Fixture, "an imported template has no photo", "[store]") {
    auto const id = add(sample("alice", -1)).value();
    check_same(templates.get(id).value(), sample("alice", -1));
}

TEST_CASE_METHOD(Fixture, "the same face of the same photo is stored once for a person, contract and modality", "[store]") {
    REQUIRE(add(sample("alice", 1)));
    CHECK(growth([&] { CHECK_FALSE(templates.add(sample("alice", 1))); }) == 0);
    CHECK(add(sample("alice", 1, 1)));
    CHECK(add(sample("alice", 2)));
    CHECK(add(sample("bob", 1)));
    auto other = sample("alice", 1);
    other.contract = "other";
    CHECK(add(other));
    CHECK(add(palm_of(other)));
    CHECK_FALSE(add(palm_of(other, 'd')));
    CHECK(add(sample("alice", -1)));
    CHECK(add(sample("alice", -1)));
}

TEST_CASE_METHOD(Fixture, "a template id is not used again", "[store]") {
    auto const first = add(sample("alice", 1)).value();
    store.write([&] { CHECK(templates.remove(first)); });
    CHECK(add(sample("alice", 1)).value() > first);
}

TEST_CASE_METHOD(Fixture, "templates are visited by person id, then in the order of enrolment", "[store]") {
    auto const bob1 = add(sample("bob", 1)).value();
    auto const alice1 = add(sample("alice", 1)).value();
    auto const bob2 = add(sample("bob", 2)).value();
    auto const alice2 = add(sample("alice", -2)).value();
    auto const palm = palm_of(sample("alice", 3));
    auto const palm_id = add(palm).value();
    auto other = sample("alice", 4);
    other.contract = "other";
    add(other);
    CHECK(ids(Modality::face, k_contract) == std::vector{alice1, alice2, bob1, bob2});
    CHECK(ids(Modality::palm, k_contract).size() == 1);
    CHECK(ids(Modality::palm, "unknown").empty());

    std::vector<std::string> people;
    std::vector<std::vector<float>> vectors;
    templates.for_each_vector(Modality::face, k_contract, [&](std::string_view person, std::span<float const> vector) {
        people.emplace_back(person);
        vectors.emplace_back(vector.begin(), vector.end());
    });
    CHECK(people == std::vector<std::string>{"alice", "alice", "bob", "bob"});
    CHECK(vectors == std::vector{vector_of(1), vector_of(-2), vector_of(1), vector_of(2)});

    std::vector<TemplateId> palms;
    templates.for_each_code(k_contract, [&](TemplateId id, std::string_view person, ByteView code) {
        palms.push_back(id);
        CHECK(person == "alice");
        CHECK(Bytes{code.begin(), code.end()} == palm.code);
    });
    CHECK(palms == std::vector{palm_id});
}

TEST_CASE_METHOD(Fixture, "the code of a palm comes back with every bit, and can be replaced", "[store]") {
    auto const before = palm_of(sample("alice", 1));
    auto const id = add(before).value();
    auto const back = templates.get(id).value();
    CHECK(back.modality == Modality::palm);
    CHECK(back.code == before.code);
    CHECK(back.vector.empty());
    auto const after = Bytes(1824, std::byte{7});
    store.write([&] { CHECK(templates.replace_code(id, "new", after, .5F)); });
    CHECK(templates.get(id)->code == after);
    CHECK(templates.get(id)->contract == "new");
    CHECK(templates.get(id)->quality == .5F);
}

TEST_CASE_METHOD(Fixture, "a palm without a code, or with a part of one, is refused", "[store]") {
    for (auto const size : {0, 927}) {
        auto t = palm_of(sample("alice", 1));
        t.code.resize(static_cast<std::size_t>(size));
        CHECK(kind_of([&] { add(t); }) == Kind::bug);
    }
}

TEST_CASE_METHOD(Fixture, "a visitor may visit again, and may stop by an exception", "[store]") {
    add(sample("alice", 1));
    add(sample("bob", 2));
    int inner = 0;
    templates.for_each(Modality::face, k_contract, [&](Template const&) {
        templates.for_each(Modality::face, k_contract, [&](Template const&) { ++inner; });
    });
    CHECK(inner == 4);
    CHECK_THROWS_AS(templates.for_each(Modality::face, k_contract, [](Template const&) { throw std::runtime_error{"stop"}; }),
                    std::runtime_error);
    CHECK(ids(Modality::face, k_contract).size() == 2);
}

TEST_CASE_METHOD(Fixture, "templates of other contracts are told by contract and counted", "[store]") {
    add(sample("alice", 1));
    auto old = sample("bob", 1);
    old.contract = "old";
    auto const id = add(old).value();
    add(palm_of(old));
    CHECK(templates.of_other_contracts(Modality::face, k_contract) == std::vector{id});
    CHECK(templates.of_other_contracts(Modality::face, "unknown").size() == 2);
    auto const counts = templates.contracts(Modality::face);
    REQUIRE(counts.size() == 2);
    CHECK(counts[0].contract == k_contract);
    CHECK(counts[0].templates == 1);
    CHECK(counts[1].contract == "old");
    CHECK(templates.contracts(Modality::palm).size() == 1);
}

TEST_CASE_METHOD(Fixture, "a photo of several faces is one enrolled photo, an import none", "[store]") {
    add(sample("bob", 1));
    add(sample("alice", 5, 0));
    add(sample("alice", 5, 1));
    add(sample("alice", -1));
    auto const photos = templates.enrolled_photos(Modality::face, k_contract);
    REQUIRE(photos.size() == 2);
    CHECK(photos[0].person_id == "alice");
    CHECK(photos[0].photo == sample("alice", 5).photo);
    CHECK(photos[0].source == "photos/5.jpg");
    CHECK(photos[0].origin.empty());
    CHECK(photos[1].person_id == "bob");
    CHECK(templates.enrolled_photos(Modality::face, "old").empty());
}

TEST_CASE_METHOD(Fixture, "a vector made anew replaces the old one and its exact values", "[store]") {
    auto const id = add(full()).value();
    bool replaced = false;
    CHECK(growth([&] { replaced = templates.replace_vector(id, "new", std::vector<float>{1, 2, 3}, 0.25F); }) > 0);
    CHECK(replaced);
    auto expected = full();
    expected.contract = "new";
    expected.vector = {1, 2, 3};
    expected.exact.clear();
    expected.double_precision = false;
    expected.quality = 0.25F;
    check_same(templates.get(id).value(), expected);
}

TEST_CASE_METHOD(Fixture, "a vector made anew within its contract replaces itself", "[store]") {
    auto const id = add(sample("alice", 1)).value();
    store.write([&] { CHECK(templates.replace_vector(id, k_contract, vector_of(9), 1)); });
    CHECK(templates.get(id)->vector == vector_of(9));
}

TEST_CASE_METHOD(Fixture, "a template that would repeat one of the new contract goes", "[store]") {
    auto old = sample("alice", 1);
    old.contract = "old";
    auto const repeated = add(old).value();
    auto const kept = add(sample("alice", 1)).value();
    store.write([&] { CHECK_FALSE(templates.replace_vector(repeated, k_contract, vector_of(9), 1)); });
    CHECK_FALSE(templates.get(repeated));
    CHECK(templates.get(kept)->vector == vector_of(1));
}

TEST_CASE_METHOD(Fixture, "an unknown template cannot be replaced, shown or removed", "[store]") {
    CHECK_FALSE(templates.get(12345));
    CHECK(growth([&] { CHECK_FALSE(templates.remove(12345)); }) == 0);
    CHECK(kind_of([&] { store.write([&] { templates.replace_vector(12345, k_contract, vector_of(1), 1); }); }) == Kind::no_input);
}

TEST_CASE_METHOD(Fixture, "a photo that moved is known by its new place", "[store]") {
    auto const moved = add(sample("alice", 1)).value();
    auto const stays = add(sample("alice", 2)).value();
    auto const other = add(sample("bob", 1)).value();
    store.write([&] { templates.set_source("alice", *sample("alice", 1).photo, "new\xFF.jpg", "/srv"); });
    CHECK(templates.get(moved)->source == "new\xFF.jpg");
    CHECK(templates.get(moved)->origin == "/srv");
    CHECK(templates.get(stays)->source == "photos/2.jpg");
    CHECK(templates.get(other)->source == "photos/1.jpg");
}

TEST_CASE_METHOD(Fixture, "what came from a file in a bulk enrolment is removed with its crops named", "[store]") {
    auto t = sample("alice", 1);
    t.origin = "/srv/staff";
    t.crop = "alice/1.jpg";
    auto const gone = add(t).value();
    auto const by_hand = add(sample("alice", 2)).value();
    t.person_id = "bob";
    auto const other = add(t).value();
    std::vector<Template> removed;
    store.write([&] {
        CHECK(templates.remove_from_source("alice", "photos/1.jpg", "/srv").empty());
        CHECK(templates.remove_from_source("alice", "photos/2.jpg", "/srv/staff").empty());
        removed = templates.remove_from_source("alice", "photos/1.jpg", "/srv/staff");
    });
    REQUIRE(removed.size() == 1);
    CHECK(removed[0].id == gone);
    CHECK(removed[0].crop == "alice/1.jpg");
    CHECK_FALSE(templates.get(gone));
    CHECK(templates.get(by_hand));
    CHECK(templates.get(other));
}

TEST_CASE_METHOD(Fixture, "uses of a crop are counted, no crop is used by nobody", "[store]") {
    auto t = sample("alice", 1);
    t.crop = "shared.jpg";
    add(t);
    t.face_index = 1;
    add(t);
    add(sample("bob", 1));
    CHECK(templates.uses_of_crop("shared.jpg") == 2);
    CHECK(templates.uses_of_crop("other.jpg") == 0);
    CHECK(templates.uses_of_crop("") == 0);
}

TEST_CASE_METHOD(Fixture, "every change of templates grows the generation", "[store]") {
    TemplateId id = 0;
    CHECK(growth([&] { id = templates.add(sample("alice", 1)).value(); }) > 0);
    CHECK(growth([&] { templates.set_source("alice", *sample("alice", 1).photo, "x", "y"); }) > 0);
    CHECK(growth([&] { templates.remove_from_source("alice", "x", "y"); }) > 0);
    CHECK(growth([&] { id = templates.add(sample("alice", 1)).value(); }) > 0);
    CHECK(growth([&] { templates.remove(id); }) > 0);
}
