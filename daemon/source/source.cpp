#include "daemon/source/source.hpp"

#include <pthread.h>

namespace fedmsg::hub {

Source::Source(std::unique_ptr<Subscriber> subscriber, Gate& gate, Committer& committer,
               std::function<void(const std::string&)> on_death)
    : subscriber_(std::move(subscriber)),
      names_(subscriber_->endpoints()),
      gate_(gate),
      committer_(committer),
      on_death_(std::move(on_death)) {}

Source::~Source() {
    stop();
}

void Source::start() {
    thread_ = std::thread(&Source::run, this);
}

void Source::stop() {
    if (!thread_.joinable()) return;
    stopping_.store(true);
    subscriber_->wake();
    thread_.join();
}

void Source::run() {
    ::pthread_setname_np(::pthread_self(), "source");
    try {
        while (!stopping_.load(std::memory_order_relaxed))
            if (!receive_batch()) subscriber_->wait(kWait);
    } catch (const std::exception& error) {
        on_death_(error.what());
    }
}

// Commits what is there, up to one batch; false if nothing was.
bool Source::receive_batch() {
    Received received;
    std::size_t seen = 0;
    batch_.clear();
    while (seen < kBatch && subscriber_->receive(received)) {
        ++seen;
        auto message = gate_.admit(received.topic, received.body, names_[received.endpoint].address);
        if (message) batch_.push_back(std::move(message));
    }
    committer_.commit(batch_);
    return seen > 0;
}

}  // namespace fedmsg::hub
