#include "lib/store/templates.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include <fmt/format.h>

#include "lib/store/query.hpp"
#include "lib/store/rows.hpp"

namespace bioctl::store {

namespace {

// The column `vector` holds what is compared, whatever the modality.
ByteView content_of(Template const& t) {
    return t.modality == Modality::palm ? ByteView{t.code} : std::as_bytes(std::span{t.vector});
}

static_assert(std::endian::native == std::endian::little, "vectors go to the store as they lie in memory");

// With the row's columns in the order that template_of() reads.
std::string select(std::string_view from_and_where) {
    return fmt::format(
        "SELECT t.id, p.id, t.modality, (SELECT id FROM contract WHERE key = t.contract), t.vector, t.exact, t.double_precision,"
        " t.quality, t.photo, t.face_index, t.source, t.origin, t.crop, t.box_top, t.box_right, t.box_bottom, t.box_left,"
        " t.rotation, t.created_at {}",
        from_and_where);
}

template <class Number>
std::vector<Number> numbers(ByteView blob) {
    std::vector<Number> values(blob.size() / sizeof(Number));
    if (!values.empty()) std::memcpy(values.data(), blob.data(), values.size() * sizeof(Number));
    return values;
}

Sha256 digest(ByteView blob) {
    Sha256 digest;
    std::copy_n(blob.begin(), std::min(blob.size(), digest.bytes.size()), digest.bytes.begin());
    return digest;
}

Template template_of(Query const& row) {
    Template t;
    t.id = row.integer(0);
    t.person_id = row.text(1);
    t.modality = row.text(2) == name_of(Modality::palm) ? Modality::palm : Modality::face;
    t.contract = row.text(3);
    auto const content = row.blob(4);
    if (t.modality == Modality::face) t.vector = numbers<float>(content);
    if (t.modality == Modality::palm) t.code.assign(content.begin(), content.end());
    t.exact = numbers<double>(row.blob(5));
    t.double_precision = row.integer(6) != 0;
    t.quality = static_cast<float>(row.real(7));
    if (!row.is_null(8)) t.photo = digest(row.blob(8));
    t.face_index = row.number(9);
    t.source = row.text(10);
    t.origin = row.text(11);
    t.crop = row.text(12);
    t.box_top = row.number(13);
    t.box_right = row.number(14);
    t.box_bottom = row.number(15);
    t.box_left = row.number(16);
    t.rotation = row.number(17);
    t.created_at = from_ms(row.integer(18));
    return t;
}

std::vector<Template> all_of(Query&& query) {
    std::vector<Template> templates;
    while (query.next())
        templates.push_back(template_of(query));
    return templates;
}

std::int64_t contract_key(Connection& connection, std::string_view contract) {
    Query{connection, "INSERT INTO contract (id) VALUES (?) ON CONFLICT (id) DO NOTHING", contract}.run();
    Query query{connection, "SELECT key FROM contract WHERE id = ?", contract};
    query.next();
    return query.integer(0);
}

}  // namespace

std::string_view name_of(Modality modality) {
    switch (modality) {
        case Modality::face: return "face";
        case Modality::palm: return "palm";
    }
    throw Error{Kind::bug, "a modality without a name"};
}

std::optional<TemplateId> Templates::add(Template const& t) {
    auto const person = person_key(*m_connection, t.person_id);
    auto const contract = contract_key(*m_connection, t.contract);
    auto const exact = t.exact.empty() ? std::nullopt : std::optional{std::as_bytes(std::span{t.exact})};
    auto const photo = t.photo ? std::optional{ByteView{t.photo->bytes}} : std::nullopt;
    Query insert{*m_connection,
                 "INSERT INTO template (person, modality, contract, vector, exact, double_precision, quality, photo, face_index,"
                 " source, origin, crop, box_top, box_right, box_bottom, box_left, rotation, created_at)"
                 " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                 " ON CONFLICT (person, contract, modality, photo, face_index) WHERE photo IS NOT NULL DO NOTHING",
                 person,
                 name_of(t.modality),
                 contract,
                 content_of(t),
                 exact,
                 t.double_precision,
                 t.quality,
                 photo,
                 t.face_index,
                 as_bytes(t.source),
                 as_bytes(t.origin),
                 as_bytes(t.crop),
                 t.box_top,
                 t.box_right,
                 t.box_bottom,
                 t.box_left,
                 t.rotation,
                 to_ms(t.created_at)};
    if (insert.run() == 0) return std::nullopt;
    auto const id = m_connection->last_id();
    grow_generation(*m_connection);
    return id;
}

std::vector<Template> Templates::of_person(std::string_view person_id) const {
    static auto const sql = select("FROM person p JOIN template t ON t.person = p.key WHERE p.id = ? ORDER BY t.id");
    return all_of(Query{*m_connection, sql, person_id});
}

std::vector<Template> Templates::of_person(std::string_view person_id, Modality modality, std::string_view contract) const {
    static auto const sql = select(
        "FROM person p JOIN template t ON t.person = p.key"
        " WHERE p.id = ? AND t.modality = ? AND t.contract = (SELECT key FROM contract WHERE id = ?) ORDER BY t.id");
    return all_of(Query{*m_connection, sql, person_id, name_of(modality), contract});
}

std::optional<Template> Templates::get(TemplateId id) const {
    static auto const sql = select("FROM template t JOIN person p ON p.key = t.person WHERE t.id = ?");
    Query query{*m_connection, sql, id};
    if (!query.next()) return std::nullopt;
    return template_of(query);
}

// CROSS JOIN fixes the order of the loops: by person, then along an index that is in the order of template ids. Nothing is
// sorted.
void Templates::for_each(Modality modality, std::string_view contract, std::function<void(Template const&)> const& visit) const {
    static auto const sql = select(
        "FROM person p CROSS JOIN template t ON t.person = p.key"
        " WHERE t.modality = ? AND t.contract = (SELECT key FROM contract WHERE id = ?) ORDER BY p.id, t.id");
    Query query{*m_connection, sql, name_of(modality), contract};
    while (query.next())
        visit(template_of(query));
}

void Templates::for_each_vector(Modality modality, std::string_view contract,
                                std::function<void(std::string_view, std::span<float const>)> const& visit) const {
    Query query{*m_connection,
                "SELECT p.id, t.vector FROM person p CROSS JOIN template t ON t.person = p.key"
                " WHERE t.modality = ? AND t.contract = (SELECT key FROM contract WHERE id = ?) ORDER BY p.id, t.id",
                name_of(modality), contract};
    std::vector<float> vector;  // SQLite's bytes need not be aligned
    while (query.next()) {
        auto const blob = query.blob(1);
        vector.resize(blob.size() / sizeof(float));
        std::memcpy(vector.data(), blob.data(), vector.size() * sizeof(float));
        visit(query.text(0), vector);
    }
}

void Templates::for_each_code(std::string_view contract,
                              std::function<void(TemplateId, std::string_view, ByteView)> const& visit) const {
    Query query{*m_connection,
                "SELECT t.id, p.id, t.vector FROM person p CROSS JOIN template t ON t.person = p.key"
                " WHERE t.modality = ? AND t.contract = (SELECT key FROM contract WHERE id = ?) ORDER BY p.id, t.id",
                name_of(Modality::palm), contract};
    while (query.next())
        visit(query.integer(0), query.text(1), query.blob(2));
}

std::vector<TemplateId> Templates::of_other_contracts(Modality modality, std::string_view contract) const {
    Query query{*m_connection,
                "SELECT id FROM template WHERE modality = ?"
                " AND contract IS NOT (SELECT key FROM contract WHERE id = ?) ORDER BY id",
                name_of(modality), contract};
    std::vector<TemplateId> ids;
    while (query.next())
        ids.push_back(query.integer(0));
    return ids;
}

std::vector<Templates::ContractCount> Templates::contracts(Modality modality) const {
    Query query{*m_connection,
                "SELECT c.id, count(*) FROM template t JOIN contract c ON c.key = t.contract"
                " WHERE t.modality = ? GROUP BY t.contract ORDER BY c.id",
                name_of(modality)};
    std::vector<ContractCount> counts;
    while (query.next())
        counts.push_back({std::string{query.text(0)}, static_cast<std::size_t>(query.integer(1))});
    return counts;
}

// Two ranges of the index, where `<>` would go through all of it. No contract has the key 0.
bool Templates::has_other_contracts(Modality modality, std::string_view contract) const {
    Query query{*m_connection,
                "WITH own AS (SELECT ifnull((SELECT key FROM contract WHERE id = ?2), 0) AS key)"
                " SELECT EXISTS (SELECT 1 FROM template WHERE modality = ?1 AND contract < (SELECT key FROM own))"
                " OR EXISTS (SELECT 1 FROM template WHERE modality = ?1 AND contract > (SELECT key FROM own))",
                name_of(modality), contract};
    query.next();
    return query.integer(0) != 0;
}

std::vector<EnrolledPhoto> Templates::enrolled_photos(Modality modality, std::string_view contract) const {
    Query query{*m_connection,
                "SELECT DISTINCT p.id, t.photo, t.source, t.origin FROM template t JOIN person p ON p.key = t.person"
                " WHERE t.modality = ? AND t.contract = (SELECT key FROM contract WHERE id = ?) AND t.photo IS NOT NULL"
                " ORDER BY p.id, t.source, t.photo, t.origin",
                name_of(modality), contract};
    std::vector<EnrolledPhoto> photos;
    while (query.next()) {
        photos.push_back({.person_id = std::string{query.text(0)},
                          .photo = digest(query.blob(1)),
                          .source = std::string{query.text(2)},
                          .origin = std::string{query.text(3)}});
    }
    return photos;
}

bool Templates::replace_vector(TemplateId id, std::string_view contract, std::span<float const> vector, float quality) {
    return replace(id, contract, std::as_bytes(vector), quality);
}

bool Templates::replace_code(TemplateId id, std::string_view contract, ByteView code, float quality) {
    return replace(id, contract, code, quality);
}

bool Templates::replace(TemplateId id, std::string_view contract, ByteView content, float quality) {
    auto const key = contract_key(*m_connection, contract);
    // A comparison with NULL is never true: templates without a photo repeat nothing.
    Query repeated{*m_connection,
                   "DELETE FROM template WHERE id = ?1 AND EXISTS (SELECT 1 FROM template other"
                   " WHERE other.person = template.person AND other.contract = ?2 AND other.modality = template.modality"
                   " AND other.photo = template.photo AND other.face_index = template.face_index AND other.id <> ?1)",
                   id, key};
    bool const is_repeated = repeated.run() > 0;
    if (!is_repeated) {
        Query update{*m_connection,
                     "UPDATE template SET contract = ?, vector = ?, exact = NULL, double_precision = 0, quality = ? WHERE id = ?",
                     key,
                     content,
                     quality,
                     id};
        if (update.run() == 0)
            throw Error{Kind::no_input, fmt::format("there is no template {}; it may just have been removed", id)};
    }
    grow_generation(*m_connection);
    return !is_repeated;
}

void Templates::set_source(Modality modality, std::string_view person_id, Sha256 const& photo, std::string_view source,
                           std::string_view origin) {
    Query update{*m_connection,
                 "UPDATE template SET source = ?, origin = ? WHERE person = ? AND photo = ? AND modality = ?",
                 as_bytes(source),
                 as_bytes(origin),
                 person_key(*m_connection, person_id),
                 ByteView{photo.bytes},
                 name_of(modality)};
    if (update.run() > 0) grow_generation(*m_connection);
}

bool Templates::remove(TemplateId id) {
    if (Query{*m_connection, "DELETE FROM template WHERE id = ?", id}.run() == 0) return false;
    grow_generation(*m_connection);
    return true;
}

std::vector<Template> Templates::remove_from_source(std::string_view person_id, std::string_view source,
                                                    std::string_view origin) {
    static auto const sql = select(
        "FROM person p JOIN template t ON t.person = p.key WHERE p.id = ? AND t.source = ? AND t.origin = ? ORDER BY t.id");
    auto removed = all_of(Query{*m_connection, sql, person_id, as_bytes(source), as_bytes(origin)});
    for (auto const& t : removed)
        remove(t.id);
    return removed;
}

std::size_t Templates::uses_of_crop(std::string_view crop) const {
    Query query{*m_connection, "SELECT count(*) FROM template WHERE crop = ? AND crop <> x''", as_bytes(crop)};
    query.next();
    return static_cast<std::size_t>(query.integer(0));
}

std::int64_t Templates::generation() const {
    Query query{*m_connection, "SELECT value FROM meta WHERE key = 'generation'"};
    query.next();
    return query.integer(0);
}

ChangePosition Templates::position() const {
    Query query{*m_connection, "SELECT seq, stamp FROM gallery_change ORDER BY seq DESC LIMIT 1"};
    query.next();
    return {query.integer(0), query.integer(1)};
}

std::optional<std::vector<PersonKey>> Templates::changed_people(Modality modality, ChangePosition const& since) const {
    Query known{*m_connection, "SELECT stamp FROM gallery_change WHERE seq = ?", since.seq};
    if (!known.next() || known.integer(0) != since.stamp) return std::nullopt;
    Query query{*m_connection, "SELECT DISTINCT person FROM gallery_change WHERE seq > ? AND modality = ? ORDER BY person",
                since.seq, name_of(modality)};
    std::vector<PersonKey> keys;
    while (query.next())
        keys.push_back(query.integer(0));
    return keys;
}

}  // namespace bioctl::store
