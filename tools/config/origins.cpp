#include "tools/config/origins.hpp"

#include <fmt/format.h>

#include "bus/base/text.hpp"
#include "bus/json/writer.hpp"

namespace fedmsg::tools {
namespace {

void append(std::string& lines, const config::Configuration& configuration, const json::Value& value,
            std::vector<std::string>& path) {
    if (value.IsObject() && !value.ObjectEmpty()) {
        for (const auto& member : value.GetObject()) {
            path.emplace_back(json::text_of(member.name));
            append(lines, configuration, member.value, path);
            path.pop_back();
        }
        return;
    }
    lines +=
        fmt::format("{}: {} = {}\n", configuration.origin(path).text(), text::join(path, "."), json::relayed(value));
}

}  // namespace

std::string origins(const config::Configuration& configuration, const Found& shown) {
    std::string lines;
    std::vector<std::string> path = shown.path;
    append(lines, configuration, *shown.value, path);
    return lines;
}

}  // namespace fedmsg::tools
