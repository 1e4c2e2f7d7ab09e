#include "daemon/app/settings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "bus/subscriber/subscriber.hpp"

namespace fedmsg::hub {
namespace {

// Gathers problems, to report them together.
class Check {
public:
    explicit Check(const config::Configuration& configuration) : configuration_(configuration) {}

    void refuse(std::string_view key, std::string text) {
        problems_.push_back({configuration_.origin(key), std::move(text)});
    }
    void finish() const {
        if (!problems_.empty()) throw config::ConfigError(problems_);
    }

private:
    const config::Configuration& configuration_;
    std::vector<config::Problem> problems_;
};

// Every address of `endpoints` once, in file order.
std::vector<std::string> addresses_to_connect(const config::Configuration& configuration) {
    std::vector<std::string> addresses;
    for (const auto& [name, entry] : configuration.endpoints())
        for (const auto& address : entry)
            if (std::find(addresses.begin(), addresses.end(), address) == addresses.end()) addresses.push_back(address);
    return addresses;
}

void check_addresses(const Settings& settings, Check& check) {
    const std::string_view key = facts_of(settings.role).binds_inbound ? "relay_inbound" : "endpoints";
    for (const auto& address : settings.addresses)
        if (auto status = Subscriber::check_address(address); !status)
            check.refuse(key, fmt::format("{}: {}", key, status.error().text));
    if (settings.addresses.empty() && facts_of(settings.role).binds_inbound)
        check.refuse(key,
                     "relay_inbound is not set: the relay needs the address where publishers connect to, for "
                     "example relay_inbound: [tcp://127.0.0.1:2003]");
}

// The hub's default is to validate, so a configuration that says nothing asks for it as well.
void check_trust(const config::Configuration& configuration, const Settings& settings, Check& check) {
    if (settings.role != Role::hub) return;
    if (configuration.boolean("validate_signatures", true))
        check.refuse("validate_signatures",
                     "validate_signatures is on (as it is when it is not set), but this version cannot validate "
                     "signatures yet; write validate_signatures: false to take messages unchecked");
    if (configuration.boolean("sign_messages", false))
        check.refuse("sign_messages",
                     "sign_messages is on, but this version cannot sign yet; write sign_messages: false");
}

void check_durability(const config::Configuration& configuration, Check& check) {
    const auto durability = configuration.text("durability", "none");
    if (durability != "none")
        check.refuse("durability", fmt::format("durability: {} needs the durable journal, which this version does not "
                                               "have yet; write durability: none, or leave it out",
                                               durability));
}

topics::Rule topic_rule_of(const config::Configuration& configuration) {
    if (configuration.text("topic_match", "glob") != "prefix") return topics::Rule::glob;
    return configuration.boolean("zmq_strict", false) ? topics::Rule::prefix_strict : topics::Rule::prefix;
}

}  // namespace

Settings settings_from(const config::Configuration& configuration, Role role, const std::string& instance) {
    Check check(configuration);
    Settings settings;
    settings.role = role;
    settings.instance = instance;
    settings.id = id_of(role, instance);
    settings.state_directory = configuration.text("state_dir", "/var/lib/fedmsg-hub") + "/" + settings.id;
    settings.runtime_directory = configuration.text("runtime_dir", "/run/fedmsg-hub") + "/" + settings.id;
    settings.strict_plugins = configuration.boolean("strict_plugins", false);
    settings.addresses =
        facts_of(role).binds_inbound ? configuration.texts("relay_inbound") : addresses_to_connect(configuration);
    settings.socket = SocketOptions::from(configuration);
    settings.io_threads = static_cast<int>(configuration.integer("io_threads", 1));
    settings.topic_prefix = configuration.text("topic_prefix", "org.fedoraproject");
    settings.environment = configuration.text("environment", "dev");
    settings.topic_rule = topic_rule_of(configuration);
    settings.max_waiting = static_cast<std::size_t>(configuration.integer("max_waiting", 1000));
    settings.call_deadline = configuration.duration("call_deadline", settings.call_deadline);
    settings.stop_timeout = configuration.duration("stop_timeout", settings.stop_timeout);
    settings.monitoring_address = configuration.text("moksha.monitoring.socket", "");
    settings.monitoring_mode = configuration.text("moksha.monitoring.socket.mode", "");
    check_addresses(settings, check);
    check_trust(configuration, settings, check);
    check_durability(configuration, check);
    check.finish();
    return settings;
}

}  // namespace fedmsg::hub
