#include "daemon/dispatch/committer.hpp"

#include <stdexcept>

namespace fedmsg::hub {

void Committer::commit(std::span<const MutableMessagePtr> messages) {
    if (messages.empty()) return;
    if (auto status = journal_.append(messages); !status) throw std::runtime_error(status.error().text);
    router_.route(messages);
    committed_.fetch_add(messages.size(), std::memory_order_relaxed);
}

}  // namespace fedmsg::hub
