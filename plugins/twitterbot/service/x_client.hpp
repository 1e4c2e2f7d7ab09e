// X (Twitter) and servers like it: API v2 or v1.1, OAuth 1.0a or OAuth 2 (consumers/twitterbot.md 4.1). One thread.
#pragma once

#include <string>
#include <utility>

#include "twitterbot/service/service.hpp"

namespace twitterbot {

struct XSettings {
    std::string base_url = "https://api.x.com";
    std::string upload_url;  // of v1.1; empty: as it belongs to base_url
    bool is_v2 = true;
    Auth auth = Auth::oauth1;
    std::string credentials_file;  // where refreshed tokens go
};

class XClient : public Service {
public:
    XClient(XSettings settings, Credentials credentials, Surroundings surroundings)
        : settings_(std::move(settings)),
          credentials_(std::move(credentials)),
          surroundings_(std::move(surroundings)) {}

    Verdict post(const Post& post) override;
    Upload upload(const Picture& picture) override;
    Upload media_state(const std::string& media_id) override;
    Found find_own(const std::string& text, double since, Verdict* verdict) override;
    Verdict check() override;
    LengthRule length_rule() override { return LengthRule::x(); }
    double key_lifetime() const override { return 0; }
    bool reuses_media() const override { return true; }

private:
    fedmsg_plugins::HttpRequest request(const std::string& method, const std::string& url) const;
    fedmsg_plugins::HttpResponse send(fedmsg_plugins::HttpRequest request, const fedmsg_plugins::Parameters& form = {},
                                      bool may_refresh = true);
    std::string authorization(const fedmsg_plugins::HttpRequest& request, const fedmsg_plugins::Parameters& form) const;
    Verdict refreshed();
    Verdict ask_who_we_are(bool may_refresh);
    Verdict verdict_of(const fedmsg_plugins::HttpResponse& response);
    std::string own_posts_url(Verdict* verdict);
    std::string me_url() const;

    XSettings settings_;
    Credentials credentials_;
    Surroundings surroundings_;
    std::string user_id_;          // ours, once it was asked for
    std::string renewal_problem_;  // why the last request stayed unauthorized
    bool is_unauthorized_ = false;
};

// Whether a post as the API shows it says what we wanted to post: X has put its own short links in place of ours, and
// one behind the text for a picture.
bool is_same_post(const std::string& ours, const fedmsg_hub::Value& theirs);

}  // namespace twitterbot
