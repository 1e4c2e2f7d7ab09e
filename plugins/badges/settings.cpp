#include "badges/settings.hpp"

#include <filesystem>

#include "badges/rules/unicode.hpp"

namespace badges {
namespace {

using fedmsg_hub::Json;
using fedmsg_hub::Option;
using fedmsg_hub::Options;
using fedmsg_hub::Value;

const std::vector<std::string>& default_skip_users() {
    static const std::vector<std::string> names = {"bodhi",  "oscar",  "apache", "koji",    "taskotron",
                                                   "zodbot", "pagure", "packit", "koschei", "osbuild-automation-bot"};
    return names;
}

std::string text_of(const Value& map, std::initializer_list<const char*> keys) {
    for (const char* key : keys)
        if (map[key].is_string()) return std::string(map[key].text());
    return {};
}

Issuer issuer_of(const Value& map) {
    return {text_of(map, {"issuer_origin", "issuer_url"}), text_of(map, {"issuer_name"}), text_of(map, {"issuer_org"}),
            text_of(map, {"issuer_contact", "issuer_email"})};
}

GroupBadge group_badge_of(const Value& map) {
    GroupBadge badge;
    badge.group = map["group"].text_or("");
    badge.badge_id = map["badge"].text_or("");
    badge.membership = map["memberships"].text_or("member") == "sponsor" ? Membership::sponsor : Membership::member;
    return badge;
}

std::chrono::milliseconds seconds_of(double seconds) {
    return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

void declare_files(fedmsg_hub::Description& description) {
    description.option(Option::text("badges.yaml.directory", "Where the rule files are").defaults_to("badges_yaml_dir"))
        .option(Option::text("badges.config_directory", "Where a relative badges.yaml.directory begins")
                    .defaults_to("/etc/fedmsg.d"))
        .option(Option::text("badges_global.database_uri",
                             "The awards database: sqlite:///PATH or postgresql://USER@HOST/NAME")
                    .defaults_to("sqlite:///awards.sqlite")
                    .secret())
        .option(Option::map("badges_global.badge_issuer",
                            "Who issues the badges: issuer_name, issuer_origin, issuer_org, issuer_contact")
                    .defaults_to(Json::object()))
        .option(Option::text("datanommer.sqlalchemy.url", "The plugin's history of messages: sqlite:///PATH")
                    .defaults_to("sqlite:///history.sqlite")
                    .secret())
        .option(Option::text("badges.history_url", "Not supported: see the README").defaults_to(""))
        .option(Option::text("fedbadges.datagrepper_url", "Where links to messages lead")
                    .defaults_to("https://apps.fedoraproject.org/datagrepper"))
        .option(Option::integer("badges.reload_interval", "Seconds between two looks at the rule files")
                    .defaults_to(900)
                    .between(1, 86'400));
}

void declare_directory(fedmsg_hub::Description& description) {
    description
        .option(Option::text("badges.accounts_file", "A YAML file of accounts, in place of fasjson_base_url")
                    .defaults_to(""))
        .option(Option::text("fasjson_base_url", "The account directory, such as https://fasjson.example.org/v1")
                    .defaults_to(""))
        .option(Option::map("fas_credentials", "username and password_file for the account directory")
                    .defaults_to(Json::object()))
        .option(Option::text("keytab", "Not supported: see the README").defaults_to(""))
        .option(Option::integer("badges.directory_timeout", "Seconds that the account directory may take")
                    .defaults_to(10)
                    .between(1, 60))
        .option(Option::text("badges.email_domain", "The project's mail domain").defaults_to("fedoraproject.org"))
        .option(Option::text("badges.id_provider_hostname", "For openid2fas").defaults_to("id.fedoraproject.org"))
        .option(Option::text("badges.distgit_hostname", "For distgit2fas").defaults_to("src.fedoraproject.org"))
        .option(Option::list("badges.skip_users", "Names that get no badges")
                    .defaults_to(Json::array_of(default_skip_users())))
        .option(Option::list("badges.group_badges", "Badges of groups: list of {group, memberships, badge}")
                    .defaults_to(Json::array()));
}

void declare_guards(fedmsg_hub::Description& description) {
    description.option(Option::boolean("badges.dry_run", "Log awards in place of giving them").defaults_to(false))
        .option(Option::boolean("badges.ignore_ledger", "Judge messages of any age").defaults_to(false))
        .option(
            Option::number("badges.max_age", "Older messages are ignored; days").defaults_to(30.0).between(0, 36'500))
        .option(
            Option::integer("badges.max_awards_per_hour", "Further awards wait").defaults_to(500).between(1, 1'000'000))
        .option(Option::boolean("badges.publish_rule", "Award messages also hold creator, trigger, criteria, ...")
                    .defaults_to(false))
        .option(Option::boolean("badges.always_publish_rank", "Rank messages also when the number is the same")
                    .defaults_to(false))
        .option(Option::number("badges.database_wait", "Seconds that a batch waits for the awards database")
                    .defaults_to(10.0)
                    .between(0, 60))
        .option(
            Option::boolean("badges.legacy_sleep", "Sleep badges.consume_delay before each message").defaults_to(false))
        .option(
            Option::number("badges.consume_delay", "Seconds; for badges.legacy_sleep").defaults_to(3.0).between(0, 60))
        .option(Option::integer("badges.delay_limit", "Messages at once from which badges.legacy_sleep does not sleep")
                    .defaults_to(100));
}

void check_url(const Options& options, const char* name, bool is_server_allowed, fedmsg_hub::Problems& problems) {
    try {
        const Database database{std::string(options.text(name)), "/"};
        if (database.engine() != SqlEngine::sqlite && !is_server_allowed)
            problems.add(name, "only sqlite:///PATH: the history is the plugin's own file");
    } catch (const std::invalid_argument& error) {
        problems.add(name, error.what());
    }
}

}  // namespace

void declare_options(fedmsg_hub::Description& description) {
    declare_files(description);
    declare_directory(description);
    declare_guards(description);
}

void validate_options(const Options& options, fedmsg_hub::Problems& problems) {
    check_url(options, "badges_global.database_uri", true, problems);
    check_url(options, "datanommer.sqlalchemy.url", false, problems);
    const Issuer issuer = issuer_of(options.value("badges_global.badge_issuer"));
    if (issuer.name.empty() || issuer.origin.empty())
        problems.add("badges_global.badge_issuer", "needs issuer_name and issuer_origin");
    if (!options.text("badges.history_url").empty())
        problems.add("badges.history_url", "a history over HTTP is not supported: the plugin keeps its own");
    if (!options.text("keytab").empty())
        problems.add("keytab", "Kerberos is not supported: use fas_credentials, or a proxy that adds the ticket");
    if (options.text("fasjson_base_url").empty() == options.text("badges.accounts_file").empty())
        problems.add("fasjson_base_url", "set this or badges.accounts_file: who has an account must be known");
    for (const Value item : options.value("badges.group_badges").elements()) {
        const GroupBadge badge = group_badge_of(item);
        const std::string kind = item["memberships"].text_or("member");
        if (badge.group.empty() || badge.badge_id.empty() || (kind != "member" && kind != "sponsor"))
            problems.add("badges.group_badges", "an entry is {group: NAME, memberships: member or sponsor, badge: ID}");
    }
}

Settings Settings::from(const Options& options) {
    Settings settings;
    const auto text = [&](const char* name) { return std::string(options.text(name)); };
    settings.rule_directory =
        (std::filesystem::path(text("badges.config_directory")) / text("badges.yaml.directory")).string();
    settings.awards_url = text("badges_global.database_uri");
    settings.history_url = text("datanommer.sqlalchemy.url");
    settings.issuer = issuer_of(options.value("badges_global.badge_issuer"));
    settings.link_base = text("fedbadges.datagrepper_url");
    settings.accounts_file = text("badges.accounts_file");
    settings.directory_url = text("fasjson_base_url");
    settings.directory_user = options.value("fas_credentials")["username"].text_or("");
    settings.directory_password_file = options.value("fas_credentials")["password_file"].text_or("");
    settings.directory_limit = std::chrono::seconds(options.integer("badges.directory_timeout"));
    settings.hosts.id_provider = text("badges.id_provider_hostname");
    settings.hosts.distgit = text("badges.distgit_hostname");
    settings.hosts.email_domain = text("badges.email_domain");
    for (const std::string& name : options.texts("badges.skip_users"))
        settings.skip_users.insert(ascii_lower_case(name));
    for (const Value item : options.value("badges.group_badges").elements())
        settings.group_badges.push_back(group_badge_of(item));
    settings.reload_interval = std::chrono::seconds(options.integer("badges.reload_interval"));
    settings.database_wait = seconds_of(options.number("badges.database_wait"));
    if (options.boolean("badges.legacy_sleep"))
        settings.legacy_sleep = seconds_of(options.number("badges.consume_delay"));
    settings.delay_limit = static_cast<int>(options.integer("badges.delay_limit"));
    settings.max_age = options.number("badges.max_age") * 86'400;
    settings.max_awards_per_hour = static_cast<int>(options.integer("badges.max_awards_per_hour"));
    settings.dry_run = options.boolean("badges.dry_run");
    settings.ignore_ledger = options.boolean("badges.ignore_ledger");
    settings.publish_rule = options.boolean("badges.publish_rule");
    settings.always_publish_rank = options.boolean("badges.always_publish_rank");
    return settings;
}

}  // namespace badges
