#include <pwd.h>
#include <unistd.h>

#include <climits>
#include <filesystem>

#include "bus/config/loader.hpp"

extern char** environ;

namespace fedmsg::config {
namespace {

std::map<std::string, std::string> environment_of_process() {
    std::map<std::string, std::string> environment;
    for (char** at = environ; at != nullptr && *at != nullptr; ++at) {
        const std::string_view entry(*at);
        const std::size_t sign = entry.find('=');
        if (sign != std::string_view::npos) environment.emplace(entry.substr(0, sign), entry.substr(sign + 1));
    }
    return environment;
}

std::string host_name() {
    char name[HOST_NAME_MAX + 1] = {};
    if (::gethostname(name, sizeof name - 1) != 0) return "localhost";  // only a name too long, which cannot be
    return name;
}

}  // namespace

Surroundings Surroundings::from_process() {
    Surroundings surroundings;
    std::error_code error;
    surroundings.current_directory = std::filesystem::current_path(error).string();
    if (error) surroundings.current_directory = "/nonexistent";  // it was removed: nothing is found there
    surroundings.environment = environment_of_process();
    if (const auto home = surroundings.environment.find("HOME"); home != surroundings.environment.end())
        surroundings.home = home->second;
    surroundings.hostname = host_name();
    surroundings.user_id = ::geteuid();
    return surroundings;
}

}  // namespace fedmsg::config
