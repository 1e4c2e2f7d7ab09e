// What any thread may know about a subscriber's endpoints. Counters are written by the owner without a lock.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "bus/base/thread_annotations.hpp"
#include "bus/subscriber/subscriber.hpp"

namespace fedmsg {

class EndpointTable {
public:
    // Written by the owner, read by all.
    struct Counters {
        std::atomic<std::uint64_t> messages = 0;
        std::atomic<std::uint64_t> bytes = 0;
        std::atomic<std::uint64_t> malformed = 0;
    };

    // A row that stays where it is as long as the table lives.
    class Row {
    public:
        Row(std::string address, bool binds);

        Counters counters;

        void set_connection(bool connected, std::string peer, std::string error);
        EndpointStatus status() const;

    private:
        const std::string address_;
        const bool binds_;
        mutable Mutex mutex_;
        bool connected_ FEDMSG_HUB_GUARDED_BY(mutex_) = false;
        std::string peer_ FEDMSG_HUB_GUARDED_BY(mutex_);
        std::string error_ FEDMSG_HUB_GUARDED_BY(mutex_);
    };

    Row& add(std::string address, bool binds);
    void remove_last();
    std::size_t size() const;
    void add_bound(std::vector<std::string> addresses);

    std::vector<EndpointStatus> statuses() const;
    std::vector<std::string> bound() const;

private:
    mutable Mutex mutex_;
    std::vector<std::unique_ptr<Row>> rows_ FEDMSG_HUB_GUARDED_BY(mutex_);
    std::vector<std::string> bound_ FEDMSG_HUB_GUARDED_BY(mutex_);
};

}  // namespace fedmsg
