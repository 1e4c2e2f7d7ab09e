// fedmsg-hub-plugin-check: tells a plugin's author, and CMake after linking, whether a hub would take the file. Started
// by the hub it is also the probe that loads a file before the hub does.
#include <cstdio>
#include <exception>

#include "daemon/plugin/report.hpp"

int main(int argc, char** argv) {
    try {
        return fedmsg::hub::plugin_check(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "fedmsg-hub-plugin-check: error: %s\n", error.what());
        return 1;
    }
}
