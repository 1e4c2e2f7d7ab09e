#include "daemon/gate/message_pool.hpp"

#include <utility>

namespace fedmsg::hub {

MessagePool::~MessagePool() {
    for (auto* message : stash_) delete message;
    for (auto* message : returned_) delete message;
}

MutableMessagePtr MessagePool::take() {
    if (stash_.empty()) {
        Lock lock(mutex_);
        std::swap(stash_, returned_);
    }
    if (stash_.empty()) return MutableMessagePtr(new Message(this));
    auto* message = stash_.back();
    stash_.pop_back();
    return MutableMessagePtr(message);
}

MutableMessagePtr MessagePool::make(std::string_view topic, std::string_view body, std::string_view endpoint,
                                    Clock::Wall received) {
    auto message = take();
    return message->fill(topic, body, endpoint, received) ? message : nullptr;
}

void MessagePool::give_back(Message* message) {
    message->clear();
    {
        Lock lock(mutex_);
        if (returned_.size() < keep_) {
            returned_.push_back(message);
            return;
        }
    }
    delete message;
}

}  // namespace fedmsg::hub
