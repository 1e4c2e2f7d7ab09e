#include "bus/topics/words_trie.hpp"

#include <algorithm>

#include "bus/base/text.hpp"

namespace fedmsg::topics {

WordsTrie::Index WordsTrie::child(Index parent, std::string_view word) {
    const auto made = static_cast<Index>(nodes_.size());
    const auto get = [&](Index& link) {
        if (link == 0) link = made;
        return link;
    };
    Index found = 0;
    if (word == "*") {
        found = get(nodes_[parent].one);
    } else if (word == "#") {
        if (nodes_[parent].is_many) return parent;  // "#.#" is "#"
        found = get(nodes_[parent].many);
    } else {
        found = get(nodes_[parent].words[std::string(word)]);
    }
    if (found == made) {
        nodes_.emplace_back();
        nodes_.back().is_many = word == "#";
    }
    return found;
}

void WordsTrie::add(std::string_view pattern, Id id) {
    Index node = 0;
    for (const auto& word : text::split(pattern, '.')) node = child(node, word);
    nodes_[node].ids.push_back(id);
}

// A node is entered together with its '#' child, which takes no word to reach.
void WordsTrie::enter(Index node, std::vector<Index>& active) const {
    for (; std::find(active.begin(), active.end(), node) == active.end(); node = nodes_[node].many) {
        active.push_back(node);
        if (nodes_[node].many == 0) return;
    }
}

// All ways through the trie at once, word by word: no way is walked twice.
void WordsTrie::match(std::string_view topic, std::vector<Id>& out) const {
    std::vector<Index> active;
    std::vector<Index> next;
    enter(0, active);
    for (std::size_t at = 0; at <= topic.size();) {
        const auto word = topic.substr(at, topic.find('.', at) - at);
        at += word.size() + 1;
        next.clear();
        for (const Index index : active) {
            const Node& node = nodes_[index];
            if (node.is_many) enter(index, next);
            if (node.one != 0) enter(node.one, next);
            const auto found = node.words.find(word);
            if (found != node.words.end()) enter(found->second, next);
        }
        std::swap(active, next);
        if (active.empty()) return;
    }
    for (const Index index : active) out.insert(out.end(), nodes_[index].ids.begin(), nodes_[index].ids.end());
}

}  // namespace fedmsg::topics
