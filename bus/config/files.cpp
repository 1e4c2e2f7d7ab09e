#include "bus/config/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "bus/base/fd.hpp"
#include "bus/config/yaml_scan.hpp"

namespace fedmsg::config {
namespace {

namespace fs = std::filesystem;

std::string error_text(int number) {
    return std::generic_category().message(number);
}

bool has_yaml_suffix(const std::string& name) {
    return name.ends_with(".yaml") || name.ends_with(".yml");
}

class Searching {
public:
    Searching(const Request& request, const Surroundings& surroundings)
        : request_(request), surroundings_(surroundings) {}

    Search run() {
        if (const auto named = named_paths(); !named.empty())
            search_named(named);
        else
            search_usual();
        search_own_directories();
        return std::move(found_);
    }

private:
    std::string variable(const char* name) const {
        const auto found = surroundings_.environment.find(name);
        return found == surroundings_.environment.end() ? std::string() : found->second;
    }

    std::string absolute(const std::string& path) const {
        return path.starts_with('/') ? path : surroundings_.current_directory + '/' + path;
    }

    std::vector<std::string> named_paths() const {
        if (!request_.paths.empty() || request_.system_only) return request_.paths;
        const std::string path = variable("FEDMSG_CONFIG");
        return path.empty() ? std::vector<std::string>() : std::vector<std::string>{path};
    }

    void search_named(const std::vector<std::string>& paths) {
        for (const std::string& path : paths) {
            std::error_code error;
            const auto kind = fs::status(absolute(path), error).type();
            if (kind == fs::file_type::directory)
                search_directory(absolute(path), true);
            else if (kind == fs::file_type::regular)
                found_.files.push_back({absolute(path), true, false});
            else
                found_.problems.push_back({{}, not_a_file(path, error)});
        }
    }

    std::string not_a_file(const std::string& path, const std::error_code& error) const {
        std::string text = fmt::format("'{}' is not a file.", path);
        if (error && error.value() != ENOENT) text += fmt::format(" ({})", error_text(error.value()));
        if (request_.paths.empty()) text += " (named by the environment variable FEDMSG_CONFIG)";
        return text;
    }

    void search_usual() {
        const std::string& home = surroundings_.home;
        search_directory(surroundings_.system_directory + "/fedmsg.d", false);
        if (request_.system_only) return;
        if (!home.empty()) search_directory(home + "/.fedmsg.d", false);
        search_directory(absolute("fedmsg.d"), false);
        if (const std::string environment = variable("VIRTUAL_ENV"); !environment.empty())
            search_directory(absolute(environment) + "/etc/fedmsg.d", false);
        add_single(surroundings_.system_directory + "/fedmsg-config");
        if (!home.empty()) add_single(home + "/.fedmsg-config");
        add_single(absolute("fedmsg-config"));
    }

    void add_single(const std::string& stem) {
        for (const char* suffix : {".yaml", ".yml"}) {
            std::error_code ignored;  // what cannot be looked at is not there
            if (fs::is_regular_file(stem + suffix, ignored)) found_.files.push_back({stem + suffix, false, false});
        }
    }

    void search_directory(const std::string& directory, bool is_named) {
        std::error_code error;
        if (!fs::exists(directory, error) && (!error || error.value() == ENOENT)) return;
        if (is_open_to_others(directory)) return;
        directories_.push_back(directory);
        add_entries(directory, is_named, false);
    }

    // Somebody else could put files there, or replace those that are.
    bool is_open_to_others(const std::string& directory) {
        struct stat status {};
        if (::stat(directory.c_str(), &status) != 0) return false;  // listing it says why
        if ((status.st_mode & S_IWOTH) == 0 || (status.st_mode & S_ISVTX) != 0) return false;
        found_.problems.push_back(
            {{directory}, "the directory can be written by everybody (chmod o-w), so its files are not read"});
        return true;
    }

