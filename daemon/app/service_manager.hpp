// Messages to systemd (sd_notify): they go nowhere when systemd did not start us. Any thread.
#pragma once

#include <string>

namespace fedmsg::hub::service_manager {

void ready(const std::string& status);
void stopping(const std::string& status);
void status(const std::string& status);

// True if systemd started this process as a service.
bool runs_as_service();

}  // namespace fedmsg::hub::service_manager
