// Loads a plugin file in a child process first: a static constructor that throws, exits, crashes or never returns ends
// the child, not the hub (docs/adr/0003-plugin-probe.md).
//
// The child is `fedmsg-hub-plugin-check --probe` with the sealed file as its standard input and the configuration as
// descriptor 3. Verdicts are remembered by
// the file's hash, so a reload probes only what is new. Control thread only.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "bus/base/result.hpp"
#include "daemon/plugin/sealed_file.hpp"

namespace fedmsg::hub {

struct ProbeSettings {
    std::string program;  // path of fedmsg-hub-plugin-check
    std::chrono::milliseconds limit = std::chrono::seconds(5);
    std::size_t at_once = 4;           // children side by side
    std::string configuration = "{}";  // JSON text: what describe is given
};

// The program beside the running executable, else where it is installed.
std::string default_probe_program();

class Prober {
public:
    explicit Prober(ProbeSettings settings) : settings_(std::move(settings)) {}

    // What became of each file, in their order. An error says how the child ended and what it wrote.
    std::vector<Status> run(std::span<const SealedFile* const> files);
    Status run(const SealedFile& file);

private:
    Status remember(const SealedFile& file, Status verdict);

    ProbeSettings settings_;
    std::unordered_set<std::string> passed_;  // hashes
};

// The child's side: loads what standard input is, describes it, tells its parent how far it got. Returns an exit code.
int run_probe_child();

}  // namespace fedmsg::hub
