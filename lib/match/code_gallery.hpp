#pragma once
// The 1:N search over codes.

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/match/code.hpp"
#include "lib/match/gallery.hpp"

namespace bioctl::match {

/// What is looked for: the codes of one photo as it is, and the same cut a little turned and scaled.
struct CodeQuery {
    std::vector<CodeProbe> centred;  ///< at least one
    std::vector<CodeProbe> posed;    ///< may be empty

    /// The smallest distance of any of them.
    [[nodiscard]] float distance_to(Code const& code) const;
};

/// 896 bytes for each code. Thread rules: add() alone; any number of threads may search at once when nobody adds.
class CodeGallery {
public:
    void add(std::string_view person_id, Code const& code);

    [[nodiscard]] std::size_t codes() const { return m_codes.size(); }
    [[nodiscard]] std::size_t people() const { return m_people.size(); }
    /// Order of first addition.
    [[nodiscard]] std::string const& person_id(PersonIndex person) const { return m_people.at(person); }
    [[nodiscard]] std::optional<PersonIndex> find(std::string_view person_id) const;

    /// The `top` nearest people, nearest first; equal distances in order of addition.
    ///
    /// Every code meets the centred probes; the poses are tried on the nearest share of them only (k_posed_share of the codes,
    /// and never fewer than k_least_posed), for a code of the same palm is near the front even when it is a little turned. So the
    /// distance of a person far from the front may be larger than distance_to() says, that of a match is the same: measured in
    /// tests/bench/palm.md.
    [[nodiscard]] std::vector<Candidate> search(CodeQuery const& query, std::size_t top) const;

    static constexpr double k_posed_share = .02;
    static constexpr std::size_t k_least_posed = 256;

private:
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };

    [[nodiscard]] std::vector<float> distances(CodeQuery const& query) const;

    std::vector<Code> m_codes;
    std::vector<PersonIndex> m_code_person;
    std::vector<std::string> m_people;
    std::unordered_map<std::string, PersonIndex, TextHash, std::equal_to<>> m_by_id;
};

}  // namespace bioctl::match
