// Threads that are still inside a plugin's create() past its deadline. A thread cannot be ended from outside, so it is
// kept here, with all that it may touch, and joined once the plugin gives it back.
//
// Owned by the application, beside the catalog. Control thread only.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace fedmsg::hub {

class Graveyard {
public:
    Graveyard() = default;
    Graveyard(const Graveyard&) = delete;
    Graveyard& operator=(const Graveyard&) = delete;
    // Threads that have not come back by now never will while it matters: they stay as they are, since waiting for them
    // could take for ever. The program should then leave through _exit(): see unfinished().
    ~Graveyard();

    // `finished` becomes true as the last thing that the thread does.
    void add(std::thread thread, std::shared_ptr<const std::atomic<bool>> finished);

    // How many are still inside a plugin; joins the others.
    std::size_t unfinished();

private:
    struct Entry {
        std::unique_ptr<std::thread> thread;
        std::shared_ptr<const std::atomic<bool>> finished;
    };
    std::vector<Entry> entries_;
};

}  // namespace fedmsg::hub
