// Answers of an account directory, remembered for a while: existing accounts for ten minutes, unknown ones for one.
// What could not be asked is not remembered. A directory that keeps failing is left alone: after ten failures in a row,
// or ten seconds spent on them, one question in 30 s is passed on and the others fail at once. Lane thread only.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <type_traits>
#include <utility>

#include "badges/directory/account_directory.hpp"
#include "badges/rules/unicode.hpp"

namespace badges {

class CachedDirectory final : public AccountDirectory {
public:
    using Time = std::chrono::system_clock::time_point;
    static constexpr std::chrono::minutes kKnown{10};
    static constexpr std::chrono::minutes kUnknown{1};
    static constexpr std::size_t kMost = 10'000;
    static constexpr int kMostFailures = 10;
    static constexpr std::chrono::seconds kMostTimeLost{10};
    static constexpr std::chrono::seconds kProbeEvery{30};

    CachedDirectory(AccountDirectory& inner, std::function<Time()> now) : inner_(inner), now_(std::move(now)) {}

    std::optional<Account> find(const std::string& name) override {
        return remembered("name " + ascii_lower_case(name), [&] { return inner_.find(name); });
    }
    std::optional<Account> find_by_nick(const std::string& irc_nick) override {
        return remembered("nick " + ascii_lower_case(irc_nick), [&] { return inner_.find_by_nick(irc_nick); });
    }
    std::optional<Account> find_by_email(const std::string& email) override {
        return remembered("mail " + ascii_lower_case(email), [&] { return inner_.find_by_email(email); });
    }
    std::vector<Account> find_by_github(const std::string& github_name) override {
        return asked([&] { return inner_.find_by_github(github_name); });
    }
    std::vector<std::string> members(const std::string& group, Membership membership) override {
        return asked([&] { return inner_.members(group, membership); });
    }

private:
    struct Answer {
        std::optional<Account> account;
        Time until;
    };

    template <class Question>
    std::optional<Account> remembered(const std::string& key, Question question) {
        const Time now = now_();
        const auto found = answers_.find(key);
        if (found != answers_.end() && now < found->second.until) return found->second.account;
        std::optional<Account> account = asked(question);
        if (answers_.size() >= kMost) answers_.clear();
        answers_[key] = {account, account ? now + kKnown : now + kUnknown};
        return account;
    }

    // Through the circuit breaker.
    template <class Question>
    std::invoke_result_t<Question> asked(Question question) {
        if (is_open() && now_() < next_probe_)
            throw DirectoryUnreachable("the account directory is left alone for a while: " + last_failure_);
        const auto start = std::chrono::steady_clock::now();
        try {
            auto answer = question();
            failures_ = 0;
            time_lost_ = {};
            return answer;
        } catch (const DirectoryUnreachable& error) {
            ++failures_;
            time_lost_ += std::chrono::steady_clock::now() - start;
            last_failure_ = error.what();
            next_probe_ = now_() + kProbeEvery;
            throw;
        }
    }
    bool is_open() const { return failures_ >= kMostFailures || time_lost_ >= kMostTimeLost; }

    AccountDirectory& inner_;
    std::function<Time()> now_;
    std::map<std::string, Answer> answers_;
    int failures_ = 0;                                 // in a row
    std::chrono::steady_clock::duration time_lost_{};  // with them
    std::string last_failure_;
    Time next_probe_;
};

}  // namespace badges
