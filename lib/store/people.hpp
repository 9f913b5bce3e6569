#pragma once
// People. An id is what the user chose (employee number, NIK); it is text, 1..128 bytes of UTF-8, see app/person_id.hpp for the
// rules.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.hpp"
#include "lib/store/modality.hpp"
#include "lib/store/store.hpp"

namespace bioctl::store {

/// Stays with a person who gets another id; that of a person who is gone may come again.
using PersonKey = std::int64_t;

struct Person {
    std::string id;
    std::string name;  ///< "" if none was given
    Timestamp created_at{}, updated_at{};
    int templates = 0;  ///< of all contracts (filled by get and list)
    int palms = 0;      ///< of them, the templates of palms
};

struct PersonFilter {
    std::string search{};                ///< part of the id or the name, whatever the ASCII case; "" = everybody
    std::optional<Modality> modality{};  ///< only people with a template of it
    std::string after{};                 ///< the page after this id
    std::int64_t limit = 0;              ///< 0 = all
};

/// Statements on the table `person`. Use inside Store::write() or read(); lives no longer than its Store.
class People {
public:
    [[nodiscard]] std::optional<Person> get(std::string_view id) const;
    [[nodiscard]] std::vector<Person> list() const;  ///< by id
    [[nodiscard]] std::vector<Person> list(PersonFilter const& filter) const;
    [[nodiscard]] std::size_t count() const;
    /// Everybody by id, without counting templates: what a gallery needs. The views last for the call.
    void for_each(std::function<void(PersonKey key, std::string_view id, std::string_view name)> const& visit) const;
    [[nodiscard]] std::optional<PersonKey> key_of(std::string_view id) const;
    [[nodiscard]] std::optional<std::string> id_of(PersonKey key) const;

    /// Creates the person or, if `name` is not empty, changes the name. Returns true if it was created.
    bool upsert(std::string_view id, std::string_view name, Timestamp now);
    void set_name(std::string_view id, std::string_view name, Timestamp now);  ///< Error{no_input} if unknown
    void set_id(std::string_view old_id, std::string_view new_id,
                Timestamp now);  ///< Error{no_input}; Error{data} if new_id exists
    /// Moves the templates of `from` to `into` and deletes `from`. Templates of the same photo and face are kept once.
    /// Returns the number moved. Error{no_input} if one is unknown, Error{usage} if both are the same.
    int merge(std::string_view from, std::string_view into, Timestamp now);
    /// Deletes the person and all templates; false if unknown. Content is overwritten (secure_delete).
    bool remove(std::string_view id);

private:
    friend class Store;
    explicit People(Connection& connection) : m_connection(&connection) {}
    Connection* m_connection;
};

}  // namespace bioctl::store
