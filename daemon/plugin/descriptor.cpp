#include "daemon/plugin/descriptor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <set>

#include "bus/base/utf8.hpp"
#include "bus/topics/matcher.hpp"
#include "daemon/plugin/guard.hpp"

namespace fedmsg::hub {
namespace {

constexpr std::size_t kMaxNameBytes = 64;
constexpr std::size_t kMaxKeyBytes = 256;
constexpr std::size_t kMaxProseBytes = 4096;
constexpr std::size_t kMaxDefaultBytes = 64 * 1024;
constexpr std::uint32_t kMaxTopics = 10'000;
constexpr std::uint32_t kMaxOptions = 1'000;
constexpr std::uint32_t kMaxPrefixes = 100;
constexpr std::uint64_t kMaxDelayMs = 366ULL * 24 * 3600 * 1000;

// Sizes in version 1.0: later ones only append.
constexpr std::size_t kFirstConsumerSize = offsetof(fedmsg_hub_consumer, user) + sizeof(void*);
constexpr std::size_t kFirstOptionSize = offsetof(fedmsg_hub_option, help) + sizeof(fedmsg_hub_text);
constexpr std::size_t kFirstFunctionsSize = offsetof(fedmsg_hub_functions, reconfigure) + sizeof(void*);

template <class... Arguments>
[[noreturn]] void refuse(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    throw Refused(fmt::format(format, std::forward<Arguments>(arguments)...));
}

std::string take_text(fedmsg_hub_text text, std::string_view what, std::size_t limit) {
    if (text.size > 0 && text.data == nullptr) refuse("its {} is a null pointer with a size of {}", what, text.size);
    if (text.size > limit) refuse("its {} has {} bytes; at most {} are allowed", what, text.size, limit);
    std::string copy(view_of(text));
    if (!utf8::is_valid(copy)) refuse("its {} is not UTF-8", what);
    return copy;
}

bool is_name(std::string_view name) {
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    const auto is_allowed = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; };
    return !name.empty() && is_letter(name.front()) && std::all_of(name.begin(), name.end(), is_allowed);
}

std::string take_name(fedmsg_hub_text text) {
    std::string name = take_text(text, "name", kMaxNameBytes);
    if (!is_name(name))
        refuse("\"{}\" is no legal name for a consumer: a small letter, then small letters, digits and '-'",
               one_line(name));
    return name;
}

// Flat configuration keys: anything that can be written in a file and read back in a log.
std::string take_key(fedmsg_hub_text text, std::string_view what) {
    std::string key = take_text(text, what, kMaxKeyBytes);
    const auto is_unfit = [](unsigned char c) { return c <= 0x20 || c == 0x7f; };
    if (key.empty()) refuse("its {} is empty", what);
    if (std::any_of(key.begin(), key.end(), is_unfit) || key.front() == '.' || key.back() == '.')
        refuse("its {} \"{}\" is no configuration key: no blanks, no control characters, no '.' at an end", what,
               one_line(key));
    return key;
}

std::string take_topic(const fedmsg_hub_text& text) {
    std::string topic = take_text(text, "topic pattern", topics::kMaxPatternBytes);
    if (const Status status = topics::check_pattern(topic, topics::Rule::glob); !status)
        refuse("its topic pattern \"{}\" is refused: {}", one_line(topic), status.error().text);
    return topic;
}

std::uint32_t checked_count(std::uint32_t count, const void* array, std::string_view what, std::uint32_t limit) {
    if (count > 0 && array == nullptr) refuse("it names {} {} behind a null pointer", count, what);
    if (count > limit) refuse("it names {} {}; at most {} are allowed", count, what, limit);
    return count;
}

std::vector<std::string> take_topics(const fedmsg_hub_consumer& consumer) {
    std::vector<std::string> patterns;
    for (std::uint32_t i = 0; i < checked_count(consumer.topic_count, consumer.topics, "topics", kMaxTopics); ++i)
        patterns.push_back(take_topic(consumer.topics[i]));
    return patterns;
}

std::vector<std::string> take_prefixes(const fedmsg_hub_consumer& consumer) {
    const auto count = checked_count(consumer.key_prefix_count, consumer.key_prefixes, "key prefixes", kMaxPrefixes);
    std::vector<std::string> prefixes;
    for (std::uint32_t i = 0; i < count; ++i) prefixes.push_back(take_key(consumer.key_prefixes[i], "key prefix"));
    return prefixes;
}

config::Type option_type(std::int32_t type, const std::string& name) {
    switch (type) {
        case FEDMSG_HUB_OPTION_STRING:
            return config::Type::string;
        case FEDMSG_HUB_OPTION_BOOLEAN:
            return config::Type::boolean;
        case FEDMSG_HUB_OPTION_INTEGER:
            return config::Type::integer;
        case FEDMSG_HUB_OPTION_NUMBER:
            return config::Type::number;
        case FEDMSG_HUB_OPTION_LIST:
            return config::Type::list;
        case FEDMSG_HUB_OPTION_MAP:
            return config::Type::map;
        case FEDMSG_HUB_OPTION_ANY:
            return config::Type::any;
        default:
            refuse("its option \"{}\" has the unknown type {}", name, type);
    }
}

void check_default(const OptionDeclaration& option) {
    if (option.default_json.empty()) return;
    const Result<json::Document> value = json::parse(option.default_json);
    if (!value) refuse("the default of its option \"{}\" is not JSON: {}", option.name, value.error().text);
    if (!value->IsNull() && !fits_type(*value, option.type))
        refuse("the default of its option \"{}\" is no {}: {}", option.name, type_name(option.type),
               one_line(option.default_json));
}

OptionDeclaration take_option(const fedmsg_hub_option* given) {
    if (given == nullptr) refuse("one of its options is a null pointer");
    if (given->struct_size < kFirstOptionSize)
        refuse("one of its options has {} bytes, the smallest one of ABI 1 has {}", given->struct_size,
               kFirstOptionSize);
    OptionDeclaration option;
    option.name = take_key(given->name, "option name");
    option.type = option_type(given->type, option.name);
    option.required = (given->flags & FEDMSG_HUB_OPTION_REQUIRED) != 0;
    option.secret = (given->flags & FEDMSG_HUB_OPTION_SECRET) != 0;
    option.default_json =
        take_text(given->default_json, "default of the option \"" + option.name + '"', kMaxDefaultBytes);
    option.help = take_text(given->help, "help of the option \"" + option.name + '"', kMaxProseBytes);
    check_default(option);
    return option;
}

std::vector<OptionDeclaration> take_options(const fedmsg_hub_consumer& consumer, const std::string& config_key) {
    std::vector<OptionDeclaration> options;
    std::set<std::string> names{config_key};
    for (std::uint32_t i = 0; i < checked_count(consumer.option_count, consumer.options, "options", kMaxOptions); ++i) {
        options.push_back(take_option(consumer.options[i]));
        if (!names.insert(options.back().name).second)
            refuse("its option \"{}\" is declared twice, or is its config_key", options.back().name);
    }
    return options;
}

fedmsg_hub_functions take_functions(const fedmsg_hub_functions* given) {
    if (given == nullptr) refuse("it has no function table");
    if (given->struct_size < kFirstFunctionsSize)
        refuse("its function table has {} bytes, the smallest one of ABI 1 has {}", given->struct_size,
               kFirstFunctionsSize);
    fedmsg_hub_functions functions{};
    std::memcpy(&functions, given, std::min<std::size_t>(given->struct_size, sizeof functions));
    return functions;
}

// Half-implemented capabilities are named, so that their author finds them.
void check_functions(const ConsumerDeclaration& consumer) {
    const fedmsg_hub_functions& functions = consumer.functions;
    if (functions.create == nullptr) refuse("it has no function create");
    if (functions.destroy == nullptr) refuse("it has no function destroy");
    if (consumer.topics.empty() && consumer.period.count() == 0)
        refuse("it has neither topics nor a period, so it would never be called");
    if (!consumer.topics.empty() && functions.consume_batch == nullptr)
        refuse("it has topics, but no function consume_batch");
    if (consumer.period.count() > 0 && functions.poll == nullptr) refuse("it has a period, but no function poll");
    if (consumer.reconfigures && functions.reconfigure == nullptr)
        refuse("it declares the capability RECONFIGURES, but has no function reconfigure");
}

std::chrono::milliseconds take_time(std::uint64_t milliseconds, std::string_view what) {
    if (milliseconds > kMaxDelayMs) refuse("its {} of {} ms is longer than a year", what, milliseconds);
    return std::chrono::milliseconds(milliseconds);
}

RetryWish take_retry(const fedmsg_hub_consumer& consumer) {
    if (!std::isfinite(consumer.delay_factor) || (consumer.delay_factor != 0 && consumer.delay_factor < 1))
        refuse("its retry factor {} is neither 0 nor at least 1", consumer.delay_factor);
    return {consumer.max_attempts, take_time(consumer.first_delay_ms, "first retry delay"), consumer.delay_factor,
            take_time(consumer.max_delay_ms, "longest retry delay")};
}

Wish take_wish(std::int32_t wish) {
    switch (wish) {
        case FEDMSG_HUB_AS_CONFIGURED:
            return Wish::as_configured;
        case FEDMSG_HUB_YES:
            return Wish::yes;
        case FEDMSG_HUB_NO:
            return Wish::no;
        default:
            refuse("its wish about signatures has the unknown value {}", wish);
    }
}

}  // namespace

