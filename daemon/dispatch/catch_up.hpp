// Reads the journal for a lane that lags: its own topics only, parsed anew. Belongs to the lane thread.
#pragma once

#include <memory>
#include <vector>

#include "bus/topics/matcher.hpp"
#include "daemon/dispatch/lane_settings.hpp"
#include "daemon/gate/message_pool.hpp"
#include "daemon/journal/journal.hpp"

namespace fedmsg::hub {

class CatchUp {
public:
    CatchUp(const Journal& journal, const LaneSettings& settings);

    struct Gap {
        Offset first, last;  // messages that the journal no longer holds
    };
    struct Step {
        std::vector<MessagePtr> messages;  // those that match
        Offset next;                       // where the next step begins
        std::optional<Gap> gap;            // before the first message
    };
    // Reads a bounded piece of the journal from `from` on.
    Step read(Offset from);

private:
    static constexpr std::size_t kMaxRecords = 256;
    static constexpr std::size_t kMaxBytes = std::size_t{1} << 20;

    MessagePtr restore(const Record& record);

    const Journal& journal_;
    const bool json_only_;
    topics::Memo memo_;
    MessagePool pool_{kMaxRecords};
    std::vector<Record> records_;
};

}  // namespace fedmsg::hub
