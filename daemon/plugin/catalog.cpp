#include "daemon/plugin/catalog.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "fedmsg_version.hpp"

namespace fedmsg::hub {
namespace {

namespace fs = std::filesystem;

// The directory's *.so, sorted; hidden files are what installers write before they rename.
std::vector<fs::path> shared_objects_of(const std::string& directory, std::error_code& error) {
    std::vector<fs::path> files;
    for (auto at = fs::directory_iterator(directory, error); !error && at != fs::directory_iterator();
         at.increment(error))
        if (at->path().extension() == ".so" && !at->path().filename().string().starts_with('.'))
            files.push_back(at->path());
    std::sort(files.begin(), files.end());
    return files;
}

Status check_directory(const std::string& path, Trust trust) {
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0) return system_failure("cannot be examined", errno);
    if (!S_ISDIR(facts.st_mode)) return failure("is no directory");
    return check_owner(facts, trust);
}

bool is_missing(const std::string& path) {
    std::error_code error;
    return !fs::exists(path, error) && !error;
}

// Isolation is per file: `plugins: {STEM: {isolation: process}}`.
Status check_isolation(const json::Value& configuration, const std::string& stem) {
    const json::Value* plugins = json::find(configuration, "plugins");
    const json::Value* settings = plugins == nullptr ? nullptr : json::find(*plugins, stem);
    const json::Value* isolation = settings == nullptr ? nullptr : json::find(*settings, "isolation");
    if (isolation == nullptr || isolation->IsNull() || json::text_of(*isolation) == "in-process") return {};
    if (json::text_of(*isolation) == "process")
        return failure(
            fmt::format("`plugins: {{{}: {{isolation: process}}}}` is asked for, which this version does not "
                        "offer; the file is not loaded. Set in-process, or remove the file",
                        stem));
    return failure(fmt::format("`plugins: {{{}: {{isolation: ...}}}}` must be in-process or process", stem));
}

// Declarations of one key, from wherever they come, must agree on its type.
bool agree(const config::KeySpec& a, const config::KeySpec& b) {
    return a.type == b.type || a.type == config::Type::any || b.type == config::Type::any;
}

config::KeySpec spec_of(const OptionDeclaration& option, const std::string& consumer) {
    config::KeySpec spec;
    spec.name = option.name;
    spec.type = option.type;
    spec.default_json = option.default_json;
    spec.help = option.help;
    spec.nullable = !option.required;
    spec.secret = option.secret;
    spec.declared_by = consumer;
    return spec;
}

// Any value may enable a consumer: what counts is its truth (hub-and-consumers.md 2).
config::KeySpec enabling_key(const ConsumerDeclaration& consumer) {
    config::KeySpec spec;
    spec.name = consumer.config_key;
    spec.help = "enables the consumer " + consumer.name;
    spec.nullable = true;
    spec.declared_by = consumer.name;
    return spec;
}

// Adds a key unless it is there already. Why not, if it is there as something else.
Status add_key(config::Schema& schema, config::KeySpec spec) {
    const config::KeySpec* earlier = schema.find(spec.name);
    if (earlier == nullptr) {
        schema.add(std::move(spec));
        return {};
    }
    if (agree(*earlier, spec)) return {};
    return failure(fmt::format("declares the option `{}` as {}, but {} has it as {}", spec.name, type_name(spec.type),
                               earlier->declared_by.empty() ? "fedmsg-hub" : earlier->declared_by,
                               type_name(earlier->type)));
}

}  // namespace

std::vector<PluginDirectory> plugin_directories(const config::Configuration& configuration) {
    std::vector<PluginDirectory> directories{{FEDMSG_HUB_PLUGIN_DIR, true}};
    constexpr const char* kLocal = "/usr/local/lib/fedmsg-hub/plugins";
    if (directories.front().path != kLocal) directories.push_back({kLocal, true});
    for (std::string& path : configuration.texts("plugin_dirs")) directories.push_back({std::move(path), false});
    return directories;
}

Catalog Catalog::load(const std::vector<PluginDirectory>& directories, Trust trust, Prober& prober,
                      const config::Configuration& configuration, const Catalog* previous) {
    Catalog catalog;
    catalog.trust_ = trust;
    std::vector<Found> found;
    for (const PluginDirectory& directory : directories) catalog.look_into(directory, found);
    catalog.load_files(catalog.open_files(found, configuration.root()), prober, configuration.root(), previous);
    return catalog;
}

