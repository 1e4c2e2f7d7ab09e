// Files that are whole or not there: written beside their place, synced, renamed, and the directory synced. Everything
// throws a FileError that names the file and the system's reason. Any thread.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace genacls {

using Path = std::filesystem::path;

class FileError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

constexpr std::size_t kMostBytes = std::size_t{256} << 20;  // of any file or answer that is read

// Nothing if there is no such file.
std::optional<std::string> read_file(const Path& path, std::size_t limit = kMostBytes);
// A new file, synced. Not for places where others look: see replace_file.
void write_file(const Path& path, std::string_view content, unsigned mode = 0640);
// Readers see the old content or the new one.
void replace_file(const Path& path, std::string_view content, unsigned mode = 0640);
// The directory's entries survive a power cut.
void sync_directory(const Path& directory);
void make_directories(const Path& directory, unsigned mode = 0750);

// In lower-case hexadecimal digits.
std::string sha256(std::string_view text);

// A directory that is gone with the object. PREFIX.XXXXXX in `parent`, mode 0750.
class ScratchDirectory {
public:
    ScratchDirectory(const Path& parent, const std::string& prefix);
    ScratchDirectory(const ScratchDirectory&) = delete;
    ScratchDirectory& operator=(const ScratchDirectory&) = delete;
    ~ScratchDirectory();

    const Path& path() const { return path_; }
    // What earlier processes left when they were killed. Only under the lock of whoever makes them.
    static void remove_leftovers(const Path& parent, const std::string& prefix);

private:
    Path path_;
};

// An exclusive lock, as long as the object lives. The file itself stays.
class FileLock {
public:
    // Nothing if another process (or another object of this one) holds it.
    static std::optional<FileLock> try_lock(const Path& path);
    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&&) = delete;
    ~FileLock();

private:
    explicit FileLock(int descriptor) : descriptor_(descriptor) {}

    int descriptor_;
};

}  // namespace genacls
