#include "genacls/conf_view.hpp"

#include <algorithm>
#include <utility>

namespace genacls {
namespace {

constexpr std::string_view kBlanks = " \t\r";

// Takes the first word off.
std::string_view next_word(std::string_view& text) {
    const std::size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
    const std::size_t end = std::min(text.find_first_of(kBlanks, begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    text.remove_prefix(end);
    return word;
}

std::string normalised(std::string_view text) {
    std::string out;
    for (std::string_view word = next_word(text); !word.empty(); word = next_word(text))
        out.append(out.empty() ? "" : " ").append(word);
    return out;
}

class Reader {
public:
    ConfView run(std::string_view text) {
        while (!text.empty()) {
            const std::size_t end = std::min(text.find('\n'), text.size());
            take(text.substr(0, end));
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        return std::move(view_);
    }

private:
    void take(std::string_view line) {
        const std::size_t equals = line.find('=');
        const std::string_view after = equals != std::string_view::npos ? line.substr(equals + 1) : std::string_view();
        std::string_view before = line.substr(0, equals);
        const std::string_view first = next_word(before);
        if (first == "repo" && equals == std::string_view::npos)
            repositories_ = normalised(before);
        else if (first.starts_with('@') && equals != std::string_view::npos)
            add_members(std::string(first.substr(1)), after);
        else if (first.starts_with("RW") && equals != std::string_view::npos)
            add_grant(std::string(next_word(before)), normalised(after));
    }

    void add_members(const std::string& group, std::string_view words) {
        for (std::string_view word = next_word(words); !word.empty(); word = next_word(words))
            view_.groups[group].emplace(word);
    }
    void add_grant(const std::string& pattern, const std::string& subjects) {
        std::string_view names = repositories_;
        for (std::string_view name = next_word(names); !name.empty(); name = next_word(names)) {
            std::string& known = view_.grants[std::string(name)][pattern];
            known.append(known.empty() ? "" : " ").append(subjects);
        }
    }

    ConfView view_;
    std::string repositories_;
};

// Everybody who may push something to a repository.
std::size_t people_of(People& people, const std::map<std::string, std::string>& grants) {
    std::string all;
    for (const auto& [pattern, subjects] : grants) all.append(subjects).append(" ");
    return people.of(all).size();
}

}  // namespace

ConfView ConfView::of(std::string_view text) {
    return Reader().run(text);
}

Names ConfView::group_names() const {
    Names names;
    for (const auto& [group, members] : groups) names.insert(group);
    for (const auto& [repository, rules] : grants)
        for (const auto& [pattern, subjects] : rules) {
            std::string_view words = subjects;
            for (std::string_view word = next_word(words); !word.empty(); word = next_word(words))
                if (word.starts_with('@')) names.emplace(word.substr(1));
        }
    return names;
}

const People::Set& People::of(const std::string& subjects) {
    const auto found = known_.find(subjects);
    if (found != known_.end()) return found->second;
    Set set;
    std::string_view words = subjects;
    for (std::string_view word = next_word(words); !word.empty(); word = next_word(words)) append(set, word);
    std::sort(set.begin(), set.end());
    set.erase(std::unique(set.begin(), set.end()), set.end());
    return known_.emplace(subjects, std::move(set)).first->second;
}

void People::append(Set& set, std::string_view word) {
    const auto group = word.starts_with('@') ? view_.groups.find(std::string(word.substr(1))) : view_.groups.end();
    if (group == view_.groups.end()) {
        if (!word.starts_with('@') || word == "@all") set.push_back(number_of(word));
        return;
    }
    for (const std::string& member : group->second) set.push_back(number_of(member));
}

std::size_t People::number_of(std::string_view name) {
    return numbers_.emplace(std::string(name), numbers_.size()).first->second;
}

ConfSize size_of(const ConfView& view) {
    std::map<std::string, std::size_t> numbers;
    People people(view, numbers);
    ConfSize size;
    for (const auto& [repository, grants] : view.grants) {
        if (repository == "@all") continue;
        ++size.repositories;
        size.pairs += people_of(people, grants);
    }
    return size;
}

}  // namespace genacls
