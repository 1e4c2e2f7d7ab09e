#include "daemon/app/service_manager.hpp"

#include <systemd/sd-daemon.h>

#include <cstdlib>

namespace fedmsg::hub::service_manager {
namespace {

void notify(const std::string& state) {
    (void)sd_notify(0, state.c_str());
}  // nobody may be listening

}  // namespace

void ready(const std::string& status) {
    notify("READY=1\nSTATUS=" + status);
}
void stopping(const std::string& status) {
    notify("STOPPING=1\nSTATUS=" + status);
}
void status(const std::string& status) {
    notify("STATUS=" + status);
}

bool runs_as_service() {
    return std::getenv("INVOCATION_ID") != nullptr && std::getenv("NOTIFY_SOCKET") != nullptr;
}

}  // namespace fedmsg::hub::service_manager
