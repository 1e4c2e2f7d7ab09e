// A plugin file as it was at one moment: opened once, checked, and copied into memory that nobody can change.
//
// Everything that follows (listing its symbols, probing, loading) works on path(), so nothing can change between check
// and load, overwriting the file on disk cannot disturb running code, and a noexec mount does not matter.
// The dynamic linker knows a loaded library by that path: the object must live as long as the library is mapped, else a
// later file could get the same number and the linker would hand out the old code. One owner; any thread may read.
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "bus/base/fd.hpp"
#include "bus/base/result.hpp"

namespace fedmsg::hub {

// Whose files may become code of this process. Nobody else may be able to write to them.
enum class Trust {
    root_only,     // services of the system
    own_user_too,  // run by hand: files of the running user as well
};

struct FileIdentity {
    std::string path;  // as it was found
    dev_t device = 0;
    ino_t inode = 0;
    std::uint64_t size = 0;
    std::int64_t changed_ns = 0;  // its ctime
    std::string sha256;           // hexadecimal

    std::string stem() const;  // "printer" of "/usr/lib/.../printer.so"
};

class SealedFile {
public:
    static constexpr std::uint64_t kMaxBytes = 256 * 1024 * 1024;

    // Refuses symbolic links, what is no regular file, and what others could have written.
    static Result<SealedFile> open(const std::string& path, Trust trust);
    // A descriptor that another process has sealed: the child's side of a probe.
    static Result<SealedFile> adopt(Fd sealed);

    const FileIdentity& identity() const { return identity_; }
    int descriptor() const { return fd_.get(); }
    std::string path() const;  // "/proc/self/fd/N"
    std::span<const std::byte> bytes() const { return {view_, view_ == nullptr ? 0 : identity_.size}; }
    // Lets go of the bytes, not of the file.
    void unmap_view();

    SealedFile() = default;
    ~SealedFile() { unmap_view(); }
    SealedFile(SealedFile&& other) noexcept;
    SealedFile& operator=(SealedFile&& other) noexcept;

private:
    Status map_view();

    Fd fd_;
    FileIdentity identity_;
    const std::byte* view_ = nullptr;
};

// Why somebody else could write to a file or directory of this owner and mode, or nothing.
Status check_owner(const struct stat& facts, Trust trust);

// True if the file at the identity's path is not the one that was read: replaced, overwritten or gone.
bool differs_on_disk(const FileIdentity& identity);

}  // namespace fedmsg::hub
