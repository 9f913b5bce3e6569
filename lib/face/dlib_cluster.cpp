#include <algorithm>
#include <map>

#include <dlib/clustering.h>

#include "lib/face/dlib_parts.hpp"

namespace bioctl::face::with_dlib {

namespace {

/// Numbers of groups in the order that the header promises.
std::vector<std::size_t> by_size(std::vector<unsigned long> const& labels) {
    struct Group {
        std::size_t size = 0, first = 0;
    };
    std::map<unsigned long, Group> groups;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        auto const [found, is_new] = groups.try_emplace(labels[i], Group{0, i});
        ++found->second.size;
    }
    std::vector<unsigned long> order;
    for (auto const& [label, group] : groups)
        order.push_back(label);
    std::ranges::sort(order, [&](auto a, auto b) {
        auto const& x = groups[a];
        auto const& y = groups[b];
        return x.size != y.size ? x.size > y.size : x.first < y.first;
    });
    std::map<unsigned long, std::size_t> number;
    for (std::size_t i = 0; i < order.size(); ++i)
        number[order[i]] = i;
    std::vector<std::size_t> result;
    for (auto const label : labels)
        result.push_back(number[label]);
    return result;
}

}  // namespace

std::vector<std::size_t> chinese_whispers(std::size_t count, std::span<Edge const> edges) {
    std::vector<dlib::sample_pair> pairs;
    // dlib learns the number of faces from the edges, so each has one to itself.
    for (std::size_t i = 0; i < count; ++i)
        pairs.emplace_back(i, i, 1);
    for (auto const& edge : edges) {
        if (edge.a >= count || edge.b >= count || edge.a == edge.b) continue;
        pairs.emplace_back(edge.a, edge.b, 1 / (.05 + static_cast<double>(edge.distance)));
    }
    std::vector<unsigned long> labels;
    dlib::rand random;
    constexpr unsigned long k_rounds = 100;
    dlib::chinese_whispers(pairs, labels, k_rounds, random);
    return by_size(labels);
}

}  // namespace bioctl::face::with_dlib
