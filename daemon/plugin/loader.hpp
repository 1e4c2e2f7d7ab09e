// Brings a plugin file into the process: checks it before any code of it runs, loads it, and checks the table that its
// one symbol returns.
//
// The steps are separate so that many files can be probed at once between the first and the second:
//     open_plugin()  owner and mode, sealed copy, ELF, exported symbols: no code of the plugin runs
//     Prober         the same load in a child process (probe.hpp)
//     map_plugin()   dlopen, entry, table
// Control thread only. Errors do not name the file: the caller does.
#pragma once

#include <memory>
#include <string>

#include "bus/base/result.hpp"
#include "daemon/plugin/probe.hpp"
#include "daemon/plugin/sealed_file.hpp"
#include "plugin-api/include/fedmsg_hub/plugin_abi.h"

namespace fedmsg::hub {

// A file that has passed every check that needs none of its code.
struct CheckedFile {
    SealedFile file;
    std::string elf_build_id;  // the linker's; empty: none
};

// A loaded plugin. Never unmapped (plugins leave threads, thread-local destructors and exceptions behind), so whatever
// it points to lives as long as the process, and so does this object.
struct Plugin {
    FileIdentity file;
    std::string elf_build_id;
    std::string name, version;
    std::string build_id;  // what the plugin says of itself; may be empty
    std::uint32_t abi_major = 0, abi_minor = 0, required_minor = 0;
    // As copied from the plugin: parts that it is too old for are zero.
    fedmsg_hub_plugin table{};
};

Result<CheckedFile> open_plugin(const std::string& path, Trust trust);

// Runs the file's static constructors and its entry. Nothing guards against what they do to the process: probe first.
Result<std::shared_ptr<const Plugin>> map_plugin(CheckedFile file);

// All three steps.
Result<std::shared_ptr<const Plugin>> load_plugin(const std::string& path, Trust trust, Prober& prober);

// True if the file on disk is not the one that runs: a reload or restart would change the code.
bool file_changed(const Plugin& plugin);

// How many files have been mapped so far, replaced generations included: they stay, so past a limit a restart is
// advised.
std::size_t mapped_files();

// For tests with a leak checker: unmaps everything that was ever loaded. No Plugin may be used afterwards.
void unload_everything_for_tests();

}  // namespace fedmsg::hub
