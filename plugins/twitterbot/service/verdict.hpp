// What an answer of a service means for the post: the table of consumers/twitterbot.md 4.3, row by row. Pure; any
// thread.
#pragma once

#include <fedmsg_hub/plugin.hpp>

#include <optional>
#include <string>
#include <string_view>

#include "support/http_client.hpp"

namespace twitterbot {

enum class ServiceKind { x, mastodon };

enum class Meaning {
    success,
    duplicate,      // like success: the service has this text already
    bad_text,       // too long or refused: shorten once, else dead
    permanent,      // dead
    account_fault,  // stop the account until somebody has mended it
    rate,           // wait, not an attempt
    transient,      // try again with growing delays
    ambiguous,      // it may have been posted
    cancelled,      // the hub wants to stop; nothing was sent
};
const char* name_of(Meaning meaning);

struct Verdict {
    Meaning meaning = Meaning::transient;
    std::string reason;           // for people; never holds secrets
    std::optional<double> until;  // with rate: seconds since the epoch, if the service says so
    std::string remote_id;        // with success
    bool is_daily_limit = false;  // with rate: look again every hour
};

// `json`: the hub's parser. `now`: seconds since the epoch.
Verdict classify(ServiceKind service, const fedmsg_plugins::HttpResponse& response, const fedmsg_hub_json* json,
                 double now);

// When the service lets more through: x-rate-limit-reset (X: epoch seconds), x-ratelimit-reset (Mastodon: ISO time),
// Retry-After. Nothing if none of them can be read. At most a day from now.
std::optional<double> reset_time(const fedmsg_plugins::HttpResponse& response, double now);

// On an answer that went well: the time until which nothing more will go, if the last allowed request was just used.
std::optional<double> exhausted_until(const fedmsg_plugins::HttpResponse& response, double now);

// 2026-01-01T12:00:00.000Z, 2026-01-01T14:00:00+02:00
std::optional<double> parse_iso_time(std::string_view text);

// When a post was made: an ISO time, or that of API v1.1: Thu Jan 01 12:00:00 +0000 2026
std::optional<double> parse_post_time(std::string_view text);

// What a failed question means: it changed nothing, so it may be asked again.
Verdict as_question(Verdict verdict);

// What a failed upload means: where nothing takes pictures (404), posts may still go.
Verdict as_upload(Verdict verdict, int status);

}  // namespace twitterbot
