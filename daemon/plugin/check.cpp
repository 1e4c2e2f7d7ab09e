#include <fmt/format.h>

#include <cstdio>
#include <optional>

#include "bus/json/writer.hpp"
#include "daemon/plugin/probe_protocol.hpp"
#include "daemon/plugin/report.hpp"
#include "fedmsg_version.hpp"

namespace fedmsg::hub {
namespace {

constexpr const char* kUsage = "usage: fedmsg-hub-plugin-check [--json] FILE.so [FILE.so ...]\n";
constexpr const char* kHelp =
    "\nLoads plugins of fedmsg-hub as the hub does, prints what they offer and what is wrong with them.\n"
    "\n"
    "  --json      print a JSON array with an object per file\n"
    "  --version   print the version and exit\n"
    "  -h, --help  print this help and exit\n"
    "\n"
    "Exit code: 0 if all files are sound, 1 if one has a problem, 2 for a wrong command line.\n";

struct Arguments {
    bool json = false, help = false, version = false;
    std::vector<std::string> files;
    std::string wrong;  // what is wrong with them
};

Arguments read_arguments(int argc, const char* const* argv) {
    Arguments arguments;
    bool options_end = false;
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        if (options_end || !argument.starts_with('-')) {
            arguments.files.push_back(argument);
        } else if (argument == "--") {
            options_end = true;
        } else if (argument == "--json") {
            arguments.json = true;
        } else if (argument == "--version") {
            arguments.version = true;
        } else if (argument == "-h" || argument == "--help") {
            arguments.help = true;
        } else {
            arguments.wrong = "unknown option " + argument;
        }
    }
    if (arguments.wrong.empty() && arguments.files.empty()) arguments.wrong = "no file given";
    return arguments;
}

void print(const std::vector<FileReport>& reports, bool as_json) {
    if (!as_json) {
        for (const FileReport& report : reports) fmt::print("{}", text_report(report));
        return;
    }
    json::Document all(rapidjson::kArrayType);
    for (const FileReport& report : reports) all.PushBack(json_report(report, all.GetAllocator()), all.GetAllocator());
    fmt::print("{}\n", json::pretty(all));
}

int check_files(const Arguments& arguments) {
    // This program is its own probe.
    Prober prober({.program = "/proc/self/exe"});
    std::vector<FileReport> reports;
    bool is_sound = true;
    for (const std::string& file : arguments.files) {
        reports.push_back(check_file(file, Trust::own_user_too, prober));
        is_sound = is_sound && reports.back().problems.empty();
    }
    print(reports, arguments.json);
    return is_sound ? 0 : 1;
}

}  // namespace

int plugin_check(int argc, const char* const* argv) {
    if (argc == 2 && argv[1] == std::string_view(kProbeArgument)) return run_probe_child();
    const Arguments arguments = read_arguments(argc, argv);
    if (arguments.help) {
        fmt::print("{}{}", kUsage, kHelp);
        return 0;
    }
    if (arguments.version) {
        fmt::print("fedmsg-hub-plugin-check {}\n", FEDMSG_HUB_VERSION);
        return 0;
    }
    if (!arguments.wrong.empty()) {
        fmt::print(stderr, "{}fedmsg-hub-plugin-check: error: {}\n", kUsage, arguments.wrong);
        return 2;
    }
    return check_files(arguments);
}

}  // namespace fedmsg::hub
