// What the probe's child writes on its standard output before each step, a line each, so that its parent can tell where
// it ended. Nothing is read back from the plugin: the parent repeats every check itself.
#pragma once

#include <string>
#include <string_view>

namespace fedmsg::hub {

inline constexpr const char* kProbeArgument = "--probe";
inline constexpr int kConfigurationDescriptor = 3;  // of a memory file that is read from its beginning
inline constexpr std::string_view kLoading = "loading\n";
inline constexpr std::string_view kDescribing = "describing\n";
inline constexpr std::string_view kComplete = "complete\n";

inline bool is_complete(std::string_view steps) {
    return steps.ends_with(kComplete);
}

inline std::string step_being_done(std::string_view steps) {
    if (steps.ends_with(kDescribing)) return "describing its consumers";
    if (steps.ends_with(kLoading)) return "being loaded (a static constructor, or the entry function)";
    return "the probe was starting";
}

}  // namespace fedmsg::hub
