#include "genacls/rights_diff.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace genacls {
namespace {

using Grants = std::map<std::string, std::string>;

std::string shown(const std::string& pattern) {
    if (pattern.empty()) return "everything else";
    if (pattern == "refs/tags/") return "tags";
    std::string branch;
    for (const char c : pattern)
        if (c != '\\') branch.push_back(c);
    if (branch.ends_with('$')) branch.pop_back();
    return branch;
}

class Comparison {
public:
    Comparison(const ConfView& before, const ConfView& after)
        : before_(before), after_(after), before_people_(before, numbers_), after_people_(after, numbers_) {}

    RightsDiff run() {
        static const Grants kNothing;
        auto old = before_.grants.begin();
        auto now = after_.grants.begin();
        while (old != before_.grants.end() || now != after_.grants.end()) {
            if (now == after_.grants.end() || (old != before_.grants.end() && old->first < now->first)) {
                compare(old->first, old->second, kNothing);
                ++old;
            } else if (old == before_.grants.end() || now->first < old->first) {
                compare(now->first, kNothing, now->second);
                ++now;
            } else {
                compare(now->first, old->second, now->second);
                ++old, ++now;
            }
        }
        return std::move(diff_);
    }

private:
    using Changes = std::map<std::pair<char, std::size_t>, std::string>;  // + or -, person: patterns

    void compare(const std::string& repository, const Grants& old, const Grants& now) {
        Changes changes;
        for (const auto& [pattern, subjects] : old) {
            const auto found = now.find(pattern);
            compare(changes, pattern, subjects, found != now.end() ? found->second : std::string());
        }
        for (const auto& [pattern, subjects] : now)
            if (old.count(pattern) == 0) compare(changes, pattern, {}, subjects);
        add_lines(repository, changes);
    }

    void compare(Changes& changes, const std::string& pattern, const std::string& old, const std::string& now) {
        const People::Set& had = before_people_.of(old);
        const People::Set& has = after_people_.of(now);
        if (had == has) return;
        diff_.removed += note(changes, '-', pattern, had, has);
        diff_.added += note(changes, '+', pattern, has, had);
    }

    // Those of `these` who are not among `those`.
    std::size_t note(Changes& changes, char sign, const std::string& pattern, const People::Set& these,
                     const People::Set& those) {
        People::Set rest;
        std::set_difference(these.begin(), these.end(), those.begin(), those.end(), std::back_inserter(rest));
        for (const std::size_t person : rest) {
            if (diff_.lines.size() >= RightsDiff::kMostLines) break;
            std::string& patterns = changes[{sign, person}];
            patterns.append(patterns.empty() ? "" : ", ").append(shown(pattern));
        }
        return rest.size();
    }

    void add_lines(const std::string& repository, const Changes& changes) {
        std::vector<std::string> lines;
        for (const auto& [who, patterns] : changes)
            lines.push_back(std::string(1, who.first) + " " + name_of(who.second) + " " + repository + ": " + patterns);
        std::sort(lines.begin(), lines.end());
        for (std::string& line : lines)
            if (diff_.lines.size() < RightsDiff::kMostLines) diff_.lines.push_back(std::move(line));
    }

    std::string name_of(std::size_t person) const {
        const auto is_it = [&](const auto& entry) { return entry.second == person; };
        return std::find_if(numbers_.begin(), numbers_.end(), is_it)->first;
    }

    const ConfView& before_;
    const ConfView& after_;
    std::map<std::string, std::size_t> numbers_;
    People before_people_;
    People after_people_;
    RightsDiff diff_;
};

}  // namespace

std::string RightsDiff::summary() const {
    return std::to_string(added) + " rights added, " + std::to_string(removed) + " removed";
}

RightsDiff diff_of(const ConfView& before, const ConfView& after) {
    return Comparison(before, after).run();
}

}  // namespace genacls
