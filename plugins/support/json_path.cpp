#include "support/json_path.hpp"

#include <charconv>
#include <cstddef>
#include <optional>
#include <stdexcept>

namespace fedmsg_plugins {

namespace {

std::optional<std::size_t> index_of(std::string_view segment) {
    std::size_t index = 0;
    const char* end = segment.data() + segment.size();
    const auto result = std::from_chars(segment.data(), end, index);
    if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
    return index;
}

fedmsg_hub::Value step(fedmsg_hub::Value value, std::string_view segment) {
    if (!value.is_array()) return value[segment];
    const auto index = index_of(segment);
    return index ? value[*index] : fedmsg_hub::Value();
}

}  // namespace

std::vector<std::string> split_path(std::string_view path) {
    std::vector<std::string> segments;
    const std::string_view whole = path;
    while (true) {
        const auto dot = path.find('.');
        segments.emplace_back(path.substr(0, dot));
        if (segments.back().empty())
            throw std::invalid_argument("the path \"" + std::string(whole) + "\" has an empty segment");
        if (dot == std::string_view::npos) return segments;
        path.remove_prefix(dot + 1);
    }
}

fedmsg_hub::Value at_path(fedmsg_hub::Value root, const std::vector<std::string>& segments) {
    for (const std::string& segment : segments) root = step(root, segment);
    return root;
}

fedmsg_hub::Value at_path(fedmsg_hub::Value root, std::string_view path) {
    return at_path(root, split_path(path));
}

}  // namespace fedmsg_plugins
