#include "bus/base/directory.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <filesystem>

namespace fedmsg {

Status make_directory(const std::string& path) {
    std::error_code error;
    const auto parent = std::filesystem::path(path).parent_path();
    std::filesystem::create_directories(parent, error);
    if (error) return failure("cannot create " + parent.string() + ": " + error.message());
    if (::mkdir(path.c_str(), 0750) != 0 && errno != EEXIST) return system_failure("cannot create " + path, errno);
    return {};
}

}  // namespace fedmsg
