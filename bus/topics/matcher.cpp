#include "bus/topics/matcher.hpp"

#include <algorithm>
#include <utility>

#include "bus/topics/glob.hpp"
#include "bus/topics/glob_set.hpp"
#include "bus/topics/pattern.hpp"
#include "bus/topics/prefix_table.hpp"
#include "bus/topics/words_trie.hpp"

namespace fedmsg::topics {

// Each pattern is in exactly one table, by its shape; what fits no quicker one is a glob.
struct Matcher::Tables {
    std::vector<ConsumerIndex> everything;
    std::unordered_map<std::string, std::vector<ConsumerIndex>, TextHash, std::equal_to<>> exact;
    PrefixTable<ConsumerIndex> at_a_dot;  // the topic, and all below it
    PrefixTable<ConsumerIndex> prefixes;
    GlobSet leftovers;
    WordsTrie words;

    void add(const Pattern& pattern) {
        if (pattern.rule == Rule::prefix_strict)
            exact[without_stars(pattern.text)].push_back(pattern.consumer);
        else if (pattern.rule == Rule::prefix)
            add_prefix(without_stars(pattern.text), pattern.consumer);
        else if (pattern.text.starts_with(kWords))
            words.add(std::string_view(pattern.text).substr(kWords.size()), pattern.consumer);
        else
            add_glob(pattern);
    }

    void add_prefix(const std::string& prefix, ConsumerIndex consumer) {
        if (prefix.empty())
            everything.push_back(consumer);
        else
            prefixes.add(prefix, consumer);
    }

    void add_glob(const Pattern& pattern) {
        Glob glob(pattern.text);
        if (pattern.text.empty() || glob.is_prefix_star())
            add_prefix(glob.literal_prefix(), pattern.consumer);
        else if (glob.wildcards() == 0)
            at_a_dot.add(pattern.text, pattern.consumer);
        else
            leftovers.add(std::move(glob), pattern.consumer);
    }
};

Matcher::Matcher(const std::vector<Pattern>& patterns) {
    auto tables = std::make_unique<Tables>();
    for (const auto& pattern : patterns) tables->add(pattern);
    tables->leftovers.build();
    tables_ = std::move(tables);
}

Matcher::~Matcher() = default;
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher& Matcher::operator=(Matcher&&) noexcept = default;

std::vector<ConsumerIndex> Matcher::match(std::string_view topic) const {
    std::vector<ConsumerIndex> found = tables_->everything;
    const auto exact = tables_->exact.find(topic);
    if (exact != tables_->exact.end()) found.insert(found.end(), exact->second.begin(), exact->second.end());
    tables_->at_a_dot.for_prefixes_of(topic, [&](std::size_t length, ConsumerIndex consumer) {
        if (length == topic.size() || topic[length] == '.') found.push_back(consumer);
    });
    tables_->prefixes.for_prefixes_of(topic, [&](std::size_t, ConsumerIndex consumer) { found.push_back(consumer); });
    tables_->leftovers.collect(topic, found);
    tables_->words.match(topic, found);
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

Memo::Memo(std::shared_ptr<const Matcher> matcher) : matcher_(std::move(matcher)) {}

const std::vector<ConsumerIndex>& Memo::match(std::string_view topic) {
    if (topic.size() > kLongestTopic) return unremembered_ = matcher_->match(topic);
    if (const auto known = recent_.find(topic); known != recent_.end()) return known->second;
    if (recent_.size() >= kCapacity / 2) older_ = std::exchange(recent_, {});
    if (const auto known = older_.find(topic); known != older_.end())
        return recent_.insert(older_.extract(known)).position->second;
    return recent_.emplace(topic, matcher_->match(topic)).first->second;
}

void Memo::reset(std::shared_ptr<const Matcher> matcher) {
    matcher_ = std::move(matcher);
    recent_.clear();
    older_.clear();
}

}  // namespace fedmsg::topics
