// Which of many literal texts occur in a topic, found in one pass over it (Aho and Corasick, 1975). Immutable after
// build(): any thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace fedmsg::topics {

class PieceFinder {
public:
    // The piece's number, the same for equal pieces. Not empty.
    std::uint32_t add(std::string_view piece);
    void build();

    // Calls `found(number)` for each place where a piece occurs; a piece that occurs twice is found twice.
    template <class Found>
    void find(std::string_view topic, Found found) const {
        std::uint32_t state = kRoot;
        for (const char c : topic) {
            state = follow(state, static_cast<unsigned char>(c));
            for (auto hit = nodes_[state].piece != kNone ? state : nodes_[state].shorter; hit != kRoot;
                 hit = nodes_[hit].shorter)
                found(nodes_[hit].piece);
        }
    }

private:
    static constexpr std::uint32_t kRoot = 0;
    static constexpr std::uint32_t kNone = UINT32_MAX;

    // A node stands for a text that some piece begins with.
    struct Node {
        std::uint32_t first_child = kNone;
        std::uint32_t next_sibling = kNone;
        unsigned char byte = 0;         // the last byte of its text
        std::uint32_t fall_back = 0;    // node of the longest proper end of its text that has one
        std::uint32_t shorter = kRoot;  // on the fall-back chain: the first one that is a piece
        std::uint32_t piece = kNone;    // number, if its text is a whole piece
    };

    std::uint32_t child(std::uint32_t node, unsigned char byte) const;
    std::uint32_t follow(std::uint32_t node, unsigned char byte) const;
    void link(std::uint32_t parent, std::uint32_t node);

    std::vector<Node> nodes_ = std::vector<Node>(1);
    std::vector<std::uint32_t> from_root_ = std::vector<std::uint32_t>(256, kRoot);  // the root has most children
    std::uint32_t pieces_ = 0;
};

}  // namespace fedmsg::topics
