#include "daemon/app/command_line.hpp"

#include <fmt/format.h>

#include "bus/base/text.hpp"
#include "daemon/app/service_manager.hpp"
#include "fedmsg_version.hpp"

namespace fedmsg::hub {
namespace {

std::string last_of(const std::map<std::string, std::vector<std::string>>& given, const std::string& name) {
    const auto found = given.find(name);
    return found == given.end() || found->second.empty() ? "" : found->second.back();
}

Role role_of(const std::string& program, const std::string& name) {
    if (name.empty()) return role_from_program(program);
    if (const auto role = role_from_name(name)) return *role;
    throw cli::Failure(
        fmt::format("argument --role: invalid choice: '{}' (choose from hub, relay, signing-relay, gateway, irc)",
                    name),
        2);
}

std::string instance_of(const std::string& instance) {
    if (instance.empty() || is_instance_name(instance)) return instance;
    throw cli::Failure(
        fmt::format("argument --instance: invalid name: '{}' (letters, digits, '_', '.' and '-')", instance), 2);
}

void add_options(cli::CommandLine& line) {
    line.add({.name = "--role", .help = "hub, relay or gateway (default: by the name of the program)"});
    line.add({.name = "--instance", .help = "run as ROLE@NAME, with state and configuration of its own"});
    line.add({.name = "--check-config", .help = "look at configuration and plugins, start nothing", .is_flag = true});
    line.add({.name = "--strict", .help = "treat unknown configuration keys as errors", .is_flag = true});
    line.add({.name = "--log-level", .help = "debug, info, warning, error or critical"});
    line.add({.name = "--with-consumers",
              .key = "explicit_hub_consumers",
              .help = "comma list of consumers: only these run, if they are enabled"});
    line.add({.name = "--websocket-server-port",
              .key = "moksha.livesocket.websocket.port",
              .kind = cli::Kind::integer,
              .help = "not built: refused with the reason"});
}

// "MODULE:CLASS" names a consumer as the original did; the part behind the colon, or the whole, is ours.
std::optional<std::vector<std::string>> only_of(const config::Configuration& configuration) {
    const auto listed = configuration.text("explicit_hub_consumers", "");
    if (listed.empty()) return std::nullopt;
    std::vector<std::string> only;
    for (const auto& name : text::split(listed, ','))
        only.emplace_back(text::trim(std::string_view(name).substr(name.rfind(':') + 1)));
    return only;
}

}  // namespace

cli::CommandLine command_line(int argc, char** argv) {
    cli::CommandLine line("fedmsg-hub",
                          "Runs the consumers of the message bus: receives, and hands each message to the "
                          "plugins that want it.");
    add_options(line);
    line.config_error_code = App::kConfiguration;
    line.version = FEDMSG_HUB_VERSION;
    line.request.more_keys_follow = true;  // those of plugins
    line.request.system_only = service_manager::runs_as_service();
    try {
        const auto parsed = cli::parse(argc, argv, line);
        line.request.id =
            id_of(role_of(argv[0], last_of(parsed.given, "--role")), instance_of(last_of(parsed.given, "--instance")));
        line.request.need_endpoints = role_of(argv[0], last_of(parsed.given, "--role")) != Role::relay;
    } catch (const cli::Failure&) {
        // cli::run() parses again and reports it
    }
    line.journal_identifier = line.request.id;
    return line;
}

App::Input input_from(cli::Invocation& invocation) {
    App::Input input;
    input.role = role_of(invocation.program, invocation.last("--role").value_or(""));
    input.instance = instance_of(invocation.last("--instance").value_or(""));
    if (!facts_of(input.role).is_built)
        throw cli::Failure(fmt::format("role {} is not part of this version", facts_of(input.role).name));
    input.strict = invocation.has("--strict");
    input.only = only_of(invocation.configuration);
    input.configuration = std::move(invocation.configuration);
    input.schema = std::move(invocation.schema);
    input.warnings = std::move(invocation.warnings);
    return input;
}

}  // namespace fedmsg::hub
