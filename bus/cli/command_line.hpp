// The command line as every program of the bus has it (cli.md 1): CLI11 with abbreviations, last-one-wins, and options
// that are configuration keys.
//
// Use:
//     cli::CommandLine line("fedmsg-tail", "prints the messages of the bus");
//     line.option("--topic", "topic", cli::Kind::text, "ZeroMQ prefix to subscribe to");
//     line.flag("--terse", "terse", "natural language");
//     return cli::run(argc, argv, line, [](const cli::Invocation& invocation) { ...; return 0; });
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "bus/config/configuration.hpp"
#include "bus/config/loader.hpp"

namespace fedmsg::cli {

enum class Kind { text, integer, number };

// Ends the program with an exit code and a line "<prog>: error: <text>" on stderr; with code 2 after the usage.
struct Failure : std::runtime_error {
    explicit Failure(const std::string& text, int exit_code = 1) : std::runtime_error(text), code(exit_code) {}
    int code;
};

struct OptionSpec {
    std::string name;   // "--topic"
    std::string key{};  // configuration key, empty: none
    Kind kind = Kind::text;
    std::string help{};
    bool is_flag = false;
    bool default_from_config = true;  // false: a key in a file is no default (logger's --message)
    bool flag_value = true;           // what the flag stores (--no-validate: false)
    std::string initial_json{};       // JSON text stored when neither given nor configured; empty: nothing stored
    bool repeatable = false;
};

// A command line taken apart.
struct Parsed {
    enum class Stop { none, help, version };
    Stop stop = Stop::none;
    std::map<std::string, std::vector<std::string>> given;
    std::vector<std::string> order;  // names as given; repeated ones repeatedly
};

class CommandLine {
public:
    CommandLine(std::string program, std::string description);

    void add(OptionSpec option);
    void option(std::string name, std::string key, Kind kind, std::string help);
    void flag(std::string name, std::string key, std::string help);

    // cli.md 1.1: --io-threads ... --linger, --print-config, --config-filename, and --config as another name for it.
    bool common_options = true;
    // Puts the `logging` key into force before the work.
    bool set_up_logging = true;
    // A daemon: lines go to the journal under this identifier if stderr is connected to it. Empty: never.
    std::string journal_identifier;
    // If this flag is given, stdout is for data alone and log lines go to stderr (fedmsg-tail --json).
    std::string data_flag;
    bool stdout_is_data = false;  // always so
    // Exit code of configuration errors: tools 1, daemons 78.
    int config_error_code = 1;
    // What the loader is asked for, before options are applied; tools have no ID.d directory.
    config::Request request;
    // Changes the request along options that are no configuration keys.
    std::function<void(const Parsed&, config::Request&)> adjust_request;
    // Text of --version; empty: no such option.
    std::string version;

    // The program's own options.
    const std::vector<OptionSpec>& options() const { return options_; }
    // Common options and own ones, in this order: what can be given, but for --help and --version.
    std::vector<OptionSpec> all_options() const;
    const std::string& program() const { return program_; }
    const std::string& description() const { return description_; }

private:
    std::string program_;
    std::string description_;
    std::vector<OptionSpec> options_;
};

// What the program's work gets.
struct Invocation {
    std::string program;  // argv[0] as typed
    config::Schema schema;
    config::Configuration configuration;
    std::vector<config::Problem> warnings;
    // Values given on the command line: option name -> texts in order.
    std::map<std::string, std::vector<std::string>> given;

    std::optional<std::string> last(const std::string& option) const;
    bool has(const std::string& option) const { return given.count(option) != 0; }
};

// Parses, loads the configuration, handles --help, --version and --print-config, sets up logging, calls `work`, and
// maps exceptions to exit codes and messages (cli.md 1.2). SIGINT before `work` installs its own handler: blank line,
// exit 0.
int run(int argc, char** argv, const CommandLine& line, const std::function<int(Invocation&)>& work);

// The steps of run() by themselves, for programs that load later or several times (the hub).
// Throws Failure with code 2 and the text of cli.md 1.2.
Parsed parse(int argc, const char* const* argv, const CommandLine& line);
// "usage: PROG [-h] ..." with a line end, wrapped; and the whole text of --help. `program` is argv[0] as typed.
std::string usage(const CommandLine& line, const std::string& program);
std::string help(const CommandLine& line, const std::string& program);
// Options given, as overrides, and --config-filename as paths.
void apply_options(const CommandLine& line, const Parsed& parsed, config::Request& request);
// Files that were skipped, names that were not found, keys that look misspelt: one line each on stderr.
void print_warnings(const Invocation& invocation);
// "<prog>: warning: <text>" on stderr.
void print_warning(const std::string& program, const std::string& text);
// Initial values of options that were neither given nor configured.
void apply_defaults(const CommandLine& line, const Parsed& parsed, config::Configuration& configuration);

}  // namespace fedmsg::cli
