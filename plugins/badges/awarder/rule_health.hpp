// Rules that fail on every message are suspended (badges.md section 7): after 50 errors in a row a rule is tried with
// one message in 100 only, and is well again once it has answered. Lane thread only.
#pragma once

#include <map>
#include <string>

namespace badges {

class RuleHealth {
public:
    static constexpr int kMostErrors = 50;
    static constexpr int kProbeEvery = 100;

    // Whether the rule is to be asked about this message.
    bool may_run(const std::string& badge_id) {
        const auto found = states_.find(badge_id);
        if (found == states_.end() || found->second.errors < kMostErrors) return true;
        return ++found->second.skipped % kProbeEvery == 0;
    }
    // True if it is suspended from now on.
    bool failed(const std::string& badge_id) { return ++states_[badge_id].errors == kMostErrors; }
    // True if it was suspended until now.
    bool answered(const std::string& badge_id) {
        const auto found = states_.find(badge_id);
        if (found == states_.end()) return false;
        const bool was_suspended = found->second.errors >= kMostErrors;
        states_.erase(found);
        return was_suspended;
    }
    int suspended() const {
        int count = 0;
        for (const auto& [id, state] : states_) count += state.errors >= kMostErrors ? 1 : 0;
        return count;
    }
    // After a reload: everybody gets a new chance.
    void clear() { states_.clear(); }

private:
    struct State {
        int errors = 0;   // in a row
        int skipped = 0;  // while suspended
    };
    std::map<std::string, State> states_;
};

}  // namespace badges
