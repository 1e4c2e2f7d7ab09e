// TopicIndex: from the topic of a message to the numbers of those who may want it. Immutable once filled; any thread.
//
// It may find a few too many (categories are compared without regard to case), never too few.
//
// Each member tells what it wants as a TopicWish. Members that name whole topics cost one look-up for all of them
// together; if there are categories, or patterns "*.x", one look-up more for each of these two.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "badges/rules/envelope.hpp"

namespace badges {

// Everything, or the union of some topics, categories and endings.
struct TopicWish {
    bool everything = false;
    std::set<std::string> events;      // "git.receive": the topic after prefix and environment
    std::set<std::string> categories;  // "git"
    std::set<std::string> endings;     // "git.receive" of "*.git.receive"

    static TopicWish all() { return TopicWish{true, {}, {}, {}}; }
    static TopicWish nothing() { return {}; }
    std::size_t size() const { return events.size() + categories.size() + endings.size(); }
    void unite(const TopicWish& other);
};

class TopicIndex {
public:
    void add(std::size_t member, const TopicWish& wish);
    // Sorted, no doubles.
    std::vector<std::size_t> find(std::string_view topic, std::size_t* look_ups = nullptr) const;
    bool contains(std::string_view topic) const { return !find(topic).empty(); }

private:
    struct Ending {
        std::string ending;
        std::size_t member;
    };

    std::vector<std::size_t> always_;
    std::unordered_map<std::string, std::vector<std::size_t>> by_event_;
    std::unordered_map<std::string, std::vector<std::size_t>> by_category_;
    std::unordered_map<std::string, std::vector<Ending>> by_last_part_;
};

}  // namespace badges
