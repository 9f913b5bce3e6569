#pragma once
// What a round of pings means for a whole network of ONTs and what they hang on. Pure functions: no clock, no socket, no store.
//
// Parents are judged before their children, so that a child that falls silent with its parent is known to. A parent that is not
// pinged itself, or that still answers while most of its children fell silent together (a card, a splitter), is inferred: its
// branch is down. Nothing of this hides an outage; it says only whose fault it is, so that people are told once.

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "lib/ont/outage_rules.hpp"

namespace bioctl::ont {

struct BranchRules {
    double down_share = 0.6;                      ///< of the children that can be judged: as many must be down together
    double up_share = 0.3;                        ///< no more than this are still down: it is over
    int least_children = 5;                       ///< fewer than this in a branch that fell silent say nothing about their parent
    std::chrono::milliseconds together{180'000};  ///< from the first to the last start of outages that count as one event
};

/// A pinged line, or something that lines hang on.
struct Node {
    std::optional<std::size_t> parent{};  ///< index
    OutageRules rules{};
    OntHistory history{};         ///< in and out
    bool is_branch_down = false;  ///< in and out: inferred from its children
};

struct NodeSample {
    Sample sample = Sample::unknown;  ///< unknown also for those that were not asked
    Timestamp at{};
};

struct NodeVerdict {
    Change change{};
    std::optional<std::size_t> cause{};  ///< the highest of its ancestors that is down, or whose branch is
    bool branch_fell = false, branch_rose = false;
    Timestamp branch_since{};  ///< of branch_fell: the first start among its children
};

/// Takes a round in. `samples` are by node. Nodes that hang on each other in a circle count as having no parent.
[[nodiscard]] std::vector<NodeVerdict> judge_round(std::span<Node> nodes, std::span<NodeSample const> samples,
                                                   BranchRules const& rules);

/// Parents before their children; those in a circle last.
[[nodiscard]] std::vector<std::size_t> parents_first(std::span<Node const> nodes);

}  // namespace bioctl::ont
