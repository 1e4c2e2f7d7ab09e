#include "bus/config/flatten.hpp"

#include <fmt/format.h>

#include <algorithm>

#include <unordered_map>

#include "bus/config/merger.hpp"

namespace fedmsg::config {
namespace {

class Flattening {
public:
    Flattening(const Schema& schema, const std::string& file, std::vector<Problem>& problems)
        : schema_(schema), file_(file), problems_(problems) {}

    void add(const std::string& name, Member member, bool is_nested) {
        const bool is_declared = schema_.find(name) != nullptr;
        if (is_declared || !schema_.has_below(name)) {
            if (is_nested && is_declared) check_spelling(name, member.line);
            return keep(name, std::move(member));
        }
        if (member.value.kind == Node::Kind::map)
            for (Member& below : member.value.members) {
                const std::string full_name = name + '.' + below.key;  // before `below` moves
                add(full_name, std::move(below), true);
            }
        else if (!is_nothing(member.value))
            keep(name, std::move(member));
    }

    std::vector<Entry> take() { return std::move(entries_); }

private:
    // A group whose entries are all commented out.
    static bool is_nothing(const Node& value) {
        return value.kind == Node::Kind::scalar && !value.quoted && value.text.empty();
    }

    void check_spelling(const std::string& name, int line) {
        if (const KeySpec* other = schema_.entangled_with(name))
            problems_.push_back({{file_, line}, only_flat(name, *other)});
    }

    // The reader has found the same key twice in one map.
    bool is_told(const std::string& name, int line) const {
        return std::any_of(problems_.begin(), problems_.end(), [&](const Problem& problem) {
            return problem.origin.file == file_ && problem.origin.line == line &&
                   problem.text.starts_with(name + " is set twice");
        });
    }

    void keep(const std::string& name, Member member) {
        const auto [first, is_new] = lines_.emplace(name, member.line);
        if (!is_new && !is_told(name, member.line))
            problems_.push_back(
                {{file_, member.line},
                 fmt::format("{} is set twice in this file, here and in line {}: keep one", name, first->second)});
        entries_.push_back({name, member.line, std::move(member.value)});
    }

    const Schema& schema_;
    const std::string& file_;
    std::vector<Problem>& problems_;
    std::vector<Entry> entries_;
    std::unordered_map<std::string, int> lines_;
};

}  // namespace

void find_duplicates(const Node& node, const std::string& file, std::vector<Problem>& problems) {
    std::unordered_map<std::string, int> lines;
    for (const Member& member : node.members) {
        const auto [first, is_new] = lines.emplace(member.key, member.line);
        if (!is_new)
            problems.push_back(
                {{file, member.line},
                 fmt::format("{} is set twice in this map, here and in line {}: keep one", member.key, first->second)});
        find_duplicates(member.value, file, problems);
    }
    for (const Node& item : node.items) find_duplicates(item, file, problems);
}

std::vector<Entry> flatten(Node root, const Schema& schema, const std::string& file, std::vector<Problem>& problems) {
    Flattening flattening(schema, file, problems);
    for (Member& member : root.members) {
        const std::string name = member.key;
        flattening.add(name, std::move(member), false);
    }
    return flattening.take();
}

void list_spellings(const std::string& name, const Node& value, std::vector<std::pair<std::string, int>>& spellings) {
    for (const Member& member : value.members) {
        const std::string below = name + '.' + member.key;
        spellings.emplace_back(below, member.line);
        list_spellings(below, member.value, spellings);
    }
}

}  // namespace fedmsg::config
