// What a plugin told about one consumer, kept for the fake host; and the options object that the hub would make of a
// configuration. One thread.
#ifndef FEDMSG_HUB_TESTING_DESCRIPTOR_HPP
#define FEDMSG_HUB_TESTING_DESCRIPTOR_HPP

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../plugin_abi.h"
#include "../sdk/text.hpp"
#include "json_tree.hpp"
#include "records.hpp"

namespace fedmsg_hub::testing {

struct DeclaredOption {
    std::int32_t type;
    std::uint32_t flags;
    std::string name;
    std::string default_json;
    std::string help;
};

// A copy of a fedmsg_hub_consumer. The functions and `user` stay the plugin's.
struct Descriptor {
    std::string name;
    std::string description;
    std::string config_key;
    std::vector<std::string> topics;
    std::vector<std::string> key_prefixes;
    std::vector<DeclaredOption> options;
    std::uint32_t capabilities = 0;
    std::uint64_t period_ms = 0;
    fedmsg_hub_consumer raw{};  // its texts and arrays are void: use the members above

    explicit Descriptor(const fedmsg_hub_consumer& consumer)
        : name(detail::view(consumer.name)),
          description(detail::view(consumer.description)),
          config_key(detail::view(consumer.config_key)),
          topics(copied(consumer.topics, consumer.topic_count)),
          key_prefixes(copied(consumer.key_prefixes, consumer.key_prefix_count)),
          capabilities(consumer.capabilities),
          period_ms(consumer.period_ms),
          raw(consumer) {
        for (std::uint32_t at = 0; at < consumer.option_count; ++at) {
            const fedmsg_hub_option& option = *consumer.options[at];
            options.push_back({option.type, option.flags, std::string(detail::view(option.name)),
                               std::string(detail::view(option.default_json)), std::string(detail::view(option.help))});
        }
    }

    const fedmsg_hub_functions& functions() const { return *raw.functions; }
    bool has(fedmsg_hub_capabilities capability) const { return (capabilities & capability) != 0; }

private:
    static std::vector<std::string> copied(const fedmsg_hub_text* texts, std::uint32_t count) {
        std::vector<std::string> out;
        for (std::uint32_t at = 0; at < count; ++at) out.emplace_back(detail::view(texts[at]));
        return out;
    }
};

// Collects what a plugin's describe function offers.
class DescriptorSink {
public:
    DescriptorSink() = default;
    DescriptorSink(const DescriptorSink&) = delete;  // its sink points to itself
    DescriptorSink& operator=(const DescriptorSink&) = delete;

    const fedmsg_hub_describe_sink* sink() const { return &sink_; }
    const std::vector<Descriptor>& consumers() const { return consumers_; }
    const std::string& error() const { return error_; }

private:
    static std::int32_t add(void* self, const fedmsg_hub_consumer* consumer) {
        auto& sink = *static_cast<DescriptorSink*>(self);
        Descriptor descriptor(*consumer);
        if (const std::string problem = sink.problem_with(descriptor); !problem.empty()) {
            sink.problem_ = problem;
            return FEDMSG_HUB_INVALID;
        }
        sink.consumers_.push_back(std::move(descriptor));
        return FEDMSG_HUB_OK;
    }
    static void fail(void* self, fedmsg_hub_text text) {
        auto& sink = *static_cast<DescriptorSink*>(self);
        sink.error_ = sink.problem_.empty() ? std::string(detail::view(text)) : sink.problem_;
    }

    std::string problem_with(const Descriptor& descriptor) const {
        const std::string& name = descriptor.name;
        if (!is_name(name)) return "consumer name \"" + name + "\": use a-z, then a-z, 0-9 and -, at most 64 bytes";
        for (const Descriptor& other : consumers_)
            if (other.name == name) return "two consumers are called " + name;
        if (descriptor.config_key.empty()) return "consumer " + name + ": it has no config_key";
        return {};
    }
    static bool is_name(std::string_view name) {
        const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
        const auto is_allowed = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; };
        return !name.empty() && name.size() <= 64 && is_letter(name[0]) &&
               std::all_of(name.begin(), name.end(), is_allowed);
    }

    fedmsg_hub_describe_sink sink_{sizeof(fedmsg_hub_describe_sink), 0, this, &add, &fail};
    std::vector<Descriptor> consumers_;
    std::string problem_;
    std::string error_;
};

// Makes the options object of a consumer, with the hub's checks: known names, types, required ones, defaults.
class OptionMaker {
public:
    explicit OptionMaker(const Descriptor& descriptor) : descriptor_(descriptor) {}

    // `configuration`: a JSON object of flat names. Throws Refused.
    Node make(std::string_view configuration) const {
        const Node given = read(configuration, "the options");
        if (given.type != Type::object) throw Refused("the options must be a JSON object of full names");
        for (const Item& item : given.items) expect_declared(item.key);
        Node out;
        out.type = Type::object;
        for (const DeclaredOption& option : descriptor_.options) out.set(option.name, value_of(option, given));
        return out;
    }

private:
    static Node read(std::string_view text, const std::string& what) {
        try {
            return JsonReader(text).read();
        } catch (const ValueError& error) {
            throw Refused(what + ": " + error.what());
        }
    }
    void expect_declared(const std::string& name) const {
        if (name == descriptor_.config_key) return;
        for (const DeclaredOption& option : descriptor_.options)
            if (option.name == name) return;
        throw Refused("option " + name + " is not declared by consumer " + descriptor_.name);
    }
    static Node value_of(const DeclaredOption& option, const Node& given) {
        const Node* value = given.member(option.name);
        if (value == nullptr && (option.flags & FEDMSG_HUB_OPTION_REQUIRED) != 0)
            throw Refused("option " + option.name + " is required: " + option.help);
        if (value == nullptr && option.default_json.empty()) return {};
        Node out = value != nullptr ? *value : read(option.default_json, "the default of option " + option.name);
        if (!fits(out.type, option.type)) throw Refused("option " + option.name + " has a value of the wrong type");
        return out;
    }
    static bool fits(Type type, std::int32_t wanted) {
        switch (wanted) {
            case FEDMSG_HUB_OPTION_STRING:
                return type == Type::string;
            case FEDMSG_HUB_OPTION_BOOLEAN:
                return type == Type::boolean;
            case FEDMSG_HUB_OPTION_INTEGER:
                return type == Type::integer;
            case FEDMSG_HUB_OPTION_NUMBER:
                return type == Type::integer || type == Type::real;
            case FEDMSG_HUB_OPTION_LIST:
                return type == Type::array;
            case FEDMSG_HUB_OPTION_MAP:
                return type == Type::object;
            default:
                return true;
        }
    }

    const Descriptor& descriptor_;
};

}  // namespace fedmsg_hub::testing

#endif
