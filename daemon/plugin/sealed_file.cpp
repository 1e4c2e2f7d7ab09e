#include "daemon/plugin/sealed_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <functional>
#include <utility>
#include <vector>

#include "daemon/plugin/sha256.hpp"

namespace fedmsg::hub {
namespace {

std::int64_t nanoseconds(const struct timespec& time) {
    return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

FileIdentity identity_of(const std::string& path, const struct stat& facts) {
    return {path, facts.st_dev, facts.st_ino, static_cast<std::uint64_t>(facts.st_size), nanoseconds(facts.st_ctim),
            {}};
}

Error cannot_open(int error_number) {
    if (error_number == ELOOP)
        return failure("is a symbolic link; plugins are loaded from regular files only. Copy the file instead");
    return system_failure("cannot be opened", error_number);
}

// Non-blocking, so that a named pipe cannot hold us up; regular files do not notice.
Result<Fd> open_for_reading(const std::string& path) {
    Fd file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file) return cannot_open(errno);
    return file;
}

Status check_kind(const struct stat& facts) {
    if (!S_ISREG(facts.st_mode)) return failure("is no regular file");
    if (facts.st_size == 0) return failure("not a shared library: the file is empty");
    if (static_cast<std::uint64_t>(facts.st_size) > SealedFile::kMaxBytes)
        return failure(
            fmt::format("has {} bytes; plugins of more than {} are refused", facts.st_size, SealedFile::kMaxBytes));
    return {};
}

Status write_all(int out, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(out, bytes.data(), bytes.size());
        if (written < 0) return system_failure("cannot be copied to memory", errno);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

// Hands the file on in pieces; the size it turned out to have.
Result<std::uint64_t> for_each_piece(int from, const std::function<Status(std::span<const std::byte>)>& take) {
    std::vector<std::byte> buffer(256 * 1024);
    std::uint64_t total = 0;
    while (true) {
        const ssize_t count = ::read(from, buffer.data(), buffer.size());
        if (count < 0) return system_failure("cannot be read", errno);
        if (count == 0) return total;
        total += static_cast<std::uint64_t>(count);
        if (total > SealedFile::kMaxBytes) return failure("grew while it was read");
        if (const Status status = take({buffer.data(), static_cast<std::size_t>(count)}); !status)
            return status.error();
    }
}

// Copies what is there now, and notes its sum. A file that changes its size meanwhile is refused.
Result<Fd> sealed_copy(int from, FileIdentity& identity) {
    // The name is what /proc/PID/maps shows.
    Fd memory(::memfd_create(identity.stem().substr(0, 200).c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!memory) return system_failure("no memory file for the copy", errno);
    Sha256 sum;
    const Result<std::uint64_t> copied = for_each_piece(from, [&](std::span<const std::byte> piece) {
        sum.update(piece);
        return write_all(memory.get(), piece);
    });
    if (!copied) return copied.error();
    if (*copied != identity.size) return failure("changed while it was read; try again once it is installed");
    identity.sha256 = sum.finish();
    if (::fcntl(memory.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0)
        return system_failure("its copy cannot be sealed", errno);
    return memory;
}

bool has_sum(int file, const std::string& wanted) {
    Sha256 sum;
    const Result<std::uint64_t> size = for_each_piece(file, [&](std::span<const std::byte> piece) -> Status {
        sum.update(piece);
        return {};
    });
    return size.has_value() && sum.finish() == wanted;
}

bool is_group_trusted(gid_t group, Trust trust) {
    return group == 0 || (trust == Trust::own_user_too && group == ::getegid());
}

bool is_owner_trusted(uid_t owner, Trust trust) {
    return owner == 0 || (trust == Trust::own_user_too && owner == ::geteuid());
}

}  // namespace

std::string FileIdentity::stem() const {
    return std::filesystem::path(path).stem().string();
}

Status check_owner(const struct stat& facts, Trust trust) {
    if (!is_owner_trusted(facts.st_uid, trust))
        return failure(fmt::format("belongs to user {}, who could change it; {}: chown it", facts.st_uid,
                                   trust == Trust::root_only
                                       ? "a service loads files of root only"
                                       : "only files of root and of the running user are loaded"));
    if ((facts.st_mode & S_IWOTH) != 0)
        return failure(fmt::format("is writable by others (mode {:04o}): chmod o-w it", facts.st_mode & 07777U));
    if ((facts.st_mode & S_IWGRP) != 0 && !is_group_trusted(facts.st_gid, trust))
        return failure(fmt::format("is writable by its group {} (mode {:04o}): chmod g-w it", facts.st_gid,
                                   facts.st_mode & 07777U));
    return {};
}

Result<SealedFile> SealedFile::open(const std::string& path, Trust trust) {
    const Result<Fd> file = open_for_reading(path);
    if (!file) return file.error();
    struct stat facts {};
    if (::fstat(file->get(), &facts) != 0) return system_failure("cannot be examined", errno);
    if (const Status status = check_kind(facts); !status) return status.error();
    if (const Status status = check_owner(facts, trust); !status) return status.error();

    SealedFile sealed;
    sealed.identity_ = identity_of(path, facts);
    Result<Fd> memory = sealed_copy(file->get(), sealed.identity_);
    if (!memory) return memory.error();
    sealed.fd_ = std::move(*memory);
    if (const Status status = sealed.map_view(); !status) return status.error();
    return sealed;
}

Result<SealedFile> SealedFile::adopt(Fd descriptor) {
    SealedFile sealed;
    sealed.fd_ = std::move(descriptor);
    struct stat facts {};
    if (::fstat(sealed.fd_.get(), &facts) != 0) return system_failure("cannot be examined", errno);
    sealed.identity_ = identity_of(sealed.path(), facts);
    return sealed;
}

std::string SealedFile::path() const {
    return fmt::format("/proc/self/fd/{}", fd_.get());
}

Status SealedFile::map_view() {
    void* view = ::mmap(nullptr, identity_.size, PROT_READ, MAP_PRIVATE, fd_.get(), 0);
    if (view == MAP_FAILED) return system_failure("its copy cannot be read", errno);
    view_ = static_cast<const std::byte*>(view);
    return {};
}

void SealedFile::unmap_view() {
    if (view_ != nullptr) ::munmap(const_cast<std::byte*>(view_), identity_.size);
    view_ = nullptr;
}

SealedFile::SealedFile(SealedFile&& other) noexcept
    : fd_(std::move(other.fd_)), identity_(std::move(other.identity_)), view_(std::exchange(other.view_, nullptr)) {}

SealedFile& SealedFile::operator=(SealedFile&& other) noexcept {
    unmap_view();
    fd_ = std::move(other.fd_);
    identity_ = std::move(other.identity_);
    view_ = std::exchange(other.view_, nullptr);
    return *this;
}

bool differs_on_disk(const FileIdentity& identity) {
    struct stat facts {};
    if (::lstat(identity.path.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode)) return true;
    const FileIdentity now = identity_of(identity.path, facts);
    if (now.size != identity.size) return true;
    if (now.device == identity.device && now.inode == identity.inode && now.changed_ns == identity.changed_ns)
        return false;
    // Something happened to it: perhaps a chmod, or a new installation of the same build.
    const Result<Fd> file = open_for_reading(identity.path);
    return !file || !has_sum(file->get(), identity.sha256);
}

}  // namespace fedmsg::hub
