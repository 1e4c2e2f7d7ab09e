// What fedmsg-hub-plugin-check says about a file. Control thread.
#pragma once

#include <string>
#include <vector>

#include "daemon/plugin/declaration.hpp"
#include "daemon/plugin/probe.hpp"

namespace fedmsg::hub {

struct FileReport {
    std::string path;
    std::shared_ptr<const Plugin> plugin;  // null if it could not be loaded
    std::vector<ConsumerDeclarationPtr> consumers;
    std::vector<PluginProblem> problems;
};

// Loads and describes the file, with an empty configuration.
FileReport check_file(const std::string& path, Trust trust, Prober& prober);

std::string text_report(const FileReport& report);
json::Value json_report(const FileReport& report, json::Pool& pool);

// The program: exit code 0 (all files are sound), 1 (problems) or 2 (usage).
int plugin_check(int argc, const char* const* argv);

}  // namespace fedmsg::hub
