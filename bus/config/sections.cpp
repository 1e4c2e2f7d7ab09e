#include "bus/config/sections.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "bus/base/text.hpp"
#include "bus/config/loader.hpp"
#include "bus/config/values.hpp"
#include "bus/topics/matcher.hpp"

namespace fedmsg::config {
namespace {

using Path = Merger::Path;

KeySpec field(const char* name, Type type, Form form = Form::plain, std::vector<std::string> words = {}) {
    KeySpec spec;
    spec.name = name;
    spec.type = type;
    spec.form = form;
    spec.words = std::move(words);
    return spec;
}

KeySpec count(const char* name) {
    KeySpec spec = field(name, Type::integer);
    spec.minimum = 1;
    return spec;
}

Schema consumer_fields() {
    Schema fields;
    fields.add(field("topics", Type::string_or_list));
    fields.add(field("topic_match", Type::string, Form::plain, {"glob", "prefix"}));
    fields.add(field("validate_signatures", Type::boolean));
    fields.add(count("parallelism"));
    fields.add(field("order", Type::string, Form::plain, {"none", "strict", "topic"}));
    fields.add(count("max_attempts"));
    fields.add(field("call_deadline", Type::any, Form::duration));
    fields.add(field("start", Type::string, Form::plain, {"latest", "earliest"}));
    return fields;
}

Schema plugin_fields() {
    Schema fields;
    fields.add(field("isolation", Type::string, Form::plain, {"in-process", "process"}));
    return fields;
}

Schema single_field(const char* name) {
    Schema fields;
    fields.add(field(name, Type::string));
    return fields;
}

std::string joined(const Path& path) {
    return text::join(path, ".");
}

class Sections {
public:
    Sections(Merger& merger, Configuration& configuration, std::vector<Problem>& problems)
        : merger_(merger), configuration_(configuration), problems_(problems) {}

    void check_fields(const Path& path, json::Value& map, const Schema& fields) {
        if (map.IsNull()) return;
        if (!map.IsObject()) return refuse(path, fmt::format("{} must be a map of settings", joined(path)));
        for (auto& member : map.GetObject()) {
            Path below = path;
            below.emplace_back(json::text_of(member.name));
            check_field(below, member.value, fields);
        }
    }

    void check_named(const char* key, const Schema& fields, bool are_consumers) {
        json::Value* map = merger_.find(key);
        if (map == nullptr || !map->IsObject()) return;
        for (auto& member : map->GetObject()) {
            const Path path{key, std::string(json::text_of(member.name))};
            if (are_consumers) check_consumer_name(path);
            check_fields(path, member.value, fields);
            if (are_consumers) check_patterns(path, member.value);
        }
    }

private:
    void refuse(const Path& path, std::string text) {
        problems_.push_back({configuration_.origin(path), std::move(text)});
    }

    void check_field(const Path& path, json::Value& value, const Schema& fields) {
        const KeySpec* spec = fields.find(path.back());
        if (spec == nullptr) {
            const std::string near = text::nearest(path.back(), fields.names());
            const std::string hint =
                near.empty() ? "there are " + text::join(fields.names(), ", ") : fmt::format("did you mean {}?", near);
            return refuse(path, fmt::format("{} is no setting: {}", joined(path), hint));
        }
        if (const auto status = convert(*spec, value, merger_.written(path), configuration_.pool()); !status)
            refuse(path, fmt::format("{} {}", joined(path), status.error().text));
    }

    void check_consumer_name(const Path& path) {
        const std::string& name = path.back();
        const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
        if (!name.empty() && name[0] >= 'a' && name[0] <= 'z' && std::all_of(name.begin(), name.end(), fits)) return;
        refuse(path,
               fmt::format("\"{}\" is no name of a consumer: names are small letters, digits and '-', a letter first",
                           name));
    }

