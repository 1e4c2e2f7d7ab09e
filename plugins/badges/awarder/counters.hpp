// The per-person counters of dialect 2, kept in the awards database. Lane thread only.
#pragma once

#include "badges/awards/award_store.hpp"
#include "badges/rules/history.hpp"

namespace badges {

class AwardCounters final : public Counters {
public:
    AwardCounters(AwardStore& awards, bool is_dry_run) : awards_(awards), is_dry_run_(is_dry_run) {}

    std::int64_t record(const std::string& key, const std::string& person, const std::string& msg_id) override {
        try {
            return is_dry_run_ ? awards_.events_with(key, person, msg_id) : awards_.count_event(key, person, msg_id);
        } catch (const DatabaseUnavailable& error) {
            throw HistoryUnreachable(error.what());
        }
    }

private:
    AwardStore& awards_;
    bool is_dry_run_;
};

}  // namespace badges
