// What the ledger keeps of a post until it is sent: everything that is needed to make the same text again. Pure.
#pragma once

#include <fedmsg_hub/plugin.hpp>

#include <string>

#include "twitterbot/text/text.hpp"

namespace twitterbot {

struct Payload {
    Draft draft;
    std::string picture_url;
    std::string picture_alt;
    bool is_picture_required = false;
    std::string visibility;
    double time = 0;             // when its message was sent, or an operator asked for it; its age counts from there
    std::size_t spare = 0;       // how much shorter than allowed it has to be
    bool is_link_short = false;  // the shortener has been asked
    std::string media_id;        // of the uploaded picture
    bool is_media_ready = false;
    double media_time = 0;       // when it was uploaded
    double ambiguous_since = 0;  // 0: no attempt has had an unknown outcome

    std::string json() const;
    // Throws a fedmsg_hub::ValueError.
    static Payload parse(const std::string& text, const fedmsg_hub_json* json);
};

}  // namespace twitterbot