    topics::Rule rule_of(const json::Value& consumer) const {
        std::string rule = configuration_.has("topic_match")
                               ? std::string(json::text_of(*configuration_.find("topic_match")))
                               : std::string();
        if (const json::Value* own = json::find(consumer, "topic_match")) rule = json::text_of(*own);
        if (rule != "prefix") return topics::Rule::glob;
        const json::Value* strict = configuration_.find("zmq_strict");
        return strict != nullptr && strict->IsTrue() ? topics::Rule::prefix_strict : topics::Rule::prefix;
    }

    void check_patterns(const Path& path, const json::Value& consumer) {
        const json::Value* topics = json::find(consumer, "topics");
        if (topics == nullptr) return;
        Path at = path;
        at.emplace_back("topics");
        if (json::is_text(*topics)) return check_pattern(at, json::text_of(*topics), rule_of(consumer));
        if (!topics->IsArray()) return;
        for (rapidjson::SizeType i = 0; i < topics->Size(); ++i) {
            Path item = at;
            item.push_back(std::to_string(i));
            if (json::is_text((*topics)[i])) check_pattern(item, json::text_of((*topics)[i]), rule_of(consumer));
        }
    }

    void check_pattern(const Path& path, std::string_view pattern, topics::Rule rule) {
        const auto expanded = expand_pattern(pattern, configuration_);
        const Status status = expanded ? topics::check_pattern(*expanded, rule) : Status(expanded.error());
        if (!status) refuse(path, fmt::format("{}: {}", joined(path), status.error().text));
    }

    Merger& merger_;
    Configuration& configuration_;
    std::vector<Problem>& problems_;
};

class Endpoints {
public:
    Endpoints(Configuration& configuration, std::vector<Problem>& problems)
        : configuration_(configuration), problems_(problems) {}

    void check(const char* key, json::Value& map, bool make_lists) {
        for (auto& member : map.GetObject()) {
            const Path path{key, std::string(json::text_of(member.name))};
            check_entry(path, member.value);
            if (make_lists && json::is_text(member.value)) make_list(member.value);
        }
    }

private:
    void check_entry(const Path& path, const json::Value& entry) {
        if (!entry.IsArray()) return check_one(path, path, entry);
        for (rapidjson::SizeType i = 0; i < entry.Size(); ++i) {
            Path item = path;
            item.push_back(std::to_string(i));
            check_one(item, path, entry[i]);
        }
    }

    void check_one(const Path& at, const Path& name, const json::Value& address) {
        if (!json::is_text(address))
            return refuse(at, fmt::format("{} must be an address or a list of addresses, like tcp://127.0.0.1:4001",
                                          joined(name)));
        if (const Status status = check_address(json::text_of(address)); !status)
            refuse(at, fmt::format("{}: {}", joined(name), status.error().text));
    }

    void refuse(const Path& path, std::string text) {
        problems_.push_back({configuration_.origin(path), std::move(text)});
    }

    void make_list(json::Value& address) {
        json::Value list(rapidjson::kArrayType);
        list.PushBack(address, configuration_.pool());
        address = list;
    }

    Configuration& configuration_;
    std::vector<Problem>& problems_;
};

}  // namespace

void check_sections(Merger& merger, Configuration& configuration, std::vector<Problem>& problems) {
    Sections sections(merger, configuration, problems);
    sections.check_named("consumers", consumer_fields(), true);
    sections.check_named("plugins", plugin_fields(), false);
    if (json::Value* publisher = merger.find("hub_publisher"))
        sections.check_fields({"hub_publisher"}, *publisher, single_field("name"));
    if (json::Value* http = merger.find("http")) sections.check_fields({"http"}, *http, single_field("listen"));
}

void check_endpoints(Merger& merger, Configuration& configuration, std::vector<Problem>& problems) {
    Endpoints endpoints(configuration, problems);
    json::Value* value = merger.find("endpoints");
    if (value != nullptr && value->IsObject()) endpoints.check("endpoints", *value, true);
    json::Value* replay = merger.find("replay_endpoints");
    if (replay != nullptr && replay->IsObject()) endpoints.check("replay_endpoints", *replay, false);
}

}  // namespace fedmsg::config
