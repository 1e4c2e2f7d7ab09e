// What the queue asks of a service, whichever it is. Calls block for a bounded time. One thread.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "support/http_client.hpp"
#include "twitterbot/service/credentials.hpp"
#include "twitterbot/service/verdict.hpp"
#include "twitterbot/text/text.hpp"

namespace twitterbot {

struct Post {
    std::string text;
    std::string media_id;    // empty: none
    std::string visibility;  // Mastodon
    std::string language;    // Mastodon; empty: not said
    std::string key;         // the same for each attempt at one post
};

struct Picture {
    std::string bytes;
    std::string content_type;
    std::string alt;
};

struct Upload {
    Verdict verdict;
    std::string media_id;
    bool is_ready = true;  // false: ask is_media_ready before it is used
};

enum class Found { yes, no, unknown };

class Service {
public:
    virtual ~Service() = default;

    virtual Verdict post(const Post& post) = 0;
    virtual Upload upload(const Picture& picture) = 0;
    virtual Upload media_state(const std::string& media_id) = 0;
    // Looks for a post of our own, not older than `since`. Found::unknown: verdict says why.
    virtual Found find_own(const std::string& text, double since, Verdict* verdict) = 0;
    // Asks the service who we are; changes nothing.
    virtual Verdict check() = 0;
    virtual LengthRule length_rule() = 0;
    // Until when nothing more will go, if the last answer said so.
    std::optional<double> exhausted_until() const { return exhausted_until_; }

    // How long the same key gives the same post; 0: the service knows no keys.
    virtual double key_lifetime() const = 0;
    // Whether one uploaded picture may stand in several posts.
    virtual bool reuses_media() const = 0;

protected:
    std::optional<double> exhausted_until_;
};

// What the clients need from around them.
struct Surroundings {
    std::function<fedmsg_plugins::HttpResponse(const fedmsg_plugins::HttpRequest&)> send;
    std::function<double()> now;         // seconds since the epoch
    std::function<std::string()> nonce;  // a new one each time
    const fedmsg_hub_json* json = nullptr;
    std::chrono::milliseconds time_limit{10'000};
};

}  // namespace twitterbot
