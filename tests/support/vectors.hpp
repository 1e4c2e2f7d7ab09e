// The vector files of $FEDMSG_HUB_TEST_DATA (default: ../shared/data beside the project's root), which a user's machine
// may not have.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fedmsg::test {

// The file or directory below the data directory, or nothing if the data directory does not exist. If the data
// directory exists and the file does not, the calling test fails.
std::optional<std::filesystem::path> vector_path(const std::string& relative);

// The lines of a JSON Lines file, without empty ones.
std::vector<std::string> lines_of(const std::filesystem::path& file);

// Writes "vectors: FAMILY PASSED/TOTAL" to the file that $FEDMSG_HUB_VECTOR_REPORT names (tests/run prints it), and to
// stdout.
void report_vectors(const std::string& family, std::size_t passed, std::size_t total);

}  // namespace fedmsg::test
