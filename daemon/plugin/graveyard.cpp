#include "daemon/plugin/graveyard.hpp"

#include <algorithm>

namespace fedmsg::hub {

Graveyard::~Graveyard() {
    unfinished();
    // Destroying a running std::thread would end the process, joining it could hang for ever: its handle is left alone.
    for (Entry& entry : entries_) static_cast<void>(entry.thread.release());
}

void Graveyard::add(std::thread thread, std::shared_ptr<const std::atomic<bool>> finished) {
    entries_.push_back({std::make_unique<std::thread>(std::move(thread)), std::move(finished)});
}  // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks): ends in the destructor's release()

std::size_t Graveyard::unfinished() {
    std::erase_if(entries_, [](Entry& entry) {
        if (!entry.finished->load()) return false;
        entry.thread->join();
        return true;
    });
    return entries_.size();
}

}  // namespace fedmsg::hub
