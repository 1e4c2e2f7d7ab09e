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
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bus/config/configuration.hpp"
#include "bus/config/loader.hpp"

namespace fedmsg::cli {

enum class Kind { text, integer, number };

// Ends the program with an exit code and a line "<prog>: error: <text>" on stderr.
struct Failure : std::runtime_error {
    explicit Failure(const std::string& text, int exit_code = 1) : std::runtime_error(text), code(exit_code) {}
    int code;
};

struct OptionSpec {
    std::string name;  // "--topic"
    std::string key;   // configuration key, empty: none
    Kind kind = Kind::text;
    std::string help;
    bool is_flag = false;
    bool default_from_config = true;  // false: a key in a file is no default (logger's --message)
    bool flag_value = true;           // what the flag stores (--no-validate: false)
    std::string initial_json;         // JSON text stored when neither given nor configured; empty: nothing stored
    bool repeatable = false;
};

class CommandLine {
public:
    CommandLine(std::string program, std::string description);

    void add(OptionSpec option);
    void option(std::string name, std::string key, Kind kind, std::string help);
    void flag(std::string name, std::string key, std::string help);

    // cli.md 1.1: --io-threads ... --linger, --config-filename, --print-config, and --config as another name for it.
    bool common_options = true;
    // Exit code of configuration errors: tools 1, daemons 78.
    int config_error_code = 1;
    // What the loader is asked for, before options are applied.
    config::Request request;
    // Text of --version; empty: no such option.
    std::string version;

    const std::vector<OptionSpec>& options() const { return options_; }
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

// Parses, loads the configuration, handles --help, --version and --print-config, sets up logging, calls `work`, and maps
// exceptions to exit codes and messages (cli.md 1.2). SIGINT before `work` installs its own handler: blank line, exit 0.
int run(int argc, char** argv, const CommandLine& line, const std::function<int(Invocation&)>& work);

// The steps of run() by themselves, for programs that load later or several times (the hub).
struct Parsed {
    enum class Stop { none, help, version };
    Stop stop = Stop::none;
    std::map<std::string, std::vector<std::string>> given;
};
// Throws Failure with code 2 and the text of cli.md 1.2.
Parsed parse(int argc, const char* const* argv, const CommandLine& line);
std::string usage(const CommandLine& line);
// Options given, as overrides; option defaults from configuration keys and initial values are applied by run().
void apply_options(const CommandLine& line, const Parsed& parsed, config::Request& request);

}  // namespace fedmsg::cli
