#include "badges/rules/topic_index.hpp"

#include <algorithm>

#include "badges/rules/topic_pattern.hpp"
#include "badges/rules/unicode.hpp"

namespace badges {
namespace {

std::string last_part(std::string_view topic) {
    return std::string(topic.substr(topic.rfind('.') + 1));
}

}  // namespace

void TopicWish::unite(const TopicWish& other) {
    everything = everything || other.everything;
    events.insert(other.events.begin(), other.events.end());
    categories.insert(other.categories.begin(), other.categories.end());
    endings.insert(other.endings.begin(), other.endings.end());
}

void TopicIndex::add(std::size_t member, const TopicWish& wish) {
    if (wish.everything) return always_.push_back(member);
    for (const std::string& event : wish.events) by_event_[event].push_back(member);
    for (const std::string& category : wish.categories) by_category_[ascii_lower_case(category)].push_back(member);
    for (const std::string& ending : wish.endings) by_last_part_[last_part(ending)].push_back({ending, member});
}

std::vector<std::size_t> TopicIndex::find(std::string_view topic, std::size_t* look_ups) const {
    const TopicParts parts = split_topic(topic);
    std::vector<std::size_t> found = always_;
    const auto look_up = [look_ups](const auto& map, const std::string& key) {
        if (look_ups != nullptr && !map.empty()) ++*look_ups;
        return map.find(key);
    };
    if (const auto at = look_up(by_event_, std::string(parts.event)); at != by_event_.end())
        found.insert(found.end(), at->second.begin(), at->second.end());
    if (!by_category_.empty())
        if (const auto at = look_up(by_category_, ascii_lower_case(parts.category)); at != by_category_.end())
            found.insert(found.end(), at->second.begin(), at->second.end());
    if (!by_last_part_.empty())
        if (const auto at = look_up(by_last_part_, last_part(parts.event)); at != by_last_part_.end())
            for (const Ending& ending : at->second)
                if (ends_with_parts(parts.event, ending.ending)) found.push_back(ending.member);
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

}  // namespace badges
