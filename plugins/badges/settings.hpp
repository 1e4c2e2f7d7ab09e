// What the badges plugin can be told: its options, and their values as a plain struct.
#pragma once

#include <fedmsg_hub/plugin.hpp>

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "badges/awards/award_store.hpp"
#include "badges/directory/account_directory.hpp"
#include "badges/directory/converters.hpp"

namespace badges {

struct GroupBadge {
    std::string group;
    Membership membership = Membership::member;
    std::string badge_id;
};

struct Settings {
    std::string rule_directory;
    std::string awards_url;
    std::string history_url;
    Issuer issuer;
    std::string link_base;  // of issued_for
    std::string accounts_file, directory_url, directory_user, directory_password_file;
    std::chrono::milliseconds directory_limit{10'000};
    ConverterHosts hosts;
    std::set<std::string> skip_users;
    std::vector<GroupBadge> group_badges;
    std::chrono::milliseconds reload_interval{}, database_wait{}, legacy_sleep{};
    int delay_limit = 100;
    double max_age = 0;  // seconds
    int max_awards_per_hour = 0;
    bool dry_run = false, ignore_ledger = false, publish_rule = false, always_publish_rank = false;

    // Throws an Error that names the option.
    static Settings from(const fedmsg_hub::Options& options);
};

void declare_options(fedmsg_hub::Description& description);
// What a look at the options alone can find.
void validate_options(const fedmsg_hub::Options& options, fedmsg_hub::Problems& problems);

}  // namespace badges
