// Files with secrets (C7 of the consumers' shared rules): they belong to the account that the hub runs under and nobody
// else may read them (mode 0600 or less), or they lie below $CREDENTIALS_DIRECTORY, where systemd's LoadCredential=
// puts them. Everything else is refused. What is thrown names the file and what to do, never what is in it. Any thread;
// no state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace fedmsg_plugins {

class SecretFileError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Where the file is: a name without a slash is that of a credential that systemd loaded, everything else a path.
std::string secret_path(std::string_view name);

// The whole content. Throws a SecretFileError.
std::string read_secret_file(std::string_view name, std::size_t size_limit = 64 * 1024);

// Replaces the file at once (new file, sync, rename), mode 0600. Throws a SecretFileError.
void write_secret_file(std::string_view name, std::string_view content);

// What changes when the file is written or replaced. All zero if there is none.
struct FileStamp {
    std::uint64_t inode = 0;
    std::int64_t modified_ns = 0;
    std::int64_t size = 0;

    friend bool operator==(const FileStamp&, const FileStamp&) = default;
};
FileStamp stamp_of_secret_file(std::string_view name);

}  // namespace fedmsg_plugins
