#include "daemon/plugin_run/arguments.hpp"

#include <algorithm>

#include "fedmsg_version.hpp"

namespace fedmsg::hub {
namespace {

constexpr std::string_view kPlugin = "--plugin";

// True if `word` is an option, written out or shortened, whose value is the next word.
bool takes_next(const std::string& word, const std::vector<cli::OptionSpec>& options) {
    if (word.find('=') != std::string::npos) return false;
    const auto exact = std::find_if(options.begin(), options.end(), [&](auto& spec) { return spec.name == word; });
    if (exact != options.end()) return !exact->is_flag;
    const auto begins = [&](const cli::OptionSpec& spec) { return spec.name.starts_with(word); };
    const auto first = std::find_if(options.begin(), options.end(), begins);
    return first != options.end() && !first->is_flag;  // an ambiguous one is refused by cli::parse
}

cli::OptionSpec option(const char* name, const char* help, bool is_flag = false) {
    cli::OptionSpec spec;
    spec.name = name;
    spec.help = help;
    spec.is_flag = is_flag;
    return spec;
}

}  // namespace

RunArguments RunArguments::split(const std::vector<std::string>& argv, const cli::CommandLine& line) {
    const auto options = line.all_options();
    RunArguments arguments;
    if (!argv.empty()) arguments.own.push_back(argv.front());
    for (std::size_t at = 1; at < argv.size(); ++at) {
        const auto& word = argv[at];
        const bool is_option = word.size() > 1 && word.front() == '-' && word != "--";
        if (is_option) {
            const bool has_value = takes_next(word, options) && at + 1 < argv.size();
            if (word == kPlugin && has_value) {
                arguments.plugin = argv[++at];
                continue;
            }
            arguments.own.push_back(word);
            if (has_value) arguments.own.push_back(argv[++at]);
        } else if (arguments.plugin.empty() && word != "--") {
            arguments.plugin = word;
        } else {
            arguments.command.assign(argv.begin() + static_cast<std::ptrdiff_t>(at) + (word == "--" ? 1 : 0),
                                     argv.end());
            break;
        }
    }
    return arguments;
}

cli::CommandLine plugin_run_command_line() {
    cli::CommandLine line("fedmsg-hub-plugin-run",
                          "Runs one consumer plugin by hand: PLUGIN is the name of a consumer, or the path of a .so "
                          "file; words behind it are a command of the plugin's own (try: PLUGIN help).");
    line.add(option("--plugin", "the plugin; what follows is its command"));
    line.add(option("--consumer", "which consumer of the file, if it has several"));
    line.add(option("--instance", "use state and configuration of the hub with this instance name"));
    line.add(option("--check", "look at configuration, credentials and services; change nothing", true));
    line.add(option("--explain", "FILE: what the plugin would make of each of these messages, and why"));
    line.add(option("--replay", "FILE: hand these messages to the plugin, its ledger in force"));
    line.add(option("--force", "with --replay: also what the ledger says is done (PLUGIN.ignore_ledger)", true));
    line.add(option("--dry-run", "everything but the last step (PLUGIN.dry_run)", true));
    line.add(option("--keep-running", "with --replay: seconds that timers may work after the last message"));
    line.add(option("--log-level", "debug, info, warning, error or critical"));
    line.version = FEDMSG_HUB_VERSION;
    line.request.more_keys_follow = true;  // those of plugins
    line.request.need_endpoints = false;
    line.stdout_is_data = true;
    return line;
}

}  // namespace fedmsg::hub
