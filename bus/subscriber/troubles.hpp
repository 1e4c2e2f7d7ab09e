// Which endpoints have come into trouble since the last look: for one line per trouble, not one per attempt. One
// thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "bus/subscriber/subscriber.hpp"

namespace fedmsg {

class EndpointTroubles {
public:
    // Endpoints whose error is another one than at the last look, and not empty.
    std::vector<EndpointStatus> fresh(const std::vector<EndpointStatus>& endpoints);

private:
    std::map<std::string, std::string> told_;  // by address
};

}  // namespace fedmsg
