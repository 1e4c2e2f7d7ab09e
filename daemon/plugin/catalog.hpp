// Every plugin file that was found, what it offers, and what is wrong. Built at start and at each reload; a file that a
// former catalog loaded stays mapped, so declarations of the old one remain usable beside the new one. Control thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bus/config/configuration.hpp"
#include "daemon/plugin/declaration.hpp"
#include "daemon/plugin/probe.hpp"
#include "daemon/plugin/sealed_file.hpp"

namespace fedmsg::hub {

struct PluginDirectory {
    std::string path;  // or that of a single .so file
    bool may_be_missing = false;
};

// Where plugins are looked for (architecture.md "Names"): the two installed places, then `plugin_dirs`.
std::vector<PluginDirectory> plugin_directories(const config::Configuration& configuration);

class Catalog {
public:
    // Loads every *.so of the directories, in their order and within one in byte order of the names. A second file of
    // the same stem and a second consumer of the same name are refused, since configuration names them by it. What
    // `previous` has loaded and has not changed since is not loaded again.
    static Catalog load(const std::vector<PluginDirectory>& directories, Trust trust, Prober& prober,
                        const config::Configuration& configuration, const Catalog* previous = nullptr);

    const std::vector<std::shared_ptr<const Plugin>>& plugins() const { return plugins_; }
    const std::vector<ConsumerDeclarationPtr>& consumers() const { return consumers_; }
    const std::vector<PluginProblem>& problems() const { return problems_; }
    // Null if there is none.
    ConsumerDeclarationPtr find(std::string_view consumer) const;

    // Adds config_keys, options and own prefixes of all consumers. An option that contradicts what the hub or an
    // earlier consumer declares is a problem, and is not added.
    std::vector<PluginProblem> declare(config::Schema& schema) const;

private:
    struct Found {
        std::string path, stem;
    };

    void look_into(const PluginDirectory& directory, std::vector<Found>& found);
    std::vector<CheckedFile> open_files(const std::vector<Found>& found, const json::Value& configuration);
    void load_files(std::vector<CheckedFile> files, Prober& prober, const json::Value& configuration,
                    const Catalog* previous);
    std::shared_ptr<const Plugin> find_file(const FileIdentity& identity) const;
    void take(const std::shared_ptr<const Plugin>& plugin, const json::Value& configuration);
    void keep(ConsumerDeclarationPtr consumer);
    void refuse(std::string file, std::string reason);

    std::vector<std::shared_ptr<const Plugin>> plugins_;
    std::vector<ConsumerDeclarationPtr> consumers_;
    std::vector<PluginProblem> problems_;
    Trust trust_ = Trust::root_only;
};

}  // namespace fedmsg::hub
