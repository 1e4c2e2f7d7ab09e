#include "bus/topics/glob_set.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

namespace fedmsg::topics {

void GlobSet::add(Glob glob, ConsumerIndex consumer) {
    entries_.push_back(Entry{std::move(glob), consumer});
}

void GlobSet::build() {
    std::unordered_map<std::string, std::size_t> users;
    for (const auto& entry : entries_)
        for (const auto& piece : entry.glob.pieces()) ++users[piece];
    for (std::uint32_t position = 0; position < entries_.size(); ++position) {
        const auto pieces = entries_[position].glob.pieces();
        if (pieces.empty()) {
            without_piece_.push_back(position);
            continue;
        }
        const auto rarest = std::min_element(pieces.begin(), pieces.end(), [&](auto& a, auto& b) {
            return std::pair(users[a], b.size()) < std::pair(users[b], a.size());  // of equally rare ones the longest
        });
        const auto number = finder_.add(*rarest);
        if (number >= by_piece_.size()) by_piece_.resize(number + 1);
        by_piece_[number].push_back(position);
    }
    finder_.build();
}

void GlobSet::collect(std::string_view topic, std::vector<ConsumerIndex>& consumers) const {
    try_all(without_piece_, topic, consumers);
    if (by_piece_.empty()) return;
    std::vector<std::uint32_t> found;
    finder_.find(topic, [&](std::uint32_t piece) {
        if (std::find(found.begin(), found.end(), piece) == found.end()) found.push_back(piece);
    });
    for (const auto piece : found) try_all(by_piece_[piece], topic, consumers);
}

void GlobSet::try_all(const Positions& positions, std::string_view topic, std::vector<ConsumerIndex>& consumers) const {
    for (const auto position : positions)
        if (entries_[position].glob.matches(topic)) consumers.push_back(entries_[position].consumer);
}

}  // namespace fedmsg::topics
