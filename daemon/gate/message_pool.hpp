// Keeps message records, with their buffers, for reuse: in steady state a message costs no allocation.
//
// take() belongs to one thread; records come back from any. The pool must outlive all its records.
#pragma once

#include <vector>

#include "bus/base/thread_annotations.hpp"
#include "daemon/gate/message.hpp"

namespace fedmsg::hub {

class MessagePool {
public:
    // `keep`: how many unused records are held; more are freed.
    explicit MessagePool(std::size_t keep = 2048) : keep_(keep) {}
    ~MessagePool();
    MessagePool(const MessagePool&) = delete;
    MessagePool& operator=(const MessagePool&) = delete;

    // An empty record.
    MutableMessagePtr take();

    // A filled record, for those that do not mind the null pointer (see Message::fill).
    MutableMessagePtr make(std::string_view topic, std::string_view body, std::string_view endpoint,
                           Clock::Wall received);

private:
    friend void intrusive_ptr_release(const Message* message);
    void give_back(Message* message);

    const std::size_t keep_;
    std::vector<Message*> stash_;  // the taking thread's own
    Mutex mutex_;
    std::vector<Message*> returned_ FEDMSG_HUB_GUARDED_BY(mutex_);
};

}  // namespace fedmsg::hub
