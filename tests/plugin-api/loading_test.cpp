// Plugins as files: what they export, and that versions of one do not get mixed up.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <fedmsg_hub/testing.hpp>

#include <array>
#include <cstdio>
#include <memory>
#include <string>

#include "tests/support/temporary.hpp"

namespace {

using fedmsg_hub::testing::DescriptorSink;
using fedmsg_hub::testing::FakeHub;
using fedmsg_hub::testing::json_functions;
using fedmsg_hub::testing::Node;

class Library {
public:
    explicit Library(const std::string& path) : handle_(dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
        EXPECT_NE(handle_, nullptr) << dlerror();
    }
    ~Library() { close(); }
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;

    void close() {
        if (handle_ == nullptr) return;
        EXPECT_EQ(dlclose(handle_), 0);
        handle_ = nullptr;
    }
    const fedmsg_hub_plugin& plugin() const {
        return *reinterpret_cast<fedmsg_hub_plugin_entry>(dlsym(handle_, FEDMSG_HUB_PLUGIN_ENTRY))();
    }
    // A hub that runs the first consumer of the plugin.
    std::unique_ptr<FakeHub> hub() const {
        const Node configuration;
        DescriptorSink sink;
        EXPECT_EQ(plugin().describe(json_functions(), fedmsg_hub::testing::handle_of(&configuration), sink.sink()),
                  FEDMSG_HUB_OK);
        return std::make_unique<FakeHub>(sink.consumers().front(), "{}", fedmsg_hub::testing::StateMap());
    }

private:
    void* handle_;
};

std::string path_of(const std::string& plugin) {
    return std::string(PLUGINS) + "/" + plugin + ".so";
}

std::string first_line(FakeHub& hub) {
    EXPECT_TRUE(hub.deliver("a.topic", "1").is_acked());
    return hub.logs().front().text;
}

std::string exported_symbols(const std::string& path) {
    const std::string command = "nm -D --defined-only --format=posix '" + path + "' | cut -d' ' -f1";
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), &pclose);
    std::array<char, 4096> buffer{};
    std::string out;
    while (const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), pipe.get()))
        out.append(buffer.data(), size);
    return out;
}

TEST(APluginFile, ExportsOneSymbol) {
    EXPECT_EQ(exported_symbols(PRINTER), "fedmsg_hub_plugin_v1\n");
    EXPECT_EQ(exported_symbols(path_of("versioned-1")), "fedmsg_hub_plugin_v1\n");
}

TEST(APluginFile, SaysWhatItIs) {
    const Library library(path_of("versioned-2"));
    const fedmsg_hub_plugin& plugin = library.plugin();
    EXPECT_EQ(plugin.struct_size, sizeof(fedmsg_hub_plugin));
    EXPECT_EQ(plugin.abi_major, 1u);
    EXPECT_EQ(plugin.abi_minor, static_cast<std::uint32_t>(FEDMSG_HUB_ABI_MINOR));
    EXPECT_EQ(plugin.required_minor, 0u);
    EXPECT_EQ(fedmsg_hub::detail::view(plugin.name), "versioned-2");
    EXPECT_EQ(fedmsg_hub::detail::view(plugin.version), "versioned-2");
}

TEST(APluginFile, KeepsApartFromAnotherVersionOfItself) {
    const Library one(path_of("versioned-1"));
    const Library two(path_of("versioned-2"));
    const auto hub_one = one.hub();
    const auto hub_two = two.hub();
    EXPECT_EQ(first_line(*hub_one), "version versioned-1: 1 and 1 after 1 topics");
    EXPECT_EQ(first_line(*hub_two), "version versioned-2: 1 and 1 after 1 topics");
}

TEST(APluginFile, IsUnmappedByTheLastClose) {
    Library library(path_of("versioned-1"));
    EXPECT_EQ(first_line(*library.hub()), "version versioned-1: 1 and 1 after 1 topics");
    library.close();
    EXPECT_EQ(dlopen(path_of("versioned-1").c_str(), RTLD_NOW | RTLD_NOLOAD), nullptr);
}

TEST(APluginFile, RunsNewCodeAfterAReplacement) {
    const fedmsg::test::TemporaryDirectory directory;
    for (const std::string version : {"versioned-1", "versioned-2"}) {
        const std::string path = directory.write("plugin.so.new", fedmsg::test::read_file(path_of(version)));
        std::filesystem::rename(path, directory / "plugin.so");
        const Library library(directory / "plugin.so");
        EXPECT_EQ(first_line(*library.hub()), "version " + version + ": 1 and 1 after 1 topics");
    }
}

TEST(APluginFile, MayUseDebugContainersAndTheOldString) {
    const Library library(path_of("versioned-debug"));
    const auto hub = library.hub();
    EXPECT_EQ(first_line(*hub), "version versioned-debug: 1 and 1 after 1 topics");
}

TEST(APluginFile, MayComeFromTheOtherCompiler) {
#ifndef HAS_CLANG_PLUGIN
    GTEST_SKIP() << "clang is not installed";
#endif
    const Library library(path_of("versioned-clang"));
    EXPECT_EQ(exported_symbols(path_of("versioned-clang")), "fedmsg_hub_plugin_v1\n");
    EXPECT_EQ(first_line(*library.hub()), "version versioned-clang: 1 and 1 after 1 topics");
}

TEST(APluginFile, MayThrowTypesThatTheHostDoesNotKnow) {
    for (const char* version : {"versioned-1", "versioned-debug"}) {
        const Library library(path_of(version));
        const auto hub = library.hub();
        const auto result = hub->deliver("a.topic", "null");
        EXPECT_TRUE(result.is_failed());
        EXPECT_NE(result.reason.find("an exception of type std::"), std::string::npos) << result.reason;
    }
}

}  // namespace
