#include "daemon/gate/message.hpp"

#include "bus/base/utf8.hpp"
#include "daemon/gate/message_pool.hpp"

namespace fedmsg::hub {
namespace {

constexpr std::size_t kBytesKept = 64 * 1024;  // a record that held a larger message gives its buffer back

}  // namespace

Message::Message(MessagePool* pool)
    : pool_(pool),
      arena_(std::make_unique<char[]>(kArenaBytes)),
      memory_(arena_.get(), kArenaBytes, kChunkBytes),
      root_(&memory_) {}

Message::~Message() = default;

bool Message::fill(std::string_view topic, std::string_view body, std::string_view endpoint, Clock::Wall received) {
    bytes_.reserve(topic.size() + body.size());
    bytes_.assign(topic).append(body);
    topic_ = std::string_view(bytes_).substr(0, topic.size());
    body_ = std::string_view(bytes_).substr(topic.size());
    endpoint_ = endpoint;
    received_ = received;
    is_json_ = json::parse(body_, root_, json::Strings::borrow).has_value();
    if (!is_json_) {
        if (!utf8::is_valid(body_)) return false;
        root_.SetString(body_.data(), static_cast<rapidjson::SizeType>(body_.size()), memory_);
    }
    if (!envelope::is_normal(root_)) envelope::normalise(root_, topic_);
    envelope_ = envelope::read(root_);
    return true;
}

void Message::clear() {
    root_.SetNull();
    memory_.Clear();
    envelope_ = {};
    verdict_ = Verdict::unchecked;
    bytes_.clear();
    if (bytes_.capacity() > kBytesKept) std::string().swap(bytes_);
}

void intrusive_ptr_add_ref(const Message* message) {
    message->references_.fetch_add(1, std::memory_order_relaxed);
}

void intrusive_ptr_release(const Message* message) {
    if (message->references_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    auto* record = const_cast<Message*>(message);  // nobody else holds it any more
    record->pool_->give_back(record);
}

}  // namespace fedmsg::hub
