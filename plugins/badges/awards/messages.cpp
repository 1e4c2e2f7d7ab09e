#include "badges/awards/messages.hpp"

#include <fedmsg_hub/plugin.hpp>

#include "badges/awards/award_store.hpp"

namespace badges {
namespace {

using fedmsg_hub::Json;

Json text_or_null(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

Json number_or_null(const Rank& rank) {
    return rank ? Json(*rank) : Json(nullptr);
}

// {"a":1} and {"b":2} give {"a":1,"b":2}. Both are texts of objects.
std::string joined(const std::string& object, const std::string& more) {
    if (more.size() <= 2) return object;
    return object.substr(0, object.size() - 1) + "," + more.substr(1);
}

}  // namespace

std::string award_message(const BadgeRow& badge, const Person& person, const std::string& rule_members) {
    const Json plain = Json::object(
        {{"name", badge.name}, {"description", badge.description}, {"image_url", badge.image}, {"badge_id", badge.id}});
    const Json user = Json::object({{"username", person.nickname}, {"badges_user_id", person.id}});
    return Json::object({{"badge", Json::from_text(joined(plain.text(), rule_members))}, {"user", user}}).text();
}

std::string rank_message(const Person& person, const Awarded& result) {
    const Json who = Json::object({{"email", person.email},
                                   {"id", person.id},
                                   {"nickname", person.nickname},
                                   {"website", text_or_null(person.website)},
                                   {"bio", text_or_null(person.bio)},
                                   {"rank", number_or_null(result.rank)}});
    return Json::object({{"person", who}, {"old_rank", number_or_null(result.old_rank)}}).text();
}

}  // namespace badges
