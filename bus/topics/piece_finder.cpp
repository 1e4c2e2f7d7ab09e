#include "bus/topics/piece_finder.hpp"

namespace fedmsg::topics {

std::uint32_t PieceFinder::add(std::string_view piece) {
    std::uint32_t node = kRoot;
    for (const char c : piece) {
        const auto byte = static_cast<unsigned char>(c);
        auto next = child(node, byte);
        if (next == kNone) {
            next = static_cast<std::uint32_t>(nodes_.size());
            Node fresh;
            fresh.byte = byte;
            fresh.next_sibling = nodes_[node].first_child;
            nodes_[node].first_child = next;
            nodes_.push_back(fresh);
        }
        node = next;
    }
    if (nodes_[node].piece == kNone) nodes_[node].piece = pieces_++;
    return nodes_[node].piece;
}

void PieceFinder::build() {
    std::vector<std::uint32_t> queue;  // by length of their texts
    for (auto node = nodes_[kRoot].first_child; node != kNone; node = nodes_[node].next_sibling) {
        from_root_[nodes_[node].byte] = node;
        queue.push_back(node);
    }
    for (std::size_t i = 0; i < queue.size(); ++i) {
        for (auto node = nodes_[queue[i]].first_child; node != kNone; node = nodes_[node].next_sibling) {
            link(queue[i], node);
            queue.push_back(node);
        }
    }
}

void PieceFinder::link(std::uint32_t parent, std::uint32_t node) {
    const auto end = follow(nodes_[parent].fall_back, nodes_[node].byte);
    nodes_[node].fall_back = end;
    nodes_[node].shorter = nodes_[end].piece != kNone ? end : nodes_[end].shorter;
}

std::uint32_t PieceFinder::child(std::uint32_t node, unsigned char byte) const {
    auto candidate = nodes_[node].first_child;
    while (candidate != kNone && nodes_[candidate].byte != byte) candidate = nodes_[candidate].next_sibling;
    return candidate;
}

// The node of the longest end of (text of the node + byte) that has one.
std::uint32_t PieceFinder::follow(std::uint32_t node, unsigned char byte) const {
    while (node != kRoot) {
        const auto next = child(node, byte);
        if (next != kNone) return next;
        node = nodes_[node].fall_back;
    }
    return from_root_[byte];
}

}  // namespace fedmsg::topics
