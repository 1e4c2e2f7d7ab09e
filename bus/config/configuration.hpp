// The merged configuration: one object of flat keys (config.md 1), with the place each value came from.
//
// Built by load() (loader.hpp); read-only for everybody else. A finished Configuration may be read from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bus/config/schema.hpp"
#include "bus/json/document.hpp"

namespace fedmsg::config {

// Where a value came from: "/etc/fedmsg.d/base.yaml" with a line, or "built-in default", "command line" with line 0.
struct Origin {
    std::string file;
    int line = 0;
    bool from_own_directory = false;  // from the ID.d of this role or instance (architecture.md "Roles and instances")

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

    // Typed access. The loader has checked declared keys, so a wrong type here is a missing declaration:
    // std::logic_error. Absent or null keys give the fallback.
    bool boolean(std::string_view key, bool fallback) const;
    std::int64_t integer(std::string_view key, std::int64_t fallback) const;
    double number(std::string_view key, double fallback) const;
    std::string text(std::string_view key, std::string_view fallback) const;
    std::vector<std::string> texts(std::string_view key) const;  // a list of strings; a single string is a list of one

    // Keys of Form::duration: "10 ms", "7 d", or a number of seconds.
    std::chrono::milliseconds duration(std::string_view key, std::chrono::milliseconds fallback) const;

    // hub-and-consumers.md 2: truth of an enabling key; the words false/no/off/0 count as false.
    bool is_enabled(std::string_view config_key) const;

    // What a written boolean means for is_enabled(); absent (null pointer) is false.
    static bool is_on(const json::Value* value);

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
    friend class Merger;  // fills in what follows

    struct Leaf {
        Origin origin;
        // A plain scalar that is no string, as it was written: what an option declared string takes.
        std::string written;
    };
    // A key of an undeclared map as it was spelled, joined by dots: shows that one file sets a key twice once a plugin
    // declares it.
    struct Spelling {
        std::string name;
        Origin origin;
    };
    using Path = std::vector<std::string>;

    json::Document root_;
    std::map<Path, Leaf> leaves_;  // of maps, lists (steps "0", "1", ...) and scalars
    std::vector<std::string> files_;
    std::vector<Spelling> spellings_;
};

// A copy for printing. Replaced by "********": values of keys that the schema calls secret, of keys at any depth whose
// last word says so (password, secret, token, ...), passwords in URLs and in `password=...` within texts.
json::Document masked(const Configuration& configuration, const Schema& schema);

}  // namespace fedmsg::config
