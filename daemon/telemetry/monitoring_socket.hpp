// The PUB socket that reports are sent on (`moksha.monitoring.socket`). Belongs to one thread.
#pragma once

#include <string>

#include "bus/publisher/publisher.hpp"

namespace fedmsg::hub {

class MonitoringSocket {
public:
    // `mode`: octal digits for an ipc:// socket's file, empty: as the umask has it. The error says what is wrong.
    static Result<MonitoringSocket> bind(zmq::context_t& context, const std::string& address, const std::string& mode);

    // A reader that does not read loses the report; nothing else happens.
    void send(const std::string& report);
    std::string address() const;

private:
    explicit MonitoringSocket(Publisher publisher) : publisher_(std::move(publisher)) {}
    Publisher publisher_;
};

}  // namespace fedmsg::hub
