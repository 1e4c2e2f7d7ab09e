#include "tools/config/query.hpp"

#include "bus/json/python_text.hpp"
#include "bus/json/writer.hpp"

namespace fedmsg::tools {
namespace {

bool follow(const json::Value& value, std::string_view rest, Found& found) {
    const auto step = [&](std::string_view key, std::string_view behind, bool is_last) {
        const json::Value* member = json::find(value, key);
        if (member == nullptr || (is_last && member->IsNull())) return false;
        found.path.emplace_back(key);
        found.value = member;
        if (is_last || follow(*member, behind, found)) return true;
        found.path.pop_back();
        return false;
    };
    if (!value.IsObject()) return false;
    for (auto dot = rest.find('.'); dot != std::string_view::npos; dot = rest.find('.', dot + 1))
        if (step(rest.substr(0, dot), rest.substr(dot + 1), false)) return true;
    return step(rest, {}, true);
}

}  // namespace

std::optional<Found> look_up(const json::Value& root, std::string_view query) {
    const json::Value* flat = json::find(root, query);
    if (flat != nullptr && !flat->IsNull()) return Found{flat, {std::string(query)}};
    Found found;
    if (!follow(root, query, found)) return std::nullopt;
    return found;
}

std::string printed(const json::Value& value) {
    if (json::is_text(value)) return json::python_bare(value) + "\n";
    if (!value.IsArray()) return json::pretty(value) + "\n";
    std::string lines;
    for (const json::Value& item : value.GetArray()) lines += json::python_bare(item) + "\n";
    return lines;
}

}  // namespace fedmsg::tools
