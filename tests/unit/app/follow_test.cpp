// A gallery that follows the store is the one that loading anew gives.

#include <catch2/catch.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include <fmt/format.h>

#include "lib/app/enrol.hpp"
#include "lib/app/recognize.hpp"
#include "lib/palm/engine.hpp"
#include "lib/palm/template.hpp"
#include "people_support.hpp"

using namespace bioctl;
using namespace bioctl::app;
using store::Modality;
using test::PeopleStore;

namespace {

using Vector = std::vector<float>;
using Row = std::tuple<std::string, std::string, float>;

std::vector<Row> everybody(Faces const& faces, Vector const& probe, std::size_t top) {
    std::vector<Row> rows;
    for (auto const& candidate : faces.gallery().search(probe, top)) {
        auto const person = faces.person(candidate);
        rows.emplace_back(person.person_id, person.name, person.distance);
    }
    return rows;
}

/// Changes of any kind, by a connection of its own. Vectors are few, so that many people are equally near.
class Others {
public:
    explicit Others(PeopleStore& people) : m_people(people), m_store(store::Store::open(people.store.file(), {})) {}

    void change() {
        static std::array const k_kinds{&Others::add_faces, &Others::add_faces, &Others::add_faces, &Others::drop,
                                        &Others::rename,    &Others::name,      &Others::merge,     &Others::remove,
                                        &Others::replace,   &Others::add_palm,  &Others::undo};
        auto const kind = k_kinds[m_random() % k_kinds.size()];
        (this->*kind)();
    }
    Vector vector() {
        constexpr std::array k_numbers{-1.0F, 0.0F, 0.5F, 1.0F};
        Vector v(3);
        for (auto& x : v)
            x = k_numbers[m_random() % k_numbers.size()];
        return v;
    }
    void add_palm() {
        auto row = m_people.row(anybody(), {});
        row.modality = Modality::palm;
        row.contract = palm::k_pipeline;
        match::Code code;
        code.mask.fill(~std::uint32_t{0});
        row.code = palm::to_bytes(palm::Template{.codes = {code}});
        write([&] { add(row); });
    }
    void add_faces() {
        write([&] {
            for (auto count = 1 + m_random() % 3; count > 0; --count)
                add(m_people.row(anybody(), vector()));
        });
    }

private:
    void write(std::function<void()> const& work) { m_store.write(work); }
    std::string anybody() { return fmt::format("p{}", m_random() % 60); }
    std::optional<std::string> somebody() {
        auto const all = m_store.people().list();
        if (all.empty()) return std::nullopt;
        return all[m_random() % all.size()].id;
    }
    std::optional<store::TemplateId> some_face() {
        auto const id = somebody();
        if (!id) return std::nullopt;
        auto const rows = m_store.templates().of_person(*id, Modality::face, m_people.models.contract().id);
        if (rows.empty()) return std::nullopt;
        return rows[m_random() % rows.size()].id;
    }
    void add(store::Template const& row) {
        m_store.people().upsert(row.person_id, "", m_people.clock.now());
        m_store.templates().add(row);
    }
    void drop() {
        if (auto const id = some_face()) write([&] { m_store.templates().remove(*id); });
    }
    void replace() {
        if (auto const id = some_face())
            write([&] { m_store.templates().replace_vector(*id, m_people.models.contract().id, vector(), 1); });
    }
    void rename() {
        auto const from = somebody();
        auto const to = anybody();
        if (from && !m_store.people().get(to)) write([&] { m_store.people().set_id(*from, to, m_people.clock.now()); });
    }
    void name() {
        if (auto const id = somebody())
            write([&] { m_store.people().set_name(*id, fmt::format("N{}", m_random() % 9), m_people.clock.now()); });
    }
    void merge() {
        auto const from = somebody();
        auto const into = somebody();
        if (from && from != into) write([&] { m_store.people().merge(*from, *into, m_people.clock.now()); });
    }
    void remove() {
        if (auto const id = somebody()) write([&] { m_store.people().remove(*id); });
    }
    void undo() {
        CHECK_THROWS_AS(write([&] {
                            add(m_people.row(anybody(), vector()));
                            throw std::runtime_error{"undone"};
                        }),
                        std::runtime_error);
    }

    PeopleStore& m_people;
    store::Store m_store;
    std::mt19937 m_random{31};
};

}  // namespace

TEST_CASE("after any changes a gallery that follows finds what a new one finds, ties and names included", "[app]") {
    PeopleStore people;
    Others others{people};
    Followed<Faces> followed = follow(Followed<Faces>{}, people.workspace);
    CHECK(followed.people->gallery().templates() == 0);
    std::size_t shared = 0;
    for (int step = 0; step < 1'500; ++step) {
        INFO(step);
        others.change();
        if (step % 3 == 0) others.change();
        auto const before = followed;
        auto const probe = others.vector();
        auto const found_before = everybody(*before.people, probe, 7);
        followed = follow(followed, people.workspace);
        Faces const fresh{people.workspace};
        REQUIRE(followed.people->gallery().templates() == fresh.gallery().templates());
        REQUIRE(followed.people->gallery().people() == fresh.gallery().people());
        REQUIRE(everybody(*followed.people, probe, 7) == everybody(fresh, probe, 7));
        REQUIRE(everybody(*followed.people, probe, 1'000) == everybody(fresh, probe, 1'000));
        REQUIRE(everybody(*before.people, probe, 7) == found_before);  // who still searches in it
        // Only one that grew by changes keeps the places of people who went.
        if (followed.people->gallery().positions() > fresh.gallery().positions()) ++shared;
    }
    CHECK(shared > 1'000);
}

TEST_CASE("faces are not read again for a palm, nor palms for a face", "[app]") {
    PeopleStore people;
    Others others{people};
    others.add_faces();
    others.add_palm();
    auto const faces = follow(Followed<Faces>{}, people.workspace);
    auto const palms = follow(Followed<Palms>{}, people.workspace);

    others.add_palm();
    auto const same_faces = follow(faces, people.workspace);
    CHECK(same_faces.people == faces.people);
    CHECK_FALSE(same_faces.position == faces.position);
    CHECK(follow(palms, people.workspace).people != palms.people);

    auto const new_palms = follow(palms, people.workspace);
    others.add_faces();
    CHECK(follow(new_palms, people.workspace).people == new_palms.people);
    CHECK(follow(same_faces, people.workspace).people != same_faces.people);
}

TEST_CASE("templates of other models that come meanwhile are told of, as by loading", "[app]") {
    PeopleStore people;
    people.add("alice", {1, 0, 0});
    auto const faces = follow(Followed<Faces>{}, people.workspace);
    auto other = people.row("bob", {1, 0, 0});
    other.contract = "of other models";
    people.add(other);
    CHECK_THROWS_WITH(follow(faces, people.workspace), Catch::Contains("people reembed"));
    CHECK_THROWS_WITH(Faces{people.workspace}, Catch::Contains("people reembed"));
}

TEST_CASE("a gallery follows again after more changes than are remembered", "[app]") {
    PeopleStore people;
    people.add("alice", {1, 0, 0});
    auto const faces = follow(Followed<Faces>{}, people.workspace);
    people.store.write([&] {
        for (int i = 0; i < 20'000; ++i)
            people.store.people().set_name("alice", fmt::format("Alice {}", i), people.clock.now());
    });
    auto const now = follow(faces, people.workspace);
    CHECK(everybody(*now.people, {1, 0, 0}, 1) == std::vector<Row>{{"alice", "Alice 19999", 0}});
}