std::string printable_name(const fedmsg_hub_consumer& consumer) {
    if (consumer.struct_size < kFirstConsumerSize || consumer.name.size > kMaxNameBytes) return {};
    return one_line(view_of(consumer.name));
}

ConsumerDeclaration read_descriptor(const fedmsg_hub_consumer& given, std::shared_ptr<const Plugin> plugin) {
    if (given.struct_size < kFirstConsumerSize)
        refuse("a descriptor has {} bytes, the smallest one of ABI 1 has {}", given.struct_size, kFirstConsumerSize);
    ConsumerDeclaration consumer;
    consumer.plugin = std::move(plugin);
    consumer.name = take_name(given.name);
    consumer.description = one_line(take_text(given.description, "description", kMaxProseBytes));
    consumer.config_key = take_key(given.config_key, "config_key");
    consumer.topics = take_topics(given);
    consumer.key_prefixes = take_prefixes(given);
    consumer.options = take_options(given, consumer.config_key);
    consumer.publishes = (given.capabilities & FEDMSG_HUB_PUBLISHES) != 0;
    consumer.executes = (given.capabilities & FEDMSG_HUB_EXECUTES) != 0;
    consumer.parallel = (given.capabilities & FEDMSG_HUB_PARALLEL) != 0;
    consumer.reconfigures = (given.capabilities & FEDMSG_HUB_RECONFIGURES) != 0;
    consumer.validate_signatures = take_wish(given.validate_signatures);
    consumer.period = take_time(given.period_ms, "period");
    consumer.retry = take_retry(given);
    consumer.functions = take_functions(given.functions);
    consumer.user = given.user;
    check_functions(consumer);
    return consumer;
}

}  // namespace fedmsg::hub
