#include "genacls/files.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <utility>

namespace genacls {
namespace {

[[noreturn]] void fail(const char* what, const Path& path, int error = errno) {
    throw FileError(std::string("cannot ") + what + " " + path.string() + ": " + std::strerror(error));
}

class Descriptor {
public:
    Descriptor(const Path& path, int flags, unsigned mode, const char* what)
        : number_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {
        if (number_ < 0) fail(what, path);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { ::close(number_); }
    int get() const { return number_; }

private:
    int number_;
};

}  // namespace

std::optional<std::string> read_file(const Path& path, std::size_t limit) {
    if (::access(path.c_str(), F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR)) return std::nullopt;
    const Descriptor file(path, O_RDONLY | O_NONBLOCK, 0, "open");
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) fail("look at", path);
    if (!S_ISREG(status.st_mode)) throw FileError("cannot read " + path.string() + ": it is no regular file");
    std::string content;
    std::array<char, 65536> buffer{};
    for (;;) {
        const ssize_t count = ::read(file.get(), buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail("read", path);
        if (count == 0) return content;
        content.append(buffer.data(), static_cast<std::size_t>(count));
        if (content.size() > limit) throw FileError("cannot read " + path.string() + ": it is too long");
    }
}

void write_file(const Path& path, std::string_view content, unsigned mode) {
    const Descriptor file(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode, "create");
    while (!content.empty()) {
        const ssize_t count = ::write(file.get(), content.data(), content.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail("write", path);
        content.remove_prefix(static_cast<std::size_t>(count));
    }
    if (::fchmod(file.get(), mode) != 0) fail("set the mode of", path);
    if (::fsync(file.get()) != 0) fail("sync", path);
}

void replace_file(const Path& path, std::string_view content, unsigned mode) {
    const Path fresh = path.string() + ".new";
    ::unlink(fresh.c_str());  // of a process that was killed
    try {
        write_file(fresh, content, mode);
    } catch (...) {
        ::unlink(fresh.c_str());
        throw;
    }
    if (::rename(fresh.c_str(), path.c_str()) != 0) fail("rename to", path);
    sync_directory(path.parent_path());
}

void sync_directory(const Path& directory) {
    const Descriptor opened(directory.empty() ? Path(".") : directory, O_RDONLY | O_DIRECTORY, 0, "open");
    if (::fsync(opened.get()) != 0) fail("sync", directory);
}

void make_directories(const Path& directory, unsigned mode) {
    if (directory.empty() || std::filesystem::is_directory(directory)) return;
    make_directories(directory.parent_path(), mode);
    if (::mkdir(directory.c_str(), mode) != 0 && errno != EEXIST) fail("make the directory", directory);
}

std::string sha256(std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
        throw FileError("OpenSSL cannot compute SHA-256");
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string out;
    for (unsigned at = 0; at < size; ++at) {
        out.push_back(kDigits[digest[at] >> 4]);
        out.push_back(kDigits[digest[at] & 15]);
    }
    return out;
}

ScratchDirectory::ScratchDirectory(const Path& parent, const std::string& prefix) {
    std::string name = (parent / (prefix + ".XXXXXX")).string();
    if (::mkdtemp(name.data()) == nullptr) fail("make a directory", name);
    path_ = name;
    if (::chmod(name.c_str(), 0750) != 0) fail("set the mode of", path_);
}

ScratchDirectory::~ScratchDirectory() {
    std::error_code ignored;  // the next run removes what is left
    std::filesystem::remove_all(path_, ignored);
}

void ScratchDirectory::remove_leftovers(const Path& parent, const std::string& prefix) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(parent, error)) {
        std::error_code ignored;  // an old directory does no harm; the next run tries again
        if (entry.path().filename().string().starts_with(prefix + "."))
            std::filesystem::remove_all(entry.path(), ignored);
    }
}

std::optional<FileLock> FileLock::try_lock(const Path& path) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (descriptor < 0) fail("open the lock file", path);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return FileLock(descriptor);
    const int error = errno;
    ::close(descriptor);
    if (error != EWOULDBLOCK) fail("lock", path, error);
    return std::nullopt;
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock::~FileLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace genacls
