// Answers of an account directory, remembered for a while: existing accounts for ten minutes, unknown ones for one.
// What could not be asked is not remembered. Lane thread only.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "badges/directory/account_directory.hpp"

namespace badges {

class CachedDirectory final : public AccountDirectory {
public:
    using Time = std::chrono::system_clock::time_point;
    static constexpr std::chrono::minutes kKnown{10};
    static constexpr std::chrono::minutes kUnknown{1};
    static constexpr std::size_t kMost = 10'000;

    CachedDirectory(AccountDirectory& inner, std::function<Time()> now) : inner_(inner), now_(std::move(now)) {}

    std::optional<Account> find(const std::string& name) override {
        return remembered("name " + lower_case(name), [&] { return inner_.find(name); });
    }
    std::optional<Account> find_by_nick(const std::string& irc_nick) override {
        return remembered("nick " + lower_case(irc_nick), [&] { return inner_.find_by_nick(irc_nick); });
    }
    std::optional<Account> find_by_email(const std::string& email) override {
        return remembered("mail " + lower_case(email), [&] { return inner_.find_by_email(email); });
    }
    std::vector<Account> find_by_github(const std::string& github_name) override {
        return inner_.find_by_github(github_name);
    }
    std::vector<std::string> members(const std::string& group, Membership membership) override {
        return inner_.members(group, membership);
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
        std::optional<Account> account = question();
        if (answers_.size() >= kMost) answers_.clear();
        answers_[key] = {account, account ? now + kKnown : now + kUnknown};
        return account;
    }

    AccountDirectory& inner_;
    std::function<Time()> now_;
    std::map<std::string, Answer> answers_;
};

}  // namespace badges