    void add_entries(const std::string& directory, bool is_named, bool is_own) {
        std::error_code error;
        std::vector<std::string> names;
        for (fs::directory_iterator at(directory, error); !error && at != fs::directory_iterator(); at.increment(error))
            names.push_back(at->path().filename().string());
        if (error) return cannot_list(directory, error, is_named);
        std::sort(names.begin(), names.end());  // std::string compares bytes as unsigned: KF-027
        for (const std::string& name : names) add_entry(directory, name, is_named, is_own);
    }

    void cannot_list(const std::string& directory, const std::error_code& error, bool is_named) {
        auto& list = is_named ? found_.problems : found_.warnings;
        list.push_back({{directory}, fmt::format("the directory cannot be read: {}", error_text(error.value()))});
    }

    void add_entry(const std::string& directory, const std::string& name, bool is_named, bool is_own) {
        const std::string path = directory + '/' + name;
        std::error_code error;
        const auto kind = fs::status(path, error).type();
        if (name.starts_with('.'))
            skip(path, "its name begins with a dot");
        else if (name == own_directory() && kind == fs::file_type::directory)
            return;  // read after everything else
        else if (!has_yaml_suffix(name))
            skip(path, "its name does not end in .yaml or .yml");
        else if (kind == fs::file_type::not_found)
            found_.warnings.push_back({{path}, "skipped: the link leads nowhere"});
        else if (kind != fs::file_type::regular)
            skip(path, "it is not a regular file");
        else
            found_.files.push_back({path, is_named, is_own});
    }

    void skip(const std::string& path, const char* why) {
        found_.notes.push_back(fmt::format("skipped {}: {}", path, why));
    }

    std::string own_directory() const { return request_.id.empty() ? std::string() : request_.id + ".d"; }

    void search_own_directories() {
        if (request_.id.empty()) return;
        for (const std::string& directory : directories_) {
            const std::string own = directory + '/' + own_directory();
            std::error_code ignored;  // what cannot be looked at is not there
            if (fs::is_directory(own, ignored) && !is_open_to_others(own)) add_entries(own, false, true);
        }
    }

    const Request& request_;
    const Surroundings& surroundings_;
    std::vector<std::string> directories_;
    Search found_;
};

std::optional<std::string> refusal(const struct stat& status, const Surroundings& surroundings) {
    if (!S_ISREG(status.st_mode)) return "it is not a regular file";
    if ((status.st_mode & S_IWOTH) != 0) return "everybody can write it, so it is not trusted: chmod o-w";
    if (status.st_uid != 0 && status.st_uid != surroundings.user_id)
        return fmt::format("it belongs to user {}, so it is not trusted: chown it to root or to user {}", status.st_uid,
                           surroundings.user_id);
    return std::nullopt;
}

// 0, or the number of the error.
int read_all(const Fd& fd, std::string& text) {
    char buffer[16384];
    while (text.size() <= kMaxFileBytes) {
        const ssize_t count = ::read(fd.get(), buffer, sizeof buffer);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return errno;
        if (count == 0) return 0;
        text.append(buffer, static_cast<std::size_t>(count));
    }
    return 0;
}

}  // namespace

Search find_files(const Request& request, const Surroundings& surroundings) {
    return Searching(request, surroundings).run();
}

std::optional<std::string> read_config_file(const ConfigFile& file, const Surroundings& surroundings,
                                            std::vector<Problem>& warnings, std::vector<Problem>& problems) {
    const auto cannot_read = [&](int number) -> std::optional<std::string> {
        const std::string why = fmt::format("cannot be read: {}", error_text(number));
        (file.is_named ? problems : warnings).push_back({{file.path}, file.is_named ? why : why + "; skipped"});
        return std::nullopt;
    };
    const Fd fd(::open(file.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!fd) return cannot_read(errno);
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0) return cannot_read(errno);
    if (const auto why = refusal(status, surroundings)) {
        problems.push_back({{file.path}, "refused: " + *why});
        return std::nullopt;
    }
    std::string text;
    if (const int error = read_all(fd, text); error != 0) return cannot_read(error);
    return text;
}

}  // namespace fedmsg::config
