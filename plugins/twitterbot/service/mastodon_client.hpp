// Mastodon and servers that speak its API (consumers/twitterbot.md 4.2). One thread.
#pragma once

#include <string>
#include <utility>

#include "twitterbot/service/service.hpp"

namespace twitterbot {

class MastodonClient : public Service {
public:
    MastodonClient(std::string base_url, Credentials credentials, Surroundings surroundings)
        : base_url_(std::move(base_url)),
          credentials_(std::move(credentials)),
          surroundings_(std::move(surroundings)) {}

    Verdict post(const Post& post) override;
    Upload upload(const Picture& picture) override;
    Upload media_state(const std::string& media_id) override;
    // Not needed: keys make repeating safe.
    Found find_own(const std::string& text, double since, Verdict* verdict) override;
    Verdict check() override;
    // The server's own limits, asked for once a day; 500 and 23 if it does not say.
    LengthRule length_rule() override;
    double key_lifetime() const override { return 3600; }
    bool reuses_media() const override { return false; }  // an attachment belongs to one post

private:
    fedmsg_plugins::HttpRequest request(const std::string& method, const std::string& path) const;
    Verdict verdict_of(const fedmsg_plugins::HttpResponse& response);
    void ask_for_limits();

    std::string base_url_;
    Credentials credentials_;
    Surroundings surroundings_;
    LengthRule rule_ = LengthRule::mastodon();
    std::size_t picture_limit_ = 0;  // bytes; 0: not known
    double ask_again_ = 0;
};

}  // namespace twitterbot
