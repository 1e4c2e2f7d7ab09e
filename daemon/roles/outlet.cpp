#include "daemon/roles/outlet.hpp"

#include <fmt/format.h>

namespace fedmsg::hub {

void Outlet::send(std::string_view topic, std::string_view body) {
    if (publisher_.send(topic, body)) host_.counter_add("sent", 1);
    report_drops();
}

// An episode begins when a subscriber's queue is found full, however many messages it then loses. Each is counted; a
// line is logged for the first.
void Outlet::report_drops() {
    const auto episodes = publisher_.drop_episodes();
    if (episodes == reported_episodes_) return;
    host_.counter_add("drop_episodes", episodes - reported_episodes_);
    reported_episodes_ = episodes;
    if (publisher_.take_drop_warning())
        host_.log(
            log::Level::warning,
            "a subscriber reads too slowly: its queue is full (high_water_mark) and it loses messages; the others "
            "do not; further episodes are only counted");
}

}  // namespace fedmsg::hub
