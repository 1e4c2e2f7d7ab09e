// The merged configuration: one object of flat keys (config.md 1), with the place each value came from.
//
// Built by load() (loader.hpp); read-only for everybody else. A finished Configuration may be read from any thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "bus/config/schema.hpp"
#include "bus/json/document.hpp"

namespace fedmsg::config {

// Where a value came from: "/etc/fedmsg.d/base.yaml" with a line, or "built-in default", "command line" with line 0.
struct Origin {
    std::string file;
    int line = 0;

    std::string text() const;  // "FILE:LINE", or just the file
};

// One thing that is wrong with a configuration.
struct Problem {
    Origin origin;
    std::string text;  // what and why and what to do
};

// All problems of a configuration at once; what() has one line each.
class ConfigError : public std::runtime_error {
public:
    explicit ConfigError(std::vector<Problem> problems);
    const std::vector<Problem>& problems() const { return problems_; }

private:
    std::vector<Problem> problems_;
};

class Configuration {
public:
    Configuration();

    // The whole configuration, an object of flat keys, in file order.
    const json::Value& root() const { return root_; }

    // The value of a flat key, or null if absent. (A JSON null is a value.)
    const json::Value* find(std::string_view key) const;
    bool has(std::string_view key) const { return find(key) != nullptr; }

    // Typed access. The loader has checked declared keys, so a wrong type here is a missing declaration: std::logic_error.
    // Absent or null keys give the fallback.
    bool boolean(std::string_view key, bool fallback) const;
    std::int64_t integer(std::string_view key, std::int64_t fallback) const;
    double number(std::string_view key, double fallback) const;
    std::string text(std::string_view key, std::string_view fallback) const;
    std::vector<std::string> texts(std::string_view key) const;  // a list of strings; a single string is a list of one

    // hub-and-consumers.md 2: truth of an enabling key; the words false/no/off/0 count as false.
    bool is_enabled(std::string_view config_key) const;

    // All addresses of all `endpoints` entries: name -> addresses, in file order.
    std::vector<std::pair<std::string, std::vector<std::string>>> endpoints() const;

    // Where the value at a path came from; the path's first step is a flat key, further ones are keys of nested maps.
    Origin origin(const std::vector<std::string>& path) const;
    Origin origin(std::string_view key) const { return origin(std::vector<std::string>{std::string(key)}); }

    // Files that were read, in order.
    const std::vector<std::string>& files() const { return files_; }

    // Loader, command line and tests: sets a value under a flat key.
    void set(std::string_view key, json::Value value, const Origin& origin);
    void set_text(std::string_view key, std::string_view value, const Origin& origin);
    json::Pool& pool() { return root_.GetAllocator(); }

private:
    friend class Merger;
    json::Document root_;
    std::map<std::vector<std::string>, Origin> origins_;
    std::vector<std::string> files_;
};

// A copy for printing: values of secret keys (schema) and passwords in URLs replaced by "********".
json::Document masked(const Configuration& configuration, const Schema& schema);

}  // namespace fedmsg::config
