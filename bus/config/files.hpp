// Which files make up the configuration, and their texts (config.md 2, architecture.md "Configuration").
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bus/config/loader.hpp"

namespace fedmsg::config {

struct ConfigFile {
    std::string path;
    bool is_named = false;            // given by --config-filename: it must be readable
    bool from_own_directory = false;  // from an ID.d
};

struct Search {
    std::vector<ConfigFile> files;  // in the order in which they are laid over each other
    std::vector<std::string> notes;
    std::vector<Problem> warnings;
    std::vector<Problem> problems;
};

Search find_files(const Request& request, const Surroundings& surroundings);

// The file's text (at most one byte more than may be parsed). Nothing if it cannot or must not be read: then a warning
// or problem says why. Files of others than root and the user, and files that others can write, are problems.
std::optional<std::string> read_config_file(const ConfigFile& file, const Surroundings& surroundings,
                                            std::vector<Problem>& warnings, std::vector<Problem>& problems);

}  // namespace fedmsg::config
