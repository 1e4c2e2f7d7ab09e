// Reads configuration files (architecture.md "Configuration", config.md 2 and 3) into a Configuration.
//
// For start-up and reload: any thread, nothing is shared, may block on the disk and (srv_endpoints) on name servers.
#pragma once

#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bus/base/result.hpp"
#include "bus/config/configuration.hpp"
#include "bus/config/schema.hpp"

namespace fedmsg::config {

// What the loader needs to know of its surroundings; filled in by from_process(), or by a test.
struct Surroundings {
    std::string current_directory;
    std::string home;  // empty: none
    std::map<std::string, std::string> environment;
    std::string hostname;                   // full; ${host} is the part before the first dot
    std::string system_directory = "/etc";  // holds fedmsg.d and fedmsg-config.yaml
    unsigned user_id = 0;                   // files of others than root and this user are refused

    static Surroundings from_process();
};

struct Request {
    // --config-filename: files and directories that replace the search path. A single plain file means only this file.
    // Empty: the environment variable FEDMSG_CONFIG, if it is set and system_only is not.
    std::vector<std::string> paths;
    std::string id = "hub";      // role or role@instance: value of ${id}, and names the ID.d directories; may be empty
    bool system_only = false;    // started by systemd: /etc/fedmsg.d only
    bool defaults = true;        // lay the defaults of the schema under what the files say
    bool need_endpoints = true;  // `endpoints` missing is an error (not if `defaults` is false)
    bool strict = false;         // unknown keys are errors
    // Plugins will declare further keys: leave unknown keys alone, the caller asks unknown_keys() after apply_schema().
    bool more_keys_follow = false;
    // Values of the command line, written over the files: flat key -> JSON text.
    std::vector<std::pair<std::string, std::string>> overrides;
};

struct Loaded {
    Configuration configuration;
    std::vector<Problem> warnings;   // skipped files, names that were not found, keys that look misspelt
    std::vector<std::string> notes;  // debug lines: skipped directory entries, keys that nobody declares
};

// Throws ConfigError with everything that is wrong. Looks srv_endpoints up through `look_up` (none given: the system's
// resolver): domain -> "host:port"s, or throws std::runtime_error.
using SrvLookUp = std::function<std::vector<std::string>(const std::string& domain)>;
Loaded load(const Request& request, const Schema& schema, const Surroundings& surroundings,
            const SrvLookUp& look_up = {});

// There is nobody to ask: the loader does not try further domains.
struct NoNameServers : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// DNS SRV _fedmsg._tcp.DOMAIN through the system's resolver, a few seconds at most.
std::vector<std::string> look_up_srv(const std::string& domain);

// The targets in a DNS answer; throws std::runtime_error if it cannot be read.
std::vector<std::string> targets_of_answer(const std::vector<unsigned char>& answer);

// After plugins have declared keys: accepts nested spellings of the new keys, checks types and own prefixes. `schema`
// is the whole one, with the built-in keys. ${...} has been replaced in all texts by load().
void apply_schema(Configuration& configuration, const Schema& schema, std::vector<Problem>& problems);

// A configured key that nobody declares.
struct UnknownKey {
    std::string key;
    Origin origin;
    std::string near;  // a declared key that it may be meant to be, or empty

    std::string text() const;
};
std::vector<UnknownKey> unknown_keys(const Configuration& configuration, const Schema& schema);

// ${topic_prefix} and ${environment} in a topic pattern, declared or configured; `$${` becomes `${`, anything else in
// ${} is an error. load() leaves these two in `consumers: {NAME: {topics: ...}}`: expand what you read there.
Result<std::string> expand_pattern(std::string_view pattern, const Configuration& configuration);

}  // namespace fedmsg::config
