#include "twitterbot/queue/payload.hpp"

namespace twitterbot {

using fedmsg_hub::Json;
using fedmsg_hub::ParsedJson;
using fedmsg_hub::Value;

std::string Payload::json() const {
    return Json::object({{"head", clean("|" + draft.head + "|")},  // the bars keep the blanks at its ends
                         {"link", draft.link},
                         {"tail", clean("|" + draft.tail + "|")},
                         {"hashtags", Json::array_of(draft.hashtags)},
                         {"picture_url", picture_url},
                         {"picture_alt", picture_alt},
                         {"is_picture_required", is_picture_required},
                         {"visibility", visibility},
                         {"time", time},
                         {"spare", spare},
                         {"is_link_short", is_link_short},
                         {"media_id", media_id},
                         {"is_media_ready", is_media_ready},
                         {"media_time", media_time},
                         {"ambiguous_since", ambiguous_since}})
        .text();
}

Payload Payload::parse(const std::string& text, const fedmsg_hub_json* json) {
    const ParsedJson parsed(json, text);
    const auto side = [&parsed](const char* name) {
        const std::string marked(parsed[name].text());
        return marked.size() >= 2 ? marked.substr(1, marked.size() - 2) : std::string();
    };
    Payload out;
    out.draft = {side("head"), parsed["link"].text_or(""), side("tail"), {}};
    for (const Value tag : parsed["hashtags"].elements()) out.draft.hashtags.push_back(tag.text_or(""));
    out.picture_url = parsed["picture_url"].text_or("");
    out.picture_alt = parsed["picture_alt"].text_or("");
    out.is_picture_required = parsed["is_picture_required"].boolean_or(false);
    out.visibility = parsed["visibility"].text_or("");
    out.time = parsed["time"].number_or(0);
    out.spare = static_cast<std::size_t>(parsed["spare"].integer_or(0));
    out.is_link_short = parsed["is_link_short"].boolean_or(false);
    out.media_id = parsed["media_id"].text_or("");
    out.is_media_ready = parsed["is_media_ready"].boolean_or(false);
    out.media_time = parsed["media_time"].number_or(0);
    out.ambiguous_since = parsed["ambiguous_since"].number_or(0);
    return out;
}

}  // namespace twitterbot
