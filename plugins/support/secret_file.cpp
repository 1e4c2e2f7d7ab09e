#include "support/secret_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace fedmsg_plugins {

namespace {

constexpr mode_t kForOthers = S_IRWXG | S_IRWXO;

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { close(); }

    int number() const { return number_; }
    bool is_open() const { return number_ >= 0; }
    bool close() {
        const int number = std::exchange(number_, -1);
        return number < 0 || ::close(number) == 0;
    }

private:
    int number_;
};

[[noreturn]] void fail(const std::string& path, const std::string& what) {
    throw SecretFileError("the file " + path + " " + what);
}

[[noreturn]] void fail_with_errno(const std::string& path, const std::string& what) {
    fail(path, what + ": " + std::strerror(errno));
}

std::string credentials_directory() {
    const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
    return directory != nullptr ? directory : "";
}

bool is_credential(const std::string& path) {
    const std::string directory = credentials_directory();
    return !directory.empty() && path.rfind(directory + "/", 0) == 0 && path.find("/../") == std::string::npos;
}

std::string octal(mode_t mode) {
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "%04o", static_cast<unsigned>(mode & 07777));
    return text.data();
}

void expect_private(const std::string& path, const struct stat& status) {
    if (!S_ISREG(status.st_mode)) fail(path, "is not a regular file");
    if (is_credential(path)) return;
    if (status.st_uid != geteuid())
        fail(path, "belongs to user " + std::to_string(status.st_uid) + ", but the hub runs as user " +
                       std::to_string(geteuid()) + ": chown it, or load it with LoadCredential= of systemd");
    if ((status.st_mode & kForOthers) != 0)
        fail(path, "has mode " + octal(status.st_mode) + ", so others may read it: chmod 600 it");
}

std::string read_all(const std::string& path, int descriptor, std::size_t size_limit) {
    std::string content;
    std::array<char, 4096> buffer{};
    while (true) {
        const ssize_t got = read(descriptor, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail_with_errno(path, "cannot be read");
        if (got == 0) return content;
        content.append(buffer.data(), static_cast<std::size_t>(got));
        if (content.size() > size_limit) fail(path, "is larger than " + std::to_string(size_limit) + " bytes");
    }
}

void write_all(const std::string& path, int descriptor, std::string_view content) {
    while (!content.empty()) {
        const ssize_t done = write(descriptor, content.data(), content.size());
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) fail_with_errno(path, "cannot be written");
        content.remove_prefix(static_cast<std::size_t>(done));
    }
}

std::string directory_of(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

void sync_directory(const std::string& path) {
    const Descriptor directory(open(directory_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory.is_open() || fsync(directory.number()) != 0) fail_with_errno(path, "was replaced, but not synced");
}

// A file beside the real one; removed unless it took its place.
class NewFile {
public:
    explicit NewFile(const std::string& path) : path_(path), name_(path + ".new-XXXXXX") {
        number_ = mkostemp(name_.data(), O_CLOEXEC);  // mode 0600
        if (number_ < 0) fail_with_errno(path_, "cannot be replaced: a new file beside it cannot be made");
    }
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;
    ~NewFile() {
        if (number_ >= 0) ::close(number_);
        if (!name_.empty()) unlink(name_.c_str());
    }

    void write(std::string_view content) const {
        write_all(path_, number_, content);
        if (fsync(number_) != 0) fail_with_errno(path_, "cannot be synced");
    }
    void take_its_place() {
        if (::close(std::exchange(number_, -1)) != 0) fail_with_errno(path_, "cannot be written");
        if (rename(name_.c_str(), path_.c_str()) != 0) fail_with_errno(path_, "cannot be replaced");
        name_.clear();
        sync_directory(path_);
    }

private:
    std::string path_;
    std::string name_;
    int number_ = -1;
};

}  // namespace

std::string secret_path(std::string_view name) {
    if (name.empty()) throw SecretFileError("no credentials file is named");
    if (name.find('/') != std::string_view::npos) return std::string(name);
    const std::string directory = credentials_directory();
    if (!directory.empty()) return directory + "/" + std::string(name);
    throw SecretFileError("the credential " + std::string(name) +
                          " was not loaded: add LoadCredential= to the unit, or name a file with its whole path");
}

std::string read_secret_file(std::string_view name, std::size_t size_limit) {
    const std::string path = secret_path(name);
    // Non-blocking, so that a named pipe in its place stops nothing.
    const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!file.is_open()) fail_with_errno(path, "cannot be opened");
    struct stat status {};
    if (fstat(file.number(), &status) != 0) fail_with_errno(path, "cannot be looked at");
    expect_private(path, status);
    return read_all(path, file.number(), size_limit);
}

void write_secret_file(std::string_view name, std::string_view content) {
    const std::string path = secret_path(name);
    if (is_credential(path)) fail(path, "is a credential of systemd, which cannot be rewritten: name a file");
    NewFile file(path);
    file.write(content);
    file.take_its_place();
}

FileStamp stamp_of_secret_file(std::string_view name) {
    struct stat status {};
    try {
        if (stat(secret_path(name).c_str(), &status) != 0) return {};
    } catch (const SecretFileError&) {
        return {};  // a credential that was not loaded is a file that is not there
    }
    return {status.st_ino, std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec,
            status.st_size};
}

}  // namespace fedmsg_plugins