void Catalog::look_into(const PluginDirectory& directory, std::vector<Found>& found) {
    if (directory.may_be_missing && is_missing(directory.path)) return;
    if (fs::path(directory.path).extension() == ".so" && fs::is_regular_file(directory.path))
        return found.push_back({directory.path, fs::path(directory.path).stem().string()});
    if (const Status status = check_directory(directory.path, trust_); !status)
        return refuse(directory.path, "plugin directory: " + status.error().text);
    std::error_code error;
    for (const fs::path& file : shared_objects_of(directory.path, error)) {
        Found next{file.string(), file.stem().string()};
        const auto earlier =
            std::find_if(found.begin(), found.end(), [&](const auto& f) { return f.stem == next.stem; });
        if (earlier == found.end())
            found.push_back(std::move(next));
        else
            refuse(next.path,
                   fmt::format("{} has the same name and is used instead; remove one of them", earlier->path));
    }
    if (error) refuse(directory.path, "plugin directory: cannot be listed: " + error.message());
}

std::vector<CheckedFile> Catalog::open_files(const std::vector<Found>& found, const json::Value& configuration) {
    std::vector<CheckedFile> files;
    for (const Found& candidate : found) {
        if (const Status status = check_isolation(configuration, candidate.stem); !status) {
            refuse(candidate.path, status.error().text);
            continue;
        }
        Result<CheckedFile> file = open_plugin(candidate.path, trust_);
        if (file)
            files.push_back(std::move(*file));
        else
            refuse(candidate.path, file.error().text);
    }
    return files;
}

void Catalog::load_files(std::vector<CheckedFile> files, Prober& prober, const json::Value& configuration,
                         const Catalog* previous) {
    std::vector<const SealedFile*> sealed;
    for (const CheckedFile& file : files) sealed.push_back(&file.file);
    const std::vector<Status> verdicts = prober.run(sealed);
    for (std::size_t i = 0; i < files.size(); ++i) {
        const FileIdentity identity = files[i].file.identity();
        Result<std::shared_ptr<const Plugin>> plugin = failure({});
        if (!verdicts[i])
            plugin = verdicts[i].error();
        else if (auto same = previous == nullptr ? nullptr : previous->find_file(identity))
            plugin = std::move(same);
        else
            plugin = map_plugin(std::move(files[i]));
        if (plugin)
            take(*plugin, configuration);
        else
            refuse(identity.path, plugin.error().text);
    }
}

std::shared_ptr<const Plugin> Catalog::find_file(const FileIdentity& identity) const {
    for (const std::shared_ptr<const Plugin>& plugin : plugins_)
        if (plugin->file.path == identity.path && plugin->file.sha256 == identity.sha256) return plugin;
    return nullptr;
}

void Catalog::take(const std::shared_ptr<const Plugin>& plugin, const json::Value& configuration) {
    plugins_.push_back(plugin);
    Description description = describe(plugin, configuration);
    for (PluginProblem& problem : description.problems) problems_.push_back(std::move(problem));
    for (ConsumerDeclarationPtr& consumer : description.consumers) keep(std::move(consumer));
}

void Catalog::keep(ConsumerDeclarationPtr consumer) {
    const ConsumerDeclarationPtr earlier = find(consumer->name);
    if (earlier == nullptr) {
        consumers_.push_back(std::move(consumer));
        return;
    }
    problems_.push_back(
        {consumer->plugin->file.path, consumer->name,
         fmt::format("{} declares a consumer of this name too, and that one is used; remove one of the files",
                     earlier->plugin->file.path)});
}

void Catalog::refuse(std::string file, std::string reason) {
    problems_.push_back({std::move(file), {}, std::move(reason)});
}

ConsumerDeclarationPtr Catalog::find(std::string_view consumer) const {
    for (const ConsumerDeclarationPtr& candidate : consumers_)
        if (candidate->name == consumer) return candidate;
    return nullptr;
}

std::vector<PluginProblem> Catalog::declare(config::Schema& schema) const {
    std::vector<PluginProblem> problems;
    const auto add = [&](const ConsumerDeclaration& consumer, config::KeySpec spec) {
        const Status status = add_key(schema, std::move(spec));
        if (!status) problems.push_back({consumer.plugin->file.path, consumer.name, status.error().text});
    };
    for (const ConsumerDeclarationPtr& consumer : consumers_) {
        add(*consumer, enabling_key(*consumer));
        for (const OptionDeclaration& option : consumer->options) add(*consumer, spec_of(option, consumer->name));
        for (const std::string& prefix : consumer->key_prefixes) schema.own_prefix(prefix, consumer->name);
    }
    return problems;
}

}  // namespace fedmsg::hub
