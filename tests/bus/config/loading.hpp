// A temporary machine for tests of the loader: etc/, home/ and work/ below one directory, loaded as user and root
// would.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "bus/config/loader.hpp"
#include "bus/json/writer.hpp"
#include "tests/support/temporary.hpp"

namespace fedmsg::config {

// A mapping that has what every configuration needs.
inline std::string with_endpoints(const std::string& yaml) {
    return "endpoints: {}\n" + yaml;
}

class Machine : public ::testing::Test {
protected:
    Machine() {
        surroundings.system_directory = directory / "etc";
        surroundings.home = directory / "home";
        surroundings.current_directory = directory / "work";
        surroundings.hostname = "app01.phx2.example.org";
        surroundings.user_id = ::geteuid();
        std::filesystem::create_directories(surroundings.current_directory);
    }

    // Files of /etc/fedmsg.d.
    std::string etc(const std::string& name, const std::string& yaml) const {
        return directory.write("etc/fedmsg.d/" + name, yaml);
    }

    Loaded load_all() const { return load(request, schema, surroundings, look_up); }

    // One file, the usual case.
    Configuration load_text(const std::string& yaml) const {
        etc("a.yaml", yaml);
        return std::move(load_all().configuration);
    }

    std::vector<Problem> problems() const {
        try {
            load_all();
        } catch (const ConfigError& error) {
            return error.problems();
        }
        return {};
    }

    // "NAME:LINE: text" of each problem, without directories.
    static std::vector<std::string> lines(const std::vector<Problem>& problems) {
        std::vector<std::string> lines;
        for (const Problem& problem : problems) {
            const std::string origin = problem.origin.text();
            lines.push_back(origin.substr(origin.rfind('/') + 1) + ": " + problem.text);
        }
        return lines;
    }

    std::vector<std::string> problem_lines() const { return lines(problems()); }

    std::vector<std::string> problem_lines(const std::string& yaml) const {
        etc("a.yaml", yaml);
        return problem_lines();
    }

    fedmsg::test::TemporaryDirectory directory;
    Surroundings surroundings;
    Request request;
    Schema schema = built_in_schema();
    SrvLookUp look_up = [](const std::string&) -> std::vector<std::string> {
        throw std::runtime_error("nobody should ask");
    };
};

inline std::string json_of(const Configuration& configuration, std::string_view key) {
    const json::Value* value = configuration.find(key);
    return value == nullptr ? "(absent)" : json::canonical(*value);
}

}  // namespace fedmsg::config
