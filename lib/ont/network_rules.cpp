#include "lib/ont/network_rules.hpp"

#include <algorithm>
#include <ranges>

namespace bioctl::ont {

namespace {

bool is_down(Node const& node) {
    return node.history.state == OntState::down || node.is_branch_down;
}

/// What is known of the children of a node.
struct Branch {
    int judged = 0, down = 0, down_together = 0;
    bool is_new = false;  ///< one of them is found down in this round
    Timestamp newest_start{}, first_start{};
};

class Network {
public:
    Network(std::span<Node> nodes, std::span<NodeSample const> samples, BranchRules const& rules)
        : m_nodes(nodes), m_samples(samples), m_rules(rules), m_order(parents_first(nodes)), m_is_placed(nodes.size()) {}

    std::vector<NodeVerdict> judge() {
        std::vector<NodeVerdict> verdicts(m_nodes.size());
        for (auto const index : m_order) {
            auto& node = m_nodes[index];
            auto const parent = placed_parent(index);
            bool const is_below = parent && (is_down(m_nodes[*parent]) || verdicts[*parent].cause);
            verdicts[index].change = observe(node.history, m_samples[index].sample, m_samples[index].at, node.rules, is_below);
            verdicts[index].cause = cause_of(parent, verdicts);
            m_is_placed[index] = true;
        }
        if (judge_branches(verdicts)) find_causes_again(verdicts);
        return verdicts;
    }

private:
    /// The parent, unless it comes later in the order: then they hang in a circle.
    [[nodiscard]] std::optional<std::size_t> placed_parent(std::size_t index) const {
        auto const parent = m_nodes[index].parent;
        return parent && m_is_placed[*parent] ? parent : std::nullopt;
    }

    [[nodiscard]] std::optional<std::size_t> cause_of(std::optional<std::size_t> parent,
                                                      std::vector<NodeVerdict> const& verdicts) const {
        if (!parent) return std::nullopt;
        if (verdicts[*parent].cause) return verdicts[*parent].cause;
        return is_down(m_nodes[*parent]) ? parent : std::nullopt;
    }

    /// Of each node that has children. Those of which nothing is known yet say nothing.
    [[nodiscard]] std::vector<Branch> branches(std::vector<NodeVerdict> const& verdicts) const {
        std::vector<Branch> result(m_nodes.size());
        auto const each_child = [&](auto const& take) {
            for (auto const& node : m_nodes) {
                if (node.parent && node.history.state != OntState::unknown) take(result[*node.parent], node.history);
            }
        };
        for (std::size_t index = 0; index < m_nodes.size(); ++index) {
            if (m_nodes[index].parent && verdicts[index].change.went_down) result[*m_nodes[index].parent].is_new = true;
        }
        each_child([](Branch& branch, OntHistory const& child) {
            ++branch.judged;
            if (child.state != OntState::down) return;
            ++branch.down;
            branch.newest_start = std::max(branch.newest_start, child.run_since);
        });
        each_child([&](Branch& branch, OntHistory const& child) {
            if (child.state != OntState::down || child.run_since < branch.newest_start - m_rules.together) return;
            if (branch.down_together == 0 || child.run_since < branch.first_start) branch.first_start = child.run_since;
            ++branch.down_together;
        });
        return result;
    }

    bool judge_branches(std::vector<NodeVerdict>& verdicts) {
        bool is_changed = false;
        auto const found = branches(verdicts);
        for (std::size_t index = 0; index < m_nodes.size(); ++index) {
            auto const& branch = found[index];
            auto& node = m_nodes[index];
            // Children that are still down when their parent is back are no new event.
            bool const has_fallen = branch.is_new && branch.down_together >= m_rules.least_children &&
                                    branch.down_together >= m_rules.down_share * branch.judged;
            bool const has_risen = branch.down <= m_rules.up_share * branch.judged;
            if (!node.is_branch_down && has_fallen && node.history.state != OntState::down) {
                node.is_branch_down = verdicts[index].branch_fell = is_changed = true;
                verdicts[index].branch_since = branch.first_start;
            } else if (node.is_branch_down && has_risen) {
                node.is_branch_down = false;
                verdicts[index].branch_rose = is_changed = true;
            }
        }
        return is_changed;
    }

    void find_causes_again(std::vector<NodeVerdict>& verdicts) {
        m_is_placed.assign(m_nodes.size(), false);
        for (auto const index : m_order) {
            verdicts[index].cause = cause_of(placed_parent(index), verdicts);
            m_is_placed[index] = true;
        }
    }

    std::span<Node> m_nodes;
    std::span<NodeSample const> m_samples;
    BranchRules const& m_rules;
    std::vector<std::size_t> m_order;
    std::vector<bool> m_is_placed;  // those already passed in m_order
};

}  // namespace

std::vector<std::size_t> parents_first(std::span<Node const> nodes) {
    std::vector<std::vector<std::size_t>> children(nodes.size());
    std::vector<std::size_t> order;
    order.reserve(nodes.size());
    for (std::size_t index = 0; index < nodes.size(); ++index) {
        auto const parent = nodes[index].parent;
        if (parent) {
            children[*parent].push_back(index);
        } else {
            order.push_back(index);
        }
    }
    std::vector<bool> is_placed(nodes.size());
    for (auto const index : order)
        is_placed[index] = true;
    for (std::size_t next = 0; next < order.size(); ++next) {
        for (auto const child : children[order[next]]) {
            order.push_back(child);
            is_placed[child] = true;
        }
    }
    for (std::size_t index = 0; index < nodes.size(); ++index) {
        if (!is_placed[index]) order.push_back(index);
    }
    return order;
}

std::vector<NodeVerdict> judge_round(std::span<Node> nodes, std::span<NodeSample const> samples, BranchRules const& rules) {
    return Network{nodes, samples, rules}.judge();
}

}  // namespace bioctl::ont
