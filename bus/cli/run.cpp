#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>

#include "bus/cli/command_line.hpp"
#include "bus/json/writer.hpp"
#include "bus/log/log.hpp"

namespace fedmsg::cli {
namespace {

constexpr int kBadCommandLine = 2;

// What SIGINT does until the work installs its own handler (cli.md 1.2).
void leave_on_interrupt(int) {
    [[maybe_unused]] const auto written = ::write(STDOUT_FILENO, "\n", 1);  // nothing can be done about a failure here
    ::_exit(0);
}

void handle_interrupt() {
    struct sigaction now {};
    sigaction(SIGINT, nullptr, &now);
    if (now.sa_handler == SIG_IGN) return;  // started in the background by a shell
    struct sigaction action {};
    action.sa_handler = leave_on_interrupt;
    sigaction(SIGINT, &action, nullptr);
}

void print(std::FILE* stream, const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stream);
    std::fflush(stream);
}

void print_error(const std::string& program, const std::string& text) {
    print(stderr, fmt::format("{}: error: {}\n", program, text));
}

std::string text_of(const config::Problem& problem) {
    return problem.origin.file.empty() ? problem.text : fmt::format("{}: {}", problem.origin.text(), problem.text);
}

Invocation prepare(const std::string& program, const CommandLine& line, const Parsed& parsed) {
    config::Request request = line.request;
    apply_options(line, parsed, request);
    if (line.adjust_request) line.adjust_request(parsed, request);
    if (parsed.given.count("--print-config") != 0) request.need_endpoints = false;
    config::Schema schema = config::built_in_schema();
    config::Loaded loaded = config::load(request, schema, config::Surroundings::from_process(), config::look_up_srv);
    apply_defaults(line, parsed, loaded.configuration);
    return {program, std::move(schema), std::move(loaded.configuration), std::move(loaded.warnings), parsed.given};
}

void set_up_logging(const CommandLine& line, const Invocation& invocation) {
    log::Setup setup;
    const config::Origin origin = invocation.configuration.origin("logging");
    if (origin.file != "built-in default") setup.logging = invocation.configuration.find("logging");
    setup.allow_journal = !line.journal_identifier.empty();
    setup.identifier = line.journal_identifier;
    setup.stdout_is_data = line.stdout_is_data || (!line.data_flag.empty() && invocation.has(line.data_flag));
    if (const auto name = invocation.last("--log-level")) {
        const auto level = log::level_from_name(*name);
        if (!level) throw Failure(fmt::format("argument --log-level: {}", level.error().text), kBadCommandLine);
        setup.minimum = *level;
        setup.minimum_given = true;
    }
    if (const auto status = log::configure(setup); !status) throw config::ConfigError({{origin, status.error().text}});
}

int run_unguarded(int argc, char** argv, const std::string& program, const CommandLine& line,
                  const std::function<int(Invocation&)>& work) {
    const Parsed parsed = parse(argc, argv, line);
    if (parsed.stop == Parsed::Stop::help) {
        print(stdout, help(line, program));
        return 0;
    }
    if (parsed.stop == Parsed::Stop::version) {
        print(stdout, line.version + "\n");
        return 0;
    }
    Invocation invocation = prepare(program, line, parsed);
    if (line.common_options && invocation.configuration.boolean("print_config", false)) {
        print(stdout, json::pretty(config::masked(invocation.configuration, invocation.schema)) + "\n");
        return 0;
    }
    if (line.set_up_logging) set_up_logging(line, invocation);
    return work(invocation);
}

}  // namespace

void print_warnings(const Invocation& invocation) {
    for (const config::Problem& problem : invocation.warnings) print_warning(invocation.program, text_of(problem));
}

void print_warning(const std::string& program, const std::string& text) {
    print(stderr, fmt::format("{}: warning: {}\n", program, text));
}

int run(int argc, char** argv, const CommandLine& line, const std::function<int(Invocation&)>& work) {
    const std::string program = argc > 0 ? argv[0] : line.program();
    handle_interrupt();
    try {
        return run_unguarded(argc, argv, program, line, work);
    } catch (const Failure& failure) {
        if (failure.code == kBadCommandLine) print(stderr, usage(line, program));
        print_error(program, failure.what());
        return failure.code;
    } catch (const config::ConfigError& error) {
        for (const config::Problem& problem : error.problems()) print_error(program, text_of(problem));
        return line.config_error_code;
    } catch (const std::exception& error) {
        print_error(program, error.what());
        return 1;
    }
}

}  // namespace fedmsg::cli
