#include "daemon/dispatch/catch_up.hpp"

namespace fedmsg::hub {
namespace {

std::shared_ptr<const topics::Matcher> matcher_of(const LaneSettings& settings) {
    std::vector<topics::Matcher::Pattern> patterns;
    for (const auto& pattern : settings.patterns) patterns.push_back({pattern.text, pattern.rule, 0});
    return std::make_shared<topics::Matcher>(patterns);
}

}  // namespace

CatchUp::CatchUp(const Journal& journal, const LaneSettings& settings)
    : journal_(journal), json_only_(settings.json_only), memo_(matcher_of(settings)) {}

CatchUp::Step CatchUp::read(Offset from) {
    journal_.read(from, kMaxRecords, kMaxBytes, records_);
    Step step;
    const Offset first = records_.empty() ? journal_.begin() : records_.front().offset;
    step.next = std::max(from, first);
    if (from < first) step.gap = Gap{from, Offset{first.value - 1}};
    for (const auto& record : records_) {
        step.next = record.offset.next();
        if (memo_.match(record.topic).empty()) continue;
        if (auto message = restore(record)) step.messages.push_back(std::move(message));
    }
    return step;
}

// The gate has let these bytes pass before, so they can be filled in again.
MessagePtr CatchUp::restore(const Record& record) {
    auto message = pool_.make(record.topic, record.body, record.endpoint, record.received);
    if (!message || (json_only_ && !message->is_json())) return nullptr;
    message->assign_offset(record.offset);
    return message;
}

}  // namespace fedmsg::hub
