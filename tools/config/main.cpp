// fedmsg-config: prints the configuration that the programs of the bus see, or a part of it (cli.md 2).
#include <cstdio>
#include <string>

#include "bus/cli/command_line.hpp"
#include "bus/json/writer.hpp"
#include "tools/config/origins.hpp"
#include "tools/config/query.hpp"

namespace {

using namespace fedmsg;

void add_option(cli::CommandLine& line, const char* name, const char* help, bool is_flag, bool repeatable = false) {
    cli::OptionSpec option;
    option.name = name;
    option.help = help;
    option.is_flag = is_flag;
    option.repeatable = repeatable;
    line.add(std::move(option));
}

cli::CommandLine command_line() {
    cli::CommandLine line("fedmsg-config", "prints the configuration of the bus, merged from all its files");
    line.common_options = false;
    line.set_up_logging = false;
    line.request.id.clear();
    add_option(line, "--config-filename", "read this file or directory instead of the usual ones", false, true);
    add_option(line, "--disable-defaults", "leave the built-in defaults out", true);
    add_option(line, "--query", "print only the value of this key, for example endpoints.relay_outbound", false);
    add_option(line, "--id", "see what this role or instance sees, for example hub or gateway@dmz", false);
    add_option(line, "--origin", "print where each value came from: FILE:LINE: KEY = VALUE", true);
    add_option(line, "--show-secrets", "print passwords and the like instead of ********", true);
    line.adjust_request = [](const cli::Parsed& parsed, config::Request& request) {
        request.defaults = parsed.given.count("--disable-defaults") == 0;
        if (const auto id = parsed.given.find("--id"); id != parsed.given.end()) request.id = id->second.back();
    };
    return line;
}

int work(cli::Invocation& invocation) {
    cli::print_warnings(invocation);
    const config::Configuration& configuration = invocation.configuration;
    const json::Document masked = config::masked(configuration, invocation.schema);
    tools::Found found{invocation.has("--show-secrets") ? &configuration.root() : &masked, {}};

    const std::string query = invocation.last("--query").value_or("");
    if (!query.empty()) {
        const auto answer = tools::look_up(*found.value, query);
        if (!answer) {
            std::fprintf(stderr, "Key `%s` does not exist in config\n", query.c_str());
            return 1;
        }
        found = *answer;
    }
    std::string text = query.empty() ? json::pretty(*found.value) + "\n" : tools::printed(*found.value);
    if (invocation.has("--origin")) text = tools::origins(configuration, found);
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
        throw cli::Failure("cannot write to standard output");
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run(argc, argv, command_line(), work);
}
