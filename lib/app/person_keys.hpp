#pragma once
// The store names people who changed by their keys, a gallery knows them by their ids.

#include <span>
#include <string>
#include <vector>

#include "lib/base/shared.hpp"
#include "lib/match/gallery.hpp"
#include "lib/store/people.hpp"

namespace bioctl::app {

/// The keys of the people of a gallery. Thread rules and copies as match::Gallery.
class PersonKeys {
public:
    PersonKeys() = default;
    /// Of all people of the gallery, which was read in the same store::Store::read().
    PersonKeys(match::Gallery const& gallery, store::People const& people);

    /// For somebody who was added since.
    void set(match::PersonIndex person, store::PersonKey key);

    /// The ids under which these people are in the gallery, or are now in the store; each once. A gallery that reads all of these
    /// again is current. `changed` as store::Templates::changed_people() has it. Looks through all keys.
    [[nodiscard]] std::vector<std::string> ids_of(std::span<store::PersonKey const> changed, match::Gallery const& gallery,
                                                  store::People const& people) const;

private:
    static constexpr store::PersonKey k_none = -1;
    SharedVector<store::PersonKey> m_keys;  // by PersonIndex; also of people who were removed: who reads them again, does no harm
};

}  // namespace bioctl::app
