#include "bus/config/derived.hpp"

#include <fmt/format.h>

#include "bus/config/sections.hpp"

namespace fedmsg::config {
namespace {

const Origin kDefault{"built-in default"};

json::Value list_of_addresses(const std::vector<std::string>& targets, json::Pool& pool) {
    json::Value list(rapidjson::kArrayType);
    for (const std::string& target : targets) list.PushBack(json::make_text("tcp://" + target, pool), pool);
    return list;
}

// One domain; false: asking further makes no sense.
bool add_srv_endpoint(const std::string& domain, json::Value& endpoints, Configuration& configuration,
                      const SrvLookUp& look_up, std::vector<Problem>& warnings) {
    bool go_on = true;
    const auto warn = [&](const char* why) {
        const std::string text = fmt::format("srv_endpoints: looking up _fedmsg._tcp.{} failed: {}", domain, why);
        warnings.push_back({configuration.origin("srv_endpoints"), text});
    };
    try {
        json::Value addresses = list_of_addresses(look_up(domain), configuration.pool());
        endpoints.RemoveMember(domain.c_str());
        endpoints.AddMember(json::make_text(domain, configuration.pool()), addresses, configuration.pool());
    } catch (const NoNameServers& error) {
        warn(error.what());
        go_on = false;
    } catch (const std::runtime_error& error) {
        warn(error.what());
    }
    return go_on;
}

void add_srv_endpoints(json::Value& endpoints, Configuration& configuration, const SrvLookUp& look_up,
                       std::vector<Problem>& warnings) {
    const json::Value* domains = configuration.find("srv_endpoints");
    if (domains == nullptr || !domains->IsArray()) return;
    for (const std::string& domain : configuration.texts("srv_endpoints"))
        if (!add_srv_endpoint(domain, endpoints, configuration, look_up, warnings)) return;
}

}  // namespace

void lay_defaults_under(Configuration& configuration, const Schema& schema) {
    for (const KeySpec& spec : schema.keys()) {
        if (!spec.laid_under || configuration.has(spec.name)) continue;
        const auto value = json::parse(spec.default_json);
        if (!value) throw std::logic_error(fmt::format("default of {}: {}", spec.name, value.error().text));
        configuration.set(spec.name, json::copy(*value, configuration.pool()), kDefault);
    }
}

void derive_endpoints(Merger& merger, Configuration& configuration, const Request& request, const SrvLookUp& look_up,
                      std::vector<Problem>& warnings, std::vector<Problem>& problems) {
    const bool needed = request.need_endpoints && request.defaults;
    if (merger.find("endpoints") == nullptr && configuration.has("srv_endpoints") && needed)
        configuration.set("endpoints", json::Value(rapidjson::kObjectType), configuration.origin("srv_endpoints"));
    json::Value* endpoints = merger.find("endpoints");
    if (endpoints == nullptr) {
        if (needed) problems.push_back({{}, "No config value 'endpoints' found."});
        return;
    }
    if (!endpoints->IsObject()) {
        problems.push_back({configuration.origin("endpoints"), "The 'endpoints' config value must be a dict."});
        return;
    }
    check_endpoints(merger, configuration, problems);
    if (problems.empty()) add_srv_endpoints(*endpoints, configuration, look_up, warnings);
}

void derive_prefix_expression(Configuration& configuration) {
    const json::Value* prefix = configuration.find("topic_prefix");
    if (configuration.has("topic_prefix_re") || prefix == nullptr || !json::is_text(*prefix)) return;
    std::string expression;
    for (const char c : json::text_of(*prefix)) {
        if (c == '.') expression += '\\';
        expression += c;
    }
    configuration.set_text("topic_prefix_re", expression + R"(\.[^\W\d_]+)", {"derived from topic_prefix"});
}

}  // namespace fedmsg::config
