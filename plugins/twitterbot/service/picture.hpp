// Pictures for posts, from URLs that come in messages: bounded in size and time, recognised by their first bytes, and
// only from public addresses (consumers/twitterbot.md 3.2). One thread.
#pragma once

#include <functional>
#include <list>
#include <optional>
#include <string>
#include <string_view>

#include "support/http_client.hpp"

namespace twitterbot {

// image/png, image/jpeg, image/gif, image/webp, or nothing.
std::optional<std::string> picture_type(std::string_view bytes);

class PictureCache {
public:
    using Send = std::function<fedmsg_plugins::HttpResponse(const fedmsg_plugins::HttpRequest&)>;
    struct Result {
        std::string bytes;
        std::string content_type;
        std::string problem;        // empty: the picture is there
        bool is_cancelled = false;  // the hub wants to stop: nothing is known of the picture
    };

    explicit PictureCache(Send send) : send_(std::move(send)) {}

    // From memory, or from the network. A URL that led to no picture is not asked again for ten minutes.
    Result get(const std::string& url, double now);

private:
    struct Entry {
        std::string url;
        Result result;
        double time;
    };

    Result fetched(const std::string& url) const;
    void keep(Entry entry);

    Send send_;
    std::list<Entry> entries_;  // used last first
};

}  // namespace twitterbot
