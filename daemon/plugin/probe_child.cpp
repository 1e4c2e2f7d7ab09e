#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <string>

#include "bus/json/document.hpp"
#include "daemon/plugin/declaration.hpp"
#include "daemon/plugin/loader.hpp"
#include "daemon/plugin/probe.hpp"
#include "daemon/plugin/probe_protocol.hpp"

namespace fedmsg::hub {
namespace {

void limit(__rlimit_resource resource, rlim_t value) {
    const struct rlimit both { value, value };
    ::setrlimit(resource, &both);  // a limit that cannot be set is one we do without
}

// No core file (1 also keeps a core handler from being started), no endless output, no child that outlives its parent.
void restrain_process() {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    limit(RLIMIT_CORE, 1);
    limit(RLIMIT_FSIZE, 1024 * 1024);
}

Fd move_above_standard(int descriptor) {
    return Fd(::fcntl(descriptor, F_DUPFD_CLOEXEC, 3));
}

void note(const Fd& steps, std::string_view step) {
    if (::write(steps.get(), step.data(), step.size()) < 0) ::_exit(1);  // the parent sees that it is incomplete
}

// What the parent gave; an empty object if that cannot be read.
json::Document read_configuration(const Fd& file) {
    std::string text;
    std::array<char, 65536> piece;
    ssize_t count = 0;
    while ((count = ::pread(file.get(), piece.data(), piece.size(), static_cast<off_t>(text.size()))) > 0)
        text.append(piece.data(), static_cast<std::size_t>(count));
    auto parsed = json::parse(text);
    return parsed && parsed->IsObject() ? std::move(*parsed) : json::Document(rapidjson::kObjectType);
}

}  // namespace

int run_probe_child() {
    restrain_process();
    Fd plugin = move_above_standard(STDIN_FILENO);
    const Fd steps = move_above_standard(STDOUT_FILENO);
    const json::Document configuration = read_configuration(Fd(kConfigurationDescriptor));
    // What the plugin prints belongs to the parent's error text, and it has no input.
    ::dup2(STDERR_FILENO, STDOUT_FILENO);
    if (const Fd nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC)); nothing) ::dup2(nothing.get(), STDIN_FILENO);

    Result<SealedFile> file = SealedFile::adopt(std::move(plugin));
    if (!file || !steps) return 1;
    note(steps, kLoading);
    const auto loaded = map_plugin(CheckedFile{std::move(*file), {}});
    note(steps, kDescribing);
    if (loaded) describe(*loaded, configuration);
    note(steps, kComplete);
    // Destructors of the plugin's globals are not for the probe to run.
    ::_exit(0);
}

}  // namespace fedmsg::hub
