// Puts admitted messages into the journal, then lets the router have them: a lane never sees a message that the journal
// has not taken. One thread.
#pragma once

#include <atomic>
#include <span>

#include "daemon/dispatch/router.hpp"
#include "daemon/journal/journal.hpp"

namespace fedmsg::hub {

class Committer {
public:
    Committer(Journal& journal, Router& router) : journal_(journal), router_(router) {}

    // A failed journal is the end of the process (house rule: a clean restart beats guessing), so this throws.
    void commit(std::span<const MutableMessagePtr> messages);

    std::uint64_t committed() const { return committed_.load(std::memory_order_relaxed); }

private:
    Journal& journal_;
    Router& router_;
    std::atomic<std::uint64_t> committed_{0};
};

}  // namespace fedmsg::hub
