#include "bus/config/merger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "bus/config/core_schema.hpp"

namespace fedmsg::config {
namespace {

json::Value* member_of(json::Value& object, std::string_view name) {
    for (auto& member : object.GetObject())
        if (json::text_of(member.name) == name) return &member.value;
    return nullptr;
}

Origin at_line(const Origin& file, int line) {
    Origin origin = file;
    if (line > 0) origin.line = line;
    return origin;
}

bool lies_in(const std::vector<std::string>& path, const std::vector<std::string>& above) {
    return path.size() >= above.size() && std::equal(above.begin(), above.end(), path.begin());
}

}  // namespace

std::string only_flat(const std::string& name, const KeySpec& other) {
    return fmt::format("{} has no nested spelling, since {} is a key too: write '{}:' at the left margin", name,
                       other.name, name);
}

void Merger::lay_over(const std::string& key, const Node& value, const Origin& origin) {
    Path path;
    lay_over_member(configuration_.root_, key, value, path, origin);
}

void Merger::lay_over_member(json::Value& map, const std::string& name, const Node& value, Path& path,
                             const Origin& origin) {
    path.push_back(name);
    json::Value* present = member_of(map, name);
    if (present != nullptr && present->IsObject() && value.kind == Node::Kind::map) {
        record(path, origin);
        for (const Member& member : value.members)
            lay_over_member(*present, member.key, member.value, path, at_line(origin, member.line));
    } else {
        forget_below(path);
        json::Value built = build(value, path, origin);
        if (present != nullptr)
            *present = built;
        else
            map.AddMember(json::make_text(name, configuration_.pool()), built, configuration_.pool());
    }
    path.pop_back();
}

json::Value Merger::build(const Node& node, const Path& path, const Origin& origin) {
    if (node.kind == Node::Kind::scalar) return build_scalar(node, path, origin);
    record(path, origin);
    json::Pool& pool = configuration_.pool();
    json::Value built(node.kind == Node::Kind::list ? rapidjson::kArrayType : rapidjson::kObjectType);
    Path below = path;
    below.emplace_back();
    for (const Node& item : node.items) {
        below.back() = std::to_string(built.Size());
        built.PushBack(build(item, below, at_line(origin, item.line)), pool);
    }
    for (const Member& member : node.members) {
        below.back() = member.key;
        json::Value value = build(member.value, below, at_line(origin, member.line));
        built.AddMember(json::make_text(member.key, pool), value, pool);
    }
    return built;
}

json::Value Merger::build_scalar(const Node& node, const Path& path, const Origin& origin) {
    json::Value value = resolve_scalar(node, configuration_.pool());
    record(path, origin, json::is_text(value) ? std::string() : node.text);
    return value;
}

void Merger::replace(std::string_view key, json::Value value, const Origin& origin) {
    Path path{std::string(key)};
    forget_below(path);
    record_below(value, path, origin);
    if (json::Value* present = find(key))
        *present = std::move(value);
    else
        configuration_.root_.AddMember(json::make_text(key, configuration_.pool()), value, configuration_.pool());
}

void Merger::note_spelling(std::string name, const Origin& origin) {
    configuration_.spellings_.push_back({std::move(name), origin});
}

const std::string* Merger::written(const Path& path) const {
    const auto found = configuration_.leaves_.find(path);
    const bool has = found != configuration_.leaves_.end() && !found->second.written.empty();
    return has ? &found->second.written : nullptr;
}

json::Value* Merger::find(std::string_view key) {
    return member_of(configuration_.root_, key);
}

void Merger::remove(std::string_view key) {
    forget_below({std::string(key)});
    for (auto member = configuration_.root_.MemberBegin(); member != configuration_.root_.MemberEnd(); ++member) {
        if (json::text_of(member->name) != key) continue;
        configuration_.root_.EraseMember(member);
        return;
    }
}

void Merger::record(const Path& path, const Origin& origin, std::string written) {
    configuration_.leaves_[path] = {origin, std::move(written)};
}

void Merger::record_below(const json::Value& value, Path& path, const Origin& origin) {
    record(path, origin);
    if (!value.IsObject()) return;
    for (const auto& member : value.GetObject()) {
        path.emplace_back(json::text_of(member.name));
        record_below(member.value, path, origin);
        path.pop_back();
    }
}

void Merger::forget_below(const Path& path) {
    auto& leaves = configuration_.leaves_;
    auto at = leaves.lower_bound(path);
    while (at != leaves.end() && lies_in(at->first, path)) at = leaves.erase(at);
}

// ---- Keys that are declared after loading ----

void Merger::fold_nested(const Schema& schema, std::vector<Problem>& problems) {
    std::vector<std::string> above;
    for (const auto& member : configuration_.root_.GetObject()) {
        const std::string name(json::text_of(member.name));
        if (member.value.IsObject() && schema.find(name) == nullptr && schema.has_below(name)) above.push_back(name);
    }
    for (const std::string& name : above) {
        json::Value value = std::move(*find(name));
        const Path path{name};
        for (auto& member : value.GetObject()) {
            Path from = path;
            from.emplace_back(json::text_of(member.name));
            fold(name + '.' + from.back(), std::move(member.value), from, schema, problems);
        }
        remove(name);
    }
}

void Merger::fold(const std::string& name, json::Value value, const Path& from, const Schema& schema,
                  std::vector<Problem>& problems) {
    const bool is_declared = schema.find(name) != nullptr;
    if (const KeySpec* other = is_declared ? schema.entangled_with(name) : nullptr)
        problems.push_back({configuration_.origin(from), only_flat(name, *other)});
    if (!is_declared && value.IsObject() && schema.has_below(name)) {
        for (auto& member : value.GetObject()) {
            Path below = from;
            below.emplace_back(json::text_of(member.name));
            fold(name + '.' + below.back(), std::move(member.value), below, schema, problems);
        }
        return;
    }
    if (json::Value* present = find(name)) return unite({name}, *present, value, from);
    move_leaves(from, {name});
    configuration_.root_.AddMember(json::make_text(name, configuration_.pool()), value, configuration_.pool());
}

// Two spellings of one key, each perhaps merged from several files: leaf by leaf, the later file wins.
void Merger::unite(const Path& to, json::Value& target, json::Value& value, const Path& from) {
    if (!target.IsObject() || !value.IsObject()) {
        if (rank(from) < rank(to)) return;
        forget_below(to);
        move_leaves(from, to);
        target = std::move(value);
        return;
    }
    for (auto& member : value.GetObject()) {
        Path below_from = from;
        Path below_to = to;
        below_from.emplace_back(json::text_of(member.name));
        below_to.emplace_back(below_from.back());
        if (json::Value* present = member_of(target, below_to.back())) {
            unite(below_to, *present, member.value, below_from);
        } else {
            move_leaves(below_from, below_to);
            target.AddMember(std::move(member.name), std::move(member.value), configuration_.pool());
        }
    }
}

void Merger::move_leaves(const Path& from, const Path& to) {
    auto& leaves = configuration_.leaves_;
    std::map<Path, Configuration::Leaf> moved;
    for (auto at = leaves.lower_bound(from); at != leaves.end() && lies_in(at->first, from); at = leaves.erase(at)) {
        Path path = to;
        path.insert(path.end(), at->first.begin() + static_cast<std::ptrdiff_t>(from.size()), at->first.end());
        moved.emplace(std::move(path), std::move(at->second));
    }
    leaves.merge(moved);
}

// Files by their order; what the command line or the program sets beats them all.
std::size_t Merger::rank(const Path& path) const {
    const Origin origin = configuration_.origin(path);
    const auto& files = configuration_.files_;
    const auto found = std::find(files.begin(), files.end(), origin.file);
    return found == files.end() ? std::numeric_limits<std::size_t>::max()
                                : static_cast<std::size_t>(found - files.begin());
}

void Merger::find_double_spelling(const std::string& key, std::vector<Problem>& problems) const {
    const auto& all = configuration_.spellings_;
    for (auto second = all.begin(); second != all.end(); ++second) {
        if (second->name != key) continue;
        const auto is_same = [&](const Configuration::Spelling& first) {
            return first.name == key && first.origin.file == second->origin.file;
        };
        const auto first = std::find_if(all.begin(), second, is_same);
        if (first == second) continue;
        problems.push_back({second->origin, fmt::format("{} is set twice in this file, here and in line {}: keep one",
                                                        key, first->origin.line)});
    }
}

}  // namespace fedmsg::config
