#include "lib/image/rare_heif_items.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "lib/image/rare_heif_boxes.hpp"

namespace bioctl::image {

namespace {

constexpr int k_most_steps = 8;
constexpr std::uint64_t k_most_pictures = 100'000;

using Item = std::uint64_t;

class Parts {
public:
    void add(std::uint32_t type, View content, std::size_t id_bytes) {
        if ((type != code("dimg") && type != code("auxl")) || content.size() < id_bytes + 2) return;
        auto const from = big_endian(content, 0, id_bytes);
        auto const count = big_endian(content, id_bytes, 2);
        auto rest = content.subspan(id_bytes + 2);
        for (std::uint64_t i = 0; i < count && rest.size() >= id_bytes; ++i, rest = rest.subspan(id_bytes)) {
            auto const to = big_endian(rest, 0, id_bytes);
            if (type == code("dimg")) m_parts[from].push_back(to);
            if (type == code("auxl")) m_parts[to].push_back(from);  // an opacity names whose it is
        }
    }

    [[nodiscard]] bool all_end() {
        for (auto const& [item, parts] : m_parts) {
            if (!size_of(item, 0)) return false;
        }
        return true;
    }

private:
    /// Of what a picture is made of, itself included.
    struct Size {
        std::uint64_t pictures = 1;
        int steps = 0;
    };

    /// Nothing if there is no end, or one too far away.
    std::optional<Size> size_of(Item item, int steps_before) {
        auto const parts = m_parts.find(item);
        if (parts == m_parts.end()) return Size{};
        if (auto const known = m_sizes.find(item); known != m_sizes.end()) return known->second;
        if (steps_before == k_most_steps) return std::nullopt;
        m_sizes[item] = std::nullopt;  // if it is met on the way
        Size size;
        for (auto const part : parts->second) {
            auto const below = size_of(part, steps_before + 1);
            if (!below) return std::nullopt;
            size.pictures += below->pictures;
            size.steps = std::max(size.steps, below->steps + 1);
            if (size.pictures > k_most_pictures || size.steps > k_most_steps) return std::nullopt;
        }
        m_sizes[item] = size;
        return size;
    }

    std::unordered_map<Item, std::vector<Item>> m_parts;
    std::unordered_map<Item, std::optional<Size>> m_sizes;
};

}  // namespace

bool can_be_put_together(RareFile file) {
    Parts parts;
    each_meta_box({file.data, file.size}, [&](std::uint32_t type, View content) {
        if (type != code("iref") || content.size() < 4) return;
        std::size_t const id_bytes = content[0] == 0 ? 2 : 4;
        each_box(content.subspan(4), [&](std::uint32_t reference, View entry) { parts.add(reference, entry, id_bytes); });
    });
    return parts.all_end();
}

}  // namespace bioctl::image
