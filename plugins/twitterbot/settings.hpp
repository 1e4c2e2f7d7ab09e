// The bot's configuration, read once: accounts with their routes. Immutable; any thread. The keys stand in README.md.
#pragma once

#include <fedmsg_hub/plugin.hpp>

#include <string>
#include <vector>

#include "twitterbot/filter/route.hpp"
#include "twitterbot/queue/account_queue.hpp"
#include "twitterbot/service/verdict.hpp"
#include "twitterbot/service/x_client.hpp"

namespace twitterbot {

struct AccountSettings {
    std::string name;
    ServiceKind service = ServiceKind::x;
    XSettings x;             // base_url, auth and credentials_file are for Mastodon as well
    OAuth1Keys inline_keys;  // of the old tweet_endpoints; else empty
    std::string authorize_url;
    std::string redirect_url;
    std::vector<Route> routes;
    QueueSettings queue;

    bool has_file() const { return !x.credentials_file.empty(); }
    // The first route that takes it, or null.
    const Route* route_for(const Event& event) const;
};

// Everything that is wrong goes to `complain`; then the result must not be used.
std::vector<AccountSettings> parse_accounts(const fedmsg_hub::Options& options, const Complain& complain);

}  // namespace twitterbot
