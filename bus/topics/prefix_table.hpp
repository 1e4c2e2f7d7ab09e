// Values under literal texts, found for all texts that a topic begins with: one hash look-up for each length that
// occurs among the texts. Built once, then immutable; any thread.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace fedmsg::topics {

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

template <class Value>
class PrefixTable {
public:
    void add(std::string_view text, Value value) {
        const auto place = std::lower_bound(lengths_.begin(), lengths_.end(), text.size());
        if (place == lengths_.end() || *place != text.size()) lengths_.insert(place, text.size());
        values_[std::string(text)].push_back(std::move(value));
    }

    // Calls `take` with each value whose text the topic begins with.
    template <class Take>
    void for_prefixes_of(std::string_view topic, Take take) const {
        for (const std::size_t length : lengths_) {
            if (length > topic.size()) return;
            const auto found = values_.find(topic.substr(0, length));
            if (found == values_.end()) continue;
            for (const auto& value : found->second) take(length, value);
        }
    }

private:
    std::vector<std::size_t> lengths_;  // ascending
    std::unordered_map<std::string, std::vector<Value>, TextHash, std::equal_to<>> values_;
};

}  // namespace fedmsg::topics
