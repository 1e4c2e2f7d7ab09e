// Shell globs that are more than a prefix. Immutable after build(): any thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "bus/topics/glob.hpp"
#include "bus/topics/matcher.hpp"
#include "bus/topics/piece_finder.hpp"

namespace fedmsg::topics {

// Each glob is filed under one of its literal pieces, the one that fewest globs have. Only those whose piece occurs in
// the topic are tried, so that thousands of globs over other services cost nothing.
class GlobSet {
public:
    void add(Glob glob, ConsumerIndex consumer);
    void build();

    // Appends the consumers of all matching globs.
    void collect(std::string_view topic, std::vector<ConsumerIndex>& consumers) const;

private:
    struct Entry {
        Glob glob;
        ConsumerIndex consumer;
    };
    using Positions = std::vector<std::uint32_t>;

    void try_all(const Positions& positions, std::string_view topic, std::vector<ConsumerIndex>& consumers) const;

    std::vector<Entry> entries_;
    PieceFinder finder_;
    std::vector<Positions> by_piece_;
    Positions without_piece_;
};

}  // namespace fedmsg::topics
