#include "bus/config/loader.hpp"

#include <fmt/format.h>

#include <optional>

#include "bus/config/checks.hpp"
#include "bus/config/derived.hpp"
#include "bus/config/files.hpp"
#include "bus/config/flatten.hpp"
#include "bus/config/merger.hpp"
#include "bus/config/sections.hpp"
#include "bus/config/substitution.hpp"
#include "bus/config/yaml_reader.hpp"

namespace fedmsg::config {
namespace {

const Origin kCommandLine{"command line"};

Result<std::optional<std::string>> variable(std::string_view name, const Request& request,
                                            const Surroundings& surroundings) {
    const std::string& host = surroundings.hostname;
    if (name == "host") return std::optional(host.substr(0, host.find('.')));
    if (name == "fqdn") return std::optional(host);
    if (name == "id") return std::optional(request.id);
    if (!name.starts_with("env:")) return std::optional<std::string>();
    const auto found = surroundings.environment.find(std::string(name.substr(4)));
    if (found != surroundings.environment.end()) return std::optional(found->second);
    return failure(fmt::format("${{{}}}: the environment variable is not set", name));
}

class Loading {
public:
    Loading(const Request& request, const Schema& schema, const Surroundings& surroundings, const SrvLookUp& look_up)
        : request_(request),
          schema_(schema),
          surroundings_(surroundings),
          look_up_(look_up ? look_up : SrvLookUp(look_up_srv)),
          merger_(loaded_.configuration) {
        variables_ = [this](std::string_view name) { return variable(name, request_, surroundings_); };
    }

    Loaded run() {
        Search search = find_files(request_, surroundings_);
        loaded_.notes = std::move(search.notes);
        loaded_.warnings = std::move(search.warnings);
        problems_ = std::move(search.problems);
        for (const ConfigFile& file : search.files) add_file(file);
        add_overrides();
        if (!found_unreadable_file()) check();
        if (!problems_.empty()) throw ConfigError(std::move(problems_));
        return std::move(loaded_);
    }

private:
    // What such a file would have said is unknown; complaints about what is then missing would mislead.
    bool found_unreadable_file() const {
        return unreadable_ || (loaded_.configuration.files().empty() && !problems_.empty());
    }

    void add_file(const ConfigFile& file) {
        const std::size_t before = problems_.size();
        const auto text = read_config_file(file, surroundings_, loaded_.warnings, problems_);
        if (text) {
            merger_.begin_file(file.path);
            try {
                add_text(*text, file);
            } catch (const SyntaxError& error) {
                problems_.push_back({{file.path, error.line}, error.what()});
                unreadable_ = true;
            }
        }
        unreadable_ = unreadable_ || (!text && problems_.size() > before);
    }

    void add_text(const std::string& text, const ConfigFile& file) {
        Node root = read_yaml(text);
        substitute_all(root, variables_, file.path, problems_);
        find_duplicates(root, file.path, problems_);
        for (const Entry& entry : flatten(std::move(root), schema_, file.path, problems_)) {
            const Origin origin{file.path, entry.line, file.from_own_directory};
            merger_.lay_over(entry.key, entry.value, origin);
            if (schema_.find(entry.key) == nullptr) note_spellings(entry, origin);
        }
    }

    void note_spellings(const Entry& entry, const Origin& origin) {
        merger_.note_spelling(entry.key, origin);
        std::vector<std::pair<std::string, int>> below;
        list_spellings(entry.key, entry.value, below);
        for (const auto& [name, line] : below)
            merger_.note_spelling(name, {origin.file, line, origin.from_own_directory});
    }

    void add_overrides() {
        json::Pool& pool = loaded_.configuration.pool();
        for (const auto& [key, text] : request_.overrides) {
            const auto value = json::parse(text);
            if (value)
                loaded_.configuration.set(key, json::copy(*value, pool), kCommandLine);
            else
                problems_.push_back({kCommandLine, fmt::format("{}: {}", key, value.error().text)});
        }
    }

    void check() {
        Configuration& configuration = loaded_.configuration;
        apply_schema(configuration, schema_, problems_);
        refuse_dead_keys(configuration, problems_);
        if (request_.defaults) lay_defaults_under(configuration, schema_);
        derive_endpoints(merger_, configuration, request_, look_up_, loaded_.warnings, problems_);
        derive_prefix_expression(configuration);
        if (problems_.empty()) check_sections(merger_, configuration, problems_);
        if (!request_.more_keys_follow) report_unknown_keys();
    }

    void report_unknown_keys() {
        for (const UnknownKey& unknown : unknown_keys(loaded_.configuration, schema_)) {
            if (!schema_.owner_of(unknown.key).empty()) continue;  // told by apply_schema
            if (request_.strict)
                problems_.push_back({unknown.origin, unknown.text()});
            else if (!unknown.near.empty())
                loaded_.warnings.push_back({unknown.origin, unknown.text()});
            else
                loaded_.notes.push_back(fmt::format("{}: {}", unknown.origin.text(), unknown.text()));
        }
    }

    const Request& request_;
    const Schema& schema_;
    const Surroundings& surroundings_;
    const SrvLookUp look_up_;
    Variables variables_;
    Loaded loaded_;
    Merger merger_;
    std::vector<Problem> problems_;
    bool unreadable_ = false;
};

}  // namespace

Loaded load(const Request& request, const Schema& schema, const Surroundings& surroundings, const SrvLookUp& look_up) {
    return Loading(request, schema, surroundings, look_up).run();
}

void apply_schema(Configuration& configuration, const Schema& schema, std::vector<Problem>& problems) {
    Merger merger(configuration);
    merger.fold_nested(schema, problems);
    for (const KeySpec& spec : schema.keys()) merger.find_double_spelling(spec.name, problems);
    check_types(merger, configuration, schema, problems);
    check_own_prefixes(configuration, schema, problems);
}

}  // namespace fedmsg::config
