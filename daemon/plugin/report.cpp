#include "daemon/plugin/report.hpp"

#include <fmt/format.h>

#include <iterator>

#include "bus/base/text.hpp"

namespace fedmsg::hub {
namespace {

std::vector<std::string> capabilities_of(const ConsumerDeclaration& consumer) {
    std::vector<std::string> names;
    if (consumer.publishes) names.emplace_back("publishes");
    if (consumer.executes) names.emplace_back("executes");
    if (consumer.parallel) names.emplace_back("parallel");
    if (consumer.reconfigures) names.emplace_back("reconfigures");
    return names;
}

void add_line(std::string& out, std::string_view label, std::string_view value) {
    if (!value.empty()) fmt::format_to(std::back_inserter(out), "    {:<12} {}\n", label, value);
}

void add_option(std::string& out, const OptionDeclaration& option) {
    std::string line = fmt::format("{} ({}", option.name, type_name(option.type));
    if (option.required) line += ", required";
    if (option.secret) line += ", secret";
    if (!option.default_json.empty()) line += ", default " + option.default_json;
    line += ")";
    if (!option.help.empty()) line += ": " + option.help;
    add_line(out, "option", line);
}

void add_consumer(std::string& out, const ConsumerDeclaration& consumer) {
    out += "  consumer " + consumer.name + '\n';
    add_line(out, "description", consumer.description);
    add_line(out, "enabled by", consumer.config_key);
    add_line(out, "topics", text::join(consumer.topics, " "));
    if (consumer.period.count() > 0) add_line(out, "period", fmt::format("{} ms", consumer.period.count()));
    add_line(out, "capabilities", text::join(capabilities_of(consumer), ", "));
    add_line(out, "own keys", text::join(consumer.key_prefixes, " "));
    for (const OptionDeclaration& option : consumer.options) add_option(out, option);
}

std::string abi_text(const Plugin& plugin) {
    return fmt::format("{}.{} (runs in hubs of {}.{} and later)", plugin.abi_major, plugin.abi_minor, plugin.abi_major,
                       plugin.required_minor);
}

class JsonReport {
public:
    explicit JsonReport(json::Pool& pool) : pool_(pool) {}

    json::Value of(const FileReport& report) {
        json::Value out(rapidjson::kObjectType);
        add(out, "path", text(report.path));
        if (report.plugin != nullptr) add_plugin(out, *report.plugin);
        json::Value consumers(rapidjson::kArrayType), problems(rapidjson::kArrayType);
        for (const auto& consumer : report.consumers) consumers.PushBack(of(*consumer), pool_);
        for (const PluginProblem& problem : report.problems) problems.PushBack(of(problem), pool_);
        add(out, "consumers", std::move(consumers));
        add(out, "problems", std::move(problems));
        return out;
    }

private:
    void add_plugin(json::Value& out, const Plugin& plugin) {
        add(out, "name", text(plugin.name));
        add(out, "version", text(plugin.version));
        add(out, "abi", text(fmt::format("{}.{}", plugin.abi_major, plugin.abi_minor)));
        add(out, "required_minor", json::Value(plugin.required_minor));
        add(out, "build_id", text(plugin.build_id));
        add(out, "elf_build_id", text(plugin.elf_build_id));
        add(out, "sha256", text(plugin.file.sha256));
    }

    json::Value of(const ConsumerDeclaration& consumer) {
        json::Value out(rapidjson::kObjectType);
        add(out, "name", text(consumer.name));
        add(out, "description", text(consumer.description));
        add(out, "config_key", text(consumer.config_key));
        add(out, "topics", texts(consumer.topics));
        add(out, "key_prefixes", texts(consumer.key_prefixes));
        add(out, "period_ms", json::Value(static_cast<std::int64_t>(consumer.period.count())));
        add(out, "capabilities", texts(capabilities_of(consumer)));
        json::Value options(rapidjson::kArrayType);
        for (const OptionDeclaration& option : consumer.options) options.PushBack(of(option), pool_);
        add(out, "options", std::move(options));
        return out;
    }

    json::Value of(const OptionDeclaration& option) {
        json::Value out(rapidjson::kObjectType);
        add(out, "name", text(option.name));
        add(out, "type", text(type_name(option.type)));
        add(out, "required", json::Value(option.required));
        add(out, "secret", json::Value(option.secret));
        add(out, "default", text(option.default_json));
        add(out, "help", text(option.help));
        return out;
    }

    json::Value of(const PluginProblem& problem) {
        json::Value out(rapidjson::kObjectType);
        add(out, "consumer", text(problem.consumer));
        add(out, "reason", text(problem.reason));
        return out;
    }

    json::Value text(std::string_view value) { return json::make_text(value, pool_); }
    json::Value texts(const std::vector<std::string>& values) {
        json::Value out(rapidjson::kArrayType);
        for (const std::string& value : values) out.PushBack(text(value), pool_);
        return out;
    }
    void add(json::Value& object, const char* key, json::Value value) {
        object.AddMember(rapidjson::StringRef(key), std::move(value), pool_);
    }

    json::Pool& pool_;
};

}  // namespace

FileReport check_file(const std::string& path, Trust trust, Prober& prober) {
    FileReport report;
    report.path = path;
    auto plugin = load_plugin(path, trust, prober);
    if (!plugin) {
        report.problems.push_back({path, {}, plugin.error().text});
        return report;
    }
    report.plugin = std::move(*plugin);
    const json::Document empty(rapidjson::kObjectType);
    Description description = describe(report.plugin, empty);
    report.consumers = std::move(description.consumers);
    report.problems = std::move(description.problems);
    return report;
}

std::string text_report(const FileReport& report) {
    std::string out = report.path + '\n';
    if (report.plugin != nullptr) {
        const Plugin& plugin = *report.plugin;
        fmt::format_to(std::back_inserter(out), "  plugin {} {}\n", plugin.name, plugin.version);
        add_line(out, "ABI", abi_text(plugin));
        add_line(out, "build id", plugin.build_id);
        add_line(out, "ELF build id", plugin.elf_build_id);
        add_line(out, "SHA-256", plugin.file.sha256);
    }
    for (const ConsumerDeclarationPtr& consumer : report.consumers) add_consumer(out, *consumer);
    for (const PluginProblem& problem : report.problems)
        fmt::format_to(std::back_inserter(out), "  problem: {}{}\n",
                       problem.consumer.empty() ? "" : "consumer " + problem.consumer + ": ", problem.reason);
    return out;
}

json::Value json_report(const FileReport& report, json::Pool& pool) {
    return JsonReport(pool).of(report);
}

}  // namespace fedmsg::hub
