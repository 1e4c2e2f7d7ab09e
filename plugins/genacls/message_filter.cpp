#include "genacls/message_filter.hpp"

#include <utility>

namespace genacls {
namespace {

using fedmsg_hub::Value;

// People and groups: a name, or in the older shape an object that holds it.
std::string name_in(Value value, std::string_view key) {
    return value.is_object() ? value[key].text_or("") : value.text_or("");
}

void skip(Interest& interest, std::string why) {
    interest.is_wanted = false;
    interest.reason = std::move(why);
}

void look_at_fas(Interest& interest, Value msg, const Names* groups) {
    interest.user = name_in(msg["user"], "username");
    interest.group = name_in(msg["group"], "name");
    if (interest.group.empty()) return skip(interest, "it names no group");
    // "packager" stands in the configuration as @all, so it cannot be found there.
    const bool is_used = groups == nullptr || interest.group == "packager" || groups->count(interest.group) != 0;
    if (!is_used) skip(interest, "the configuration does not use the group " + interest.group);
}

void look_at_listing(Interest& interest, Value listing) {
    interest.package = listing["package"]["name"].text_or("");
    interest.branch = listing["collection"]["branchname"].text_or("");
}

void look_at_pkgdb(Interest& interest, Value msg) {
    const bool is_delete = interest.event == "pkgdb.acl.delete";
    const Value acl = msg["acl"];
    const std::string kind = is_delete ? acl["acl"].text_or("") : acl.text_or("");
    interest.user = is_delete ? acl["fas_name"].text_or("") : msg["username"].text_or("");
    if (is_delete)
        look_at_listing(interest, acl["packagelist"]);
    else if (msg["package_listings"].is_array())
        look_at_listing(interest, msg["package_listings"][0]);
    else if (msg["package_listing"].is_object())
        look_at_listing(interest, msg["package_listing"]);
    else
        interest.package = msg["package"]["name"].text_or("");
    if (kind == "watchcommits" || kind == "watchbugzilla") skip(interest, kind + " changes no rights");
}

}  // namespace

std::string_view event_of(std::string_view topic) {
    for (int segment = 0; segment < 3; ++segment) {
        const std::size_t dot = topic.find('.');
        if (dot == std::string_view::npos) return {};
        topic.remove_prefix(dot + 1);
    }
    return topic;
}

std::string Interest::text() const {
    std::string line = event;
    const char* separator = ": ";
    const auto add = [&](const std::string& part) {
        if (part.empty()) return;
        line.append(separator).append(part);
        separator = ", ";
    };
    add(user);
    add(group.empty() ? "" : "group " + group);
    add(branch.empty() ? package : package + "/" + branch);
    add(agent.empty() ? "" : "by " + agent);
    return line;
}

Interest interest_in(std::string_view topic, Value msg, const Names* groups) {
    Interest interest;
    interest.is_wanted = true;
    interest.event = event_of(topic);
    interest.agent = name_in(msg["agent"], "username");
    if (interest.event.starts_with("fas."))
        look_at_fas(interest, msg, groups);
    else
        look_at_pkgdb(interest, msg);
    return interest;
}

std::vector<std::string> acls_topics() {
    std::vector<std::string> topics = prefix_topics();
    for (const char* event :
         {"pkgdb.acl.update", "pkgdb.acl.delete", "pkgdb.acl.user.remove", "pkgdb.package.new", "pkgdb.package.delete",
          "pkgdb.package.branch.new", "pkgdb.package.branch.delete", "pkgdb.package.update.status",
          "pkgdb.owner.update", "pkgdb.collection.new", "pkgdb.collection.update"})
        topics.push_back(absolute_pattern(event));
    return topics;
}

std::vector<std::string> prefix_topics() {
    return {absolute_pattern("fas.group.member.sponsor"), absolute_pattern("fas.group.member.remove")};
}

std::string absolute_pattern(const std::string& topic) {
    if (topic.starts_with('*') || topic.starts_with("words:") || topic.find("${") != std::string::npos) return topic;
    return "${topic_prefix}.${environment}." + topic;
}

}  // namespace genacls
