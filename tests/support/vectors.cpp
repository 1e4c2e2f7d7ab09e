#include "tests/support/vectors.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iostream>

namespace fedmsg::test {
namespace {

std::filesystem::path data_directory() {
    if (const char* configured = std::getenv("FEDMSG_HUB_TEST_DATA")) return configured;
    return std::filesystem::path(FEDMSG_HUB_SOURCE_DIR).parent_path() / "shared" / "data";
}

}  // namespace

std::optional<std::filesystem::path> vector_path(const std::string& relative) {
    const auto directory = data_directory();
    if (!std::filesystem::exists(directory)) return std::nullopt;
    const auto path = directory / relative;
    EXPECT_TRUE(std::filesystem::exists(path)) << "the vector directory is there, but not " << path;
    return path;
}

std::vector<std::string> lines_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);)
        if (!line.empty()) lines.push_back(line);
    return lines;
}

void report_vectors(const std::string& family, std::size_t passed, std::size_t total) {
    const std::string line = family + ": " + std::to_string(passed) + "/" + std::to_string(total) + "\n";
    std::cout << "vectors: " << line;
    if (const char* report = std::getenv("FEDMSG_HUB_VECTOR_REPORT")) std::ofstream(report, std::ios::app) << line;
}

}  // namespace fedmsg::test
