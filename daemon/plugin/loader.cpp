#include "daemon/plugin/loader.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <boost/dll/library_info.hpp>
#include <boost/dll/shared_library.hpp>
#include <cctype>
#include <cstddef>
#include <vector>

#include "bus/base/text.hpp"
#include "daemon/plugin/elf_image.hpp"
#include "daemon/plugin/guard.hpp"

namespace fedmsg::hub {
namespace {

constexpr std::string_view kSymbolStem = "fedmsg_hub_plugin_v";
constexpr std::size_t kMaxTextBytes = 256;

// Size of the table in version 1.0: later ones only append.
constexpr std::size_t kFirstTableSize = offsetof(fedmsg_hub_plugin, describe) + sizeof(fedmsg_hub_plugin::describe);

// What must live as long as the code: the library, and the descriptor whose number is its name for the linker.
struct Mapping {
    SealedFile file;
    boost::dll::shared_library library;
    Mapping* next = nullptr;
};

// Every mapping ever made, newest first. They are never freed, so there is no owner whose end would unmap them.
constinit std::atomic<Mapping*> mappings{nullptr};
constinit std::atomic<std::size_t> mapping_count{0};

Mapping& keep_for_ever(std::unique_ptr<Mapping> mapping) {
    Mapping* kept = mapping.release();
    kept->next = mappings.load();
    while (!mappings.compare_exchange_weak(kept->next, kept)) {
    }
    ++mapping_count;
    return *kept;
}

bool is_number(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

// The N of each exported fedmsg_hub_plugin_vN.
std::vector<std::string> entry_versions(const std::vector<std::string>& symbols) {
    std::vector<std::string> versions;
    for (const std::string& symbol : symbols)
        if (symbol.starts_with(kSymbolStem) && is_number(symbol.substr(kSymbolStem.size())))
            versions.push_back(symbol.substr(kSymbolStem.size()));
    std::sort(versions.begin(), versions.end());
    return versions;
}

// Reads the file itself: no code of it runs.
Result<std::vector<std::string>> exported_symbols(const SealedFile& file) {
    try {
        return boost::dll::library_info(file.path()).symbols();
    } catch (const std::exception& e) {
        return failure(fmt::format("its symbols cannot be listed ({}): the file is damaged", e.what()));
    }
}

Status check_symbols(const SealedFile& file) {
    const Result<std::vector<std::string>> symbols = exported_symbols(file);
    if (!symbols) return symbols.error();
    const std::vector<std::string> versions = entry_versions(*symbols);
    if (versions.empty()) return failure(fmt::format("not a plugin: it does not export {}", FEDMSG_HUB_PLUGIN_ENTRY));
    if (std::find(versions.begin(), versions.end(), std::to_string(FEDMSG_HUB_ABI_MAJOR)) == versions.end())
        return failure(fmt::format("built for ABI {}, this hub speaks {}: install the build for this hub",
                                   text::join(versions, " and "), FEDMSG_HUB_ABI_MAJOR));
    return {};
}

Result<Mapping*> map_file(SealedFile file) {
    auto mapping = std::make_unique<Mapping>();
    mapping->file = std::move(file);
    boost::dll::fs::error_code error;
    mapping->library.load(mapping->file.path(), error,
                          boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
    if (error) {
        const char* reason = ::dlerror();
        std::string text = one_line(reason == nullptr ? error.message() : std::string(reason));
        // The linker speaks of /proc/self/fd/N, which tells nobody anything.
        if (const std::string path = mapping->file.path() + ": "; text.starts_with(path)) text.erase(0, path.size());
        return failure("cannot be loaded: " + text);
    }
    mapping->file.unmap_view();
    return &keep_for_ever(std::move(mapping));
}

Result<const fedmsg_hub_plugin*> call_entry(const boost::dll::shared_library& library) {
    void* symbol = ::dlsym(library.native(), FEDMSG_HUB_PLUGIN_ENTRY);
    if (symbol == nullptr) return failure(fmt::format("not a plugin: it does not export {}", FEDMSG_HUB_PLUGIN_ENTRY));
    const auto entry = reinterpret_cast<fedmsg_hub_plugin_entry>(symbol);
    const fedmsg_hub_plugin* table = nullptr;
    if (const Status status = guarded(FEDMSG_HUB_PLUGIN_ENTRY, [&] { table = entry(); }); !status)
        return status.error();
    if (table == nullptr) return failure(fmt::format("{} returned no table", FEDMSG_HUB_PLUGIN_ENTRY));
    return table;
}

Status check_versions(const fedmsg_hub_plugin& table) {
    if (table.abi_major != FEDMSG_HUB_ABI_MAJOR)
        return failure(fmt::format("built for ABI {}, this hub speaks {}: install the build for this hub",
                                   table.abi_major, FEDMSG_HUB_ABI_MAJOR));
    if (table.required_minor > FEDMSG_HUB_ABI_MINOR)
        return failure(fmt::format("needs a hub with ABI {0}.{1} or later, this hub has {0}.{2}: update the hub",
                                   FEDMSG_HUB_ABI_MAJOR, table.required_minor, FEDMSG_HUB_ABI_MINOR));
    if (table.struct_size < kFirstTableSize)
        return failure(
            fmt::format("its table has {} bytes, the smallest one of ABI 1 has {}: the plugin was built wrongly",
                        table.struct_size, kFirstTableSize));
    return {};
}

Result<std::string> table_text(fedmsg_hub_text text, std::string_view what) {
    if (text.size > 0 && text.data == nullptr)
        return failure(fmt::format("its {} is a null pointer with a size", what));
    if (text.size > kMaxTextBytes)
        return failure(fmt::format("its {} has {} bytes; at most {} are allowed", what, text.size, kMaxTextBytes));
    return one_line(view_of(text));
}

Status read_table(const fedmsg_hub_plugin* table, Plugin& plugin) {
    if (const Status status = check_versions(*table); !status) return status;
    std::memcpy(&plugin.table, table, std::min<std::size_t>(table->struct_size, sizeof plugin.table));
    if (plugin.table.describe == nullptr) return failure("its table has no describe function");
    Result<std::string> name = table_text(plugin.table.name, "name");
    if (!name) return name.error();
    if (name->empty()) return failure("its table has no name");
    Result<std::string> version = table_text(plugin.table.version, "version");
    if (!version) return version.error();
    Result<std::string> build_id = table_text(plugin.table.build_id, "build id");
    if (!build_id) return build_id.error();
    plugin.name = std::move(*name);
    plugin.version = std::move(*version);
    plugin.build_id = std::move(*build_id);
    plugin.abi_major = plugin.table.abi_major;
    plugin.abi_minor = plugin.table.abi_minor;
    plugin.required_minor = plugin.table.required_minor;
    return {};
}

}  // namespace

Result<CheckedFile> open_plugin(const std::string& path, Trust trust) {
    Result<SealedFile> file = SealedFile::open(path, trust);
    if (!file) return file.error();
    Result<ElfFacts> facts = check_elf(file->bytes());
    if (!facts) return facts.error();
    if (const Status status = check_symbols(*file); !status) return status.error();
    return CheckedFile{std::move(*file), std::move(facts->build_id)};
}

Result<std::shared_ptr<const Plugin>> map_plugin(CheckedFile file) {
    auto plugin = std::make_shared<Plugin>();
    plugin->file = file.file.identity();
    plugin->elf_build_id = std::move(file.elf_build_id);
    const Result<Mapping*> mapping = map_file(std::move(file.file));
    if (!mapping) return mapping.error();
    const Result<const fedmsg_hub_plugin*> table = call_entry((*mapping)->library);
    if (!table) return table.error();
    if (const Status status = read_table(*table, *plugin); !status) return status.error();
    return std::shared_ptr<const Plugin>(std::move(plugin));
}

Result<std::shared_ptr<const Plugin>> load_plugin(const std::string& path, Trust trust, Prober& prober) {
    Result<CheckedFile> file = open_plugin(path, trust);
    if (!file) return file.error();
    if (const Status status = prober.run(file->file); !status) return status.error();
    return map_plugin(std::move(*file));
}

bool file_changed(const Plugin& plugin) {
    return differs_on_disk(plugin.file);
}

std::size_t mapped_files() {
    return mapping_count.load();
}

void unload_everything_for_tests() {
    Mapping* mapping = mappings.exchange(nullptr);
    while (mapping != nullptr) {
        const std::unique_ptr<Mapping> owner(mapping);
        mapping = mapping->next;
    }
    mapping_count = 0;
}

}  // namespace fedmsg::hub
