// AMQP word patterns ("words:org.*.git.#"): '*' one word, '#' any number of words, none included. Built once, then
// immutable; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fedmsg::topics {

class WordsTrie {
public:
    using Id = std::uint32_t;

    // `pattern` without the "words:" in front.
    void add(std::string_view pattern, Id id);
    // Appends the ids of matching patterns, in any order, perhaps repeatedly.
    void match(std::string_view topic, std::vector<Id>& out) const;

private:
    using Index = std::uint32_t;
    struct Node {
        std::map<std::string, Index, std::less<>> words;
        Index one = 0;   // child for '*'; 0: none (the root is nobody's child)
        Index many = 0;  // child for '#'
        bool is_many = false;
        std::vector<Id> ids;  // patterns that end here
    };

    Index child(Index parent, std::string_view word);
    void enter(Index node, std::vector<Index>& active) const;

    std::vector<Node> nodes_{Node{}};
};

}  // namespace fedmsg::topics
