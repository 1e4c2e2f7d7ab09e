#include "bus/cli/command_line.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>

#include "bus/base/text.hpp"
#include "bus/base/utf8.hpp"
#include "bus/cli/expand.hpp"
#include "bus/cli/numbers.hpp"
#include "bus/json/python_text.hpp"
#include "bus/json/writer.hpp"

namespace fedmsg::cli {
namespace {

constexpr int kBadCommandLine = 2;
constexpr std::string_view kConfigFilename = "--config-filename";

OptionSpec common(std::string name, std::string key, Kind kind, std::string help_text, std::string initial_json) {
    OptionSpec option;
    option.name = std::move(name);
    option.key = std::move(key);
    option.kind = kind;
    option.help = std::move(help_text);
    option.initial_json = std::move(initial_json);
    return option;
}

std::vector<OptionSpec> common_options() {
    OptionSpec print_config = common("--print-config", "print_config", Kind::text,
                                     "print the final configuration as JSON, secrets masked, and exit", "false");
    print_config.is_flag = true;
    OptionSpec files = common(std::string(kConfigFilename), "config_filename", Kind::text,
                              "read this file or directory instead of the usual ones; --config for short", "null");
    files.repeatable = true;
    files.default_from_config = false;
    return {
        common("--io-threads", "io_threads", Kind::integer, "ZeroMQ I/O threads", "1"),
        common("--topic-prefix", "topic_prefix", Kind::text, "first part of topics", "\"org.fedoraproject\""),
        common("--post-init-sleep", "post_init_sleep", Kind::number, "seconds to wait for connections at most", "0.5"),
        files,
        print_config,
        common("--timeout", "timeout", Kind::number, "accepted for compatibility; used by nothing", "2"),
        common("--high-water-mark", "high_water_mark", Kind::integer,
               "messages queued per peer before some are dropped; 0: the default", "0"),
        common("--linger", "zmq_linger", Kind::integer, "milliseconds to wait at exit for messages to be sent",
               "1000")};
}

std::string check_value(Kind kind, const std::string& value) {
    if (kind == Kind::text) return {};
    const auto number = kind == Kind::integer ? integer_json(value) : number_json(value);
    if (number) return {};
    json::Document document;
    return fmt::format("invalid {} value: {}", kind == Kind::integer ? "int" : "float",
                       json::python_text(json::make_text(value, document.GetAllocator())));
}

// The value as JSON text.
std::string to_json(const OptionSpec& option, const std::string& value) {
    if (option.is_flag) return option.flag_value ? "true" : "false";
    if (option.kind == Kind::integer) return integer_json(value).value();
    if (option.kind == Kind::number) return number_json(value).value();
    std::string out;
    json::append_string(out, value);
    return out;
}

OptionSpec flag_named(std::string name) {
    OptionSpec option;
    option.name = std::move(name);
    option.is_flag = true;
    return option;
}

// Registers the table with CLI11, whose part is collecting values and leftovers.
std::map<std::string, CLI::Option*> register_options(CLI::App& app, const std::vector<OptionSpec>& options) {
    std::map<std::string, CLI::Option*> registered;
    app.set_help_flag();
    app.allow_extras();
    for (const OptionSpec& option : options) {
        if (option.is_flag) {
            registered[option.name] = app.add_flag(option.name);
            continue;
        }
        const auto check = [kind = option.kind](const std::string& value) { return check_value(kind, value); };
        registered[option.name] = app.add_option(option.name)->take_all()->check(check);
    }
    return registered;
}

// --config is an exact name even where another option begins with it.
void spell_out_config(std::vector<std::string>& arguments) {
    for (std::string& argument : arguments) {
        if (argument == "--") return;
        if (argument != "--config" && !argument.starts_with("--config=")) continue;
        argument.insert(std::string_view("--config").size(), "-filename");
    }
}

void refuse_malformed(const std::vector<std::string>& arguments) {
    for (std::size_t i = 0; i < arguments.size(); ++i)
        if (!utf8::is_valid(arguments[i]))
            throw Failure(fmt::format("argument {} is not UTF-8", i + 1), kBadCommandLine);
}

void refuse_leftovers(const CLI::App& app) {
    std::vector<std::string> leftovers = app.remaining();
    std::erase(leftovers, "--");
    if (!leftovers.empty())
        throw Failure(fmt::format("unrecognized arguments: {}", text::join(leftovers, " ")), kBadCommandLine);
}

}  // namespace

CommandLine::CommandLine(std::string program, std::string description)
    : program_(std::move(program)), description_(std::move(description)) {}

void CommandLine::add(OptionSpec option) {
    options_.push_back(std::move(option));
}

void CommandLine::option(std::string name, std::string key, Kind kind, std::string help_text) {
    OptionSpec spec;
    spec.name = std::move(name);
    spec.key = std::move(key);
    spec.kind = kind;
    spec.help = std::move(help_text);
    add(std::move(spec));
}

void CommandLine::flag(std::string name, std::string key, std::string help_text) {
    OptionSpec spec;
    spec.name = std::move(name);
    spec.key = std::move(key);
    spec.help = std::move(help_text);
    spec.is_flag = true;
    spec.initial_json = "false";
    add(std::move(spec));
}

std::vector<OptionSpec> CommandLine::all_options() const {
    std::vector<OptionSpec> all = common_options ? cli::common_options() : std::vector<OptionSpec>();
    all.insert(all.end(), options_.begin(), options_.end());
    return all;
}

std::optional<std::string> Invocation::last(const std::string& option) const {
    const auto found = given.find(option);
    if (found == given.end() || found->second.empty()) return std::nullopt;
    return found->second.back();
}

Parsed parse(int argc, const char* const* argv, const CommandLine& line) {
    std::vector<OptionSpec> options = line.all_options();
    options.push_back(flag_named("--help"));
    if (!line.version.empty()) options.push_back(flag_named("--version"));
    std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
    refuse_malformed(arguments);
    spell_out_config(arguments);

    CLI::App app;
    const auto registered = register_options(app, options);
    std::vector<std::string> expanded = expand(arguments, options);
    std::reverse(expanded.begin(), expanded.end());  // CLI11 takes them from the back
    try {
        app.parse(std::move(expanded));
    } catch (const CLI::ValidationError& error) {
        throw Failure(fmt::format("argument {}", error.what()), kBadCommandLine);
    } catch (const CLI::ParseError& error) {
        throw Failure(error.what(), kBadCommandLine);
    }
    Parsed parsed;
    for (const auto& [name, option] : registered)
        if (option->count() > 0) parsed.given[name] = option->results();
    for (const CLI::Option* option : app.parse_order()) parsed.order.push_back(option->get_name());
    if (parsed.given.count("--help") != 0) {
        parsed.stop = Parsed::Stop::help;
        return parsed;
    }
    refuse_leftovers(app);
    if (parsed.given.count("--version") != 0) parsed.stop = Parsed::Stop::version;
    return parsed;
}

void apply_options(const CommandLine& line, const Parsed& parsed, config::Request& request) {
    const std::vector<OptionSpec> options = line.all_options();
    std::map<std::string, std::size_t> used;
    for (const std::string& name : parsed.order) {
        const auto option = std::find_if(options.begin(), options.end(), [&](const auto& o) { return o.name == name; });
        if (option == options.end()) continue;  // --help, --version
        const std::string& value = parsed.given.at(name)[used[name]++];
        if (name == kConfigFilename) request.paths.push_back(value);
        if (option->key.empty()) continue;
        // The last one wins, also between two flags of one key.
        std::erase_if(request.overrides, [&](const auto& earlier) { return earlier.first == option->key; });
        request.overrides.emplace_back(option->key, to_json(*option, value));
    }
}

void apply_defaults(const CommandLine& line, const Parsed& parsed, config::Configuration& configuration) {
    const std::vector<OptionSpec> options = line.all_options();
    const auto is_given = [&](const std::string& key) {
        return std::any_of(options.begin(), options.end(),
                           [&](const OptionSpec& o) { return o.key == key && parsed.given.count(o.name) != 0; });
    };
    for (const OptionSpec& option : options) {
        if (option.key.empty() || is_given(option.key)) continue;
        if (option.default_from_config && configuration.has(option.key)) continue;
        if (option.default_from_config && option.initial_json.empty()) continue;
        json::Document value;
        if (!option.initial_json.empty()) json::parse(option.initial_json, value).value();
        configuration.set(option.key, json::copy(value, configuration.pool()), {"built-in default", 0});
    }
}

}  // namespace fedmsg::cli
