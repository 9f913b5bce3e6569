#include "lib/app/pair_list.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>

#include "lib/base/csv.hpp"
#include "lib/base/error.hpp"
#include "lib/base/text.hpp"
#include "lib/eval/folds.hpp"

namespace bioctl::app {

namespace {

constexpr std::size_t k_most_pairs = 2'000'000;
constexpr std::size_t k_most_folds = 1000;
constexpr std::string_view k_with_itself = "a pair of a photo with itself, which says nothing";

Error bad_line(std::size_t line, std::string_view why) {
    return Error{Kind::data, fmt::format("line {}: {}", line, why)};
}

std::optional<std::size_t> whole_number(std::string_view text) {
    std::size_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
    return value;
}

/// Gives each photo one index.
class Photos {
public:
    explicit Photos(PairList& list) : m_list(list) {}

    std::size_t index_of(fs::path path, std::string person, std::size_t line) {
        auto const [found, is_new] = m_by_path.try_emplace(path.native(), m_list.photos.size());
        if (is_new) {
            m_list.photos.push_back({std::move(path), std::move(person)});
        } else if (auto const& before = m_list.photos[found->second]; before.person != person) {
            throw bad_line(line, fmt::format("{} is of '{}' here and of '{}' before", printable(path.string()), printable(person),
                                             printable(before.person)));
        }
        return found->second;
    }

private:
    PairList& m_list;
    std::unordered_map<std::string, std::size_t> m_by_path;
};

std::vector<std::string_view> words_of(std::string_view line) {
    constexpr std::string_view k_blanks = " \t\r";
    std::vector<std::string_view> words;
    while (true) {
        auto const begin = line.find_first_not_of(k_blanks);
        if (begin == std::string_view::npos) return words;
        line.remove_prefix(begin);
        auto const end = std::min(line.find_first_of(k_blanks), line.size());
        words.push_back(line.substr(0, end));
        line.remove_prefix(end);
    }
}

class LfwReader {
public:
    LfwReader(std::string_view text, fs::path const& root, std::size_t folds) : m_text(text), m_root(root), m_photos(m_list) {
        auto const header = next_words();
        m_list.folds = folds;
        if (header.size() == 2) {
            m_list.folds = m_blocks = whole_number(header[0]).value_or(0);
            if (m_blocks < 2 || m_blocks > k_most_folds) throw bad_line(m_line, fmt::format("2 to {} folds", k_most_folds));
        }
        m_of_kind = whole_number(header.back()).value_or(0);
        if (m_of_kind == 0 || m_of_kind > k_most_pairs / 2 / m_blocks)
            throw bad_line(m_line, fmt::format("the number of pairs is 1 to {} in all", k_most_pairs));
    }

    PairList read() {
        for (std::size_t block = 0; block < m_blocks; ++block) {
            for (bool const is_same : {true, false}) {
                for (std::size_t i = 0; i < m_of_kind; ++i) {
                    auto const fold = m_blocks > 1 ? block : eval::fold_of(i, m_of_kind, m_list.folds);
                    m_list.pairs.push_back(is_same ? same_pair(fold) : different_pair(fold));
                }
            }
        }
        if (!next_words().empty()) throw bad_line(m_line, "more lines than the first line says");
        return std::move(m_list);
    }

private:
    std::vector<std::string_view> next_words() {
        while (!m_text.empty()) {
            auto const end = std::min(m_text.find('\n'), m_text.size());
            auto words = words_of(m_text.substr(0, end));
            m_text.remove_prefix(std::min(end + 1, m_text.size()));
            ++m_line;
            if (!words.empty()) return words;
        }
        return {};
    }
    std::size_t photo(std::string_view name, std::string_view number) {
        constexpr std::size_t k_most = 99'999'999;
        auto const n = whole_number(number);
        if (!n || *n > k_most) throw bad_line(m_line, fmt::format("'{}' is no number of a photo", printable(number)));
        if (name.find('/') != std::string_view::npos || name.starts_with('.') || name.find('\0') != std::string_view::npos)
            throw bad_line(m_line, fmt::format("'{}' is no name of a folder", printable(name)));
        return m_photos.index_of(m_root / name / fmt::format("{}_{:04}.jpg", name, *n), std::string{name}, m_line);
    }
    PairList::Pair same_pair(std::size_t fold) {
        auto const words = next_words();
        if (words.size() != 3) throw unexpected(words, "NAME I J");
        PairList::Pair const pair{photo(words[0], words[1]), photo(words[0], words[2]), true, fold};
        if (pair.a == pair.b) throw bad_line(m_line, k_with_itself);
        return pair;
    }
    PairList::Pair different_pair(std::size_t fold) {
        auto const words = next_words();
        if (words.size() != 4) throw unexpected(words, "NAME I OTHER J");
        if (words[0] == words[2]) throw bad_line(m_line, "one person among the pairs of two people");
        return {photo(words[0], words[1]), photo(words[2], words[3]), false, fold};
    }
    [[nodiscard]] Error unexpected(std::vector<std::string_view> const& words, std::string_view shape) const {
        if (words.empty()) return bad_line(m_line, "the list ends early; it holds fewer pairs than its first line says");
        return bad_line(m_line, fmt::format("is not of the form '{}'", shape));
    }

