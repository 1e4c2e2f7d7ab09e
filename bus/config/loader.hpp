// Reads configuration files (architecture.md "Configuration", config.md 2 and 3) into a Configuration.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "bus/config/configuration.hpp"
#include "bus/config/schema.hpp"

namespace fedmsg::config {

// What the loader needs to know of its surroundings; filled in by from_process(), or by a test.
struct Surroundings {
    std::string current_directory;
    std::string home;                            // empty: none
    std::map<std::string, std::string> environment;
    std::string hostname;                        // full; ${host} is the part before the first dot
    std::string system_directory = "/etc";       // holds fedmsg.d and fedmsg-config.yaml
    unsigned user_id = 0;                        // files of others than root and this user are refused

    static Surroundings from_process();
};

struct Request {
    std::vector<std::string> paths;  // --config-filename: files and directories that replace the search path
    std::string id = "hub";          // role or role@instance: value of ${id}, and names the ID.d directories
    bool system_only = false;        // started by systemd: /etc/fedmsg.d only
    bool defaults = true;            // lay over the built-in defaults
    bool need_endpoints = true;      // `endpoints` missing is an error
    bool strict = false;             // unknown keys are errors
    // Values of the command line, written over the files: flat key -> JSON text.
    std::vector<std::pair<std::string, std::string>> overrides;
};

struct Loaded {
    Configuration configuration;
    std::vector<Problem> warnings;       // unknown keys, skipped files
    std::vector<std::string> notes;      // debug lines: skipped directory entries
};

// Throws ConfigError with everything that is wrong. Looks srv_endpoints up through `look_up_srv`: domain -> "host:port"s,
// or throws std::runtime_error.
using SrvLookUp = std::function<std::vector<std::string>(const std::string& domain)>;
Loaded load(const Request& request, const Schema& schema, const Surroundings& surroundings,
            const SrvLookUp& look_up_srv = {});

// DNS SRV _fedmsg._tcp.DOMAIN through the system's resolver.
std::vector<std::string> look_up_srv(const std::string& domain);

// After plugins have declared keys: accepts nested spellings of the new keys, checks types and own prefixes, replaces
// ${...} in string values. load() has done this for the schema it was given; this does it for the additions.
void apply_schema(Configuration& configuration, const Schema& schema, std::vector<Problem>& problems);

}  // namespace fedmsg::config
