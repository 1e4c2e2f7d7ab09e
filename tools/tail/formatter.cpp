#include "tools/tail/formatter.hpp"

#include <algorithm>
#include <cmath>
#include <ctime>

#include "bus/base/text.hpp"
#include "bus/json/python_text.hpp"
#include "tools/tail/coloured.hpp"
#include "tools/tail/cowsay.hpp"

namespace fedmsg::tools {
namespace {

// "Tue May 13 16:53:20 2014", local time.
std::string time_text(double timestamp) {
    const auto seconds = static_cast<std::time_t>(timestamp);
    std::tm local{};
    char text[64] = "";
    if (::localtime_r(&seconds, &local) != nullptr) std::strftime(text, sizeof text, "%a %b %e %H:%M:%S %Y", &local);
    return text;
}

// Replaces a numeric timestamp by local time; any other stays as it is.
void show_time(json::Document& message) {
    if (!message.IsObject()) return;
    const auto found = message.FindMember("timestamp");
    constexpr double kFarthest = 1e15;  // beyond, there is no such date
    if (found == message.MemberEnd() || !found->value.IsNumber()) return;
    const double timestamp = found->value.GetDouble();
    if (!std::isfinite(timestamp) || std::abs(timestamp) > kFarthest) return;
    found->value = json::make_text(time_text(timestamp), message.GetAllocator());
}

void strip_credentials(json::Document& message) {
    if (!message.IsObject()) return;
    message.EraseMember("signature");
    message.EraseMember("certificate");
}

const json::Value* look_up(const json::Value& message, const std::vector<std::string>& path) {
    const json::Value* at = &message;
    for (const auto& step : path)
        if (at != nullptr) at = json::find(*at, step);
    return at;
}

std::vector<std::vector<std::string>> paths_of(const std::string& query) {
    std::vector<std::vector<std::string>> paths;
    for (const auto& part : text::split(query, ',')) {
        auto path = text::split(text::trim(part), '.');
        if (std::find(paths.begin(), paths.end(), path) == paths.end()) paths.push_back(std::move(path));
    }
    return paths;
}

}  // namespace

Modes Modes::from(const config::Configuration& configuration) {
    Modes modes;
    modes.pretty = configuration.boolean("pretty", false);
    modes.really_pretty = configuration.boolean("really_pretty", false);
    modes.terse = configuration.boolean("terse", false);
    modes.cowsay = configuration.boolean("cowsay", false);
    const auto query = configuration.text("query", "");
    if (!query.empty()) modes.query = query;
    return modes;
}

Formatter::Formatter(Modes modes, const TextRules& rules) : modes_(std::move(modes)), rules_(rules) {
    if (modes_.query) paths_ = paths_of(*modes_.query);
}

std::string Formatter::text_of(json::Document& message) const {
    if (modes_.pretty) show_time(message);
    if (modes_.pretty || modes_.really_pretty) strip_credentials(message);
    if (modes_.cowsay) return "\n" + cowsay(rules_.text_of(message).subtitle);
    if (modes_.terse) {
        const auto text = rules_.text_of(message);
        return "\n" + text.title + " -- " + text.subtitle + " " + text.link;
    }
    if (modes_.query) return answer(message);
    if (modes_.really_pretty) return "\n" + coloured(message);
    if (modes_.pretty) return "\n" + json::python_pretty(message);
    return json::python_bare(message);
}

std::string Formatter::answer(const json::Value& message) const {
    std::vector<std::string> values;
    for (const auto& path : paths_) {
        const auto* value = look_up(message, path);
        values.push_back(value == nullptr ? "None" : json::python_bare(*value));
    }
    return text::join(values, ", ");
}

}  // namespace fedmsg::tools