    std::string_view m_text;
    fs::path const& m_root;
    PairList m_list;
    Photos m_photos;
    std::size_t m_blocks = 1, m_of_kind = 0, m_line = 0;
};

bool is_lfw(std::string_view text) {
    auto const words = words_of(text.substr(0, std::min(text.find('\n'), text.size())));
    return !words.empty() && words.size() <= 2 &&
           std::ranges::all_of(words, [](std::string_view word) { return whole_number(word).has_value(); });
}

struct Columns {
    static constexpr std::array<std::string_view, 6> k_names{"a", "b", "same", "person_a", "person_b", "fold"};
    std::array<std::optional<std::size_t>, k_names.size()> at;

    explicit Columns(CsvRow const& header) {
        for (std::size_t i = 0; i < header.cells.size(); ++i) {
            auto const name = to_lower_ascii(trim(header.cells[i]));
            auto const known = std::ranges::find(k_names, name);
            if (known == k_names.end()) continue;
            auto& column = at.at(static_cast<std::size_t>(known - k_names.begin()));
            if (column) throw bad_line(header.line, fmt::format("the column '{}' is there twice", name));
            column = i;
        }
        if (!header.fault.empty() || !at[0] || !at[1] || !at[2]) {
            throw bad_line(header.line,
                           "neither a list of LFW (a number first) nor a CSV whose first line names the columns a, b and same");
        }
    }
    [[nodiscard]] std::string_view of(CsvRow const& row, std::size_t column) const {
        auto const index = at.at(column);
        return index && *index < row.cells.size() ? trim(row.cells[*index]) : std::string_view{};
    }
};

bool truth_of(std::string_view text, std::size_t line) {
    auto const word = to_lower_ascii(text);
    if (word == "1" || word == "yes" || word == "true" || word == "same") return true;
    if (word == "0" || word == "no" || word == "false" || word == "different") return false;
    throw bad_line(line, fmt::format("'{}' in the column same; say 1 or 0", printable(text)));
}

class CsvPairs {
public:
    CsvPairs(std::string_view text, fs::path const& root) : m_reader(text), m_root(root), m_photos(m_list) {}

    PairList read(std::size_t folds) {
        auto const header = m_reader.next();
        Columns const columns{header.value_or(CsvRow{.line = 1})};
        bool const has_folds = columns.at[5].has_value();
        while (auto const row = m_reader.next())
            add(*row, columns, has_folds);
        if (!has_folds) deal(folds);
        return std::move(m_list);
    }

private:
    void add(CsvRow const& row, Columns const& columns, bool has_folds) {
        if (!row.fault.empty()) throw bad_line(row.line, row.fault);
        if (m_list.pairs.size() == k_most_pairs) throw bad_line(row.line, fmt::format("more than {} pairs", k_most_pairs));
        auto const is_same = truth_of(columns.of(row, 2), row.line);
        PairList::Pair pair{photo(columns.of(row, 0), columns.of(row, 3), row.line),
                            photo(columns.of(row, 1), columns.of(row, 4), row.line), is_same, 0};
        if (pair.a == pair.b) throw bad_line(row.line, k_with_itself);
        auto const one_person = m_list.photos[pair.a].person == m_list.photos[pair.b].person;
        if (one_person != is_same) {
            throw bad_line(row.line, fmt::format("'{}' and '{}' {}; name people in the columns person_a and person_b",
                                                 printable(m_list.photos[pair.a].person), printable(m_list.photos[pair.b].person),
                                                 is_same ? "are said to be one person" : "is said to be two people"));
        }
        if (has_folds) {
            auto const fold = whole_number(columns.of(row, 5)).value_or(0);
            if (fold < 1 || fold > k_most_folds) throw bad_line(row.line, fmt::format("a fold is 1 to {}", k_most_folds));
            pair.fold = fold - 1;
            m_list.folds = std::max(m_list.folds, fold);
        }
        m_list.pairs.push_back(pair);
    }
    std::size_t photo(std::string_view path, std::string_view person, std::size_t line) {
        if (path.empty()) throw bad_line(line, "a photo is missing");
        fs::path full = m_root / path;
        auto name = person.empty() ? full.parent_path().filename().string() : std::string{person};
        return m_photos.index_of(std::move(full), std::move(name), line);
    }
    void deal(std::size_t folds) {
        m_list.folds = folds;
        std::array<std::size_t, 2> count{}, index{};
        for (auto const& pair : m_list.pairs)
            ++count.at(pair.is_same);
        for (auto& pair : m_list.pairs)
            pair.fold = eval::fold_of(index.at(pair.is_same)++, count.at(pair.is_same), folds);
    }

    CsvReader m_reader;
    fs::path const& m_root;
    PairList m_list;
    Photos m_photos;
};

}  // namespace

PairList read_pairs(std::string_view text, fs::path const& root, std::size_t folds) {
    text = without_mark(text, "the list of pairs");
    auto list = is_lfw(text) ? LfwReader{text, root, folds}.read() : CsvPairs{text, root}.read(folds);
    if (list.pairs.empty()) throw Error{Kind::data, "the list holds no pairs"};
    return list;
}

}  // namespace bioctl::app
