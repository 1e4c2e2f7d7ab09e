#include "twitterbot/settings.hpp"

#include <algorithm>
#include <set>

#include "support/url.hpp"

namespace twitterbot {

using fedmsg_hub::Options;
using fedmsg_hub::Value;

namespace {

const std::vector<std::string_view> kAccountKeys = {
    "name",   "service",    "base_url", "api",        "auth",          "credentials_file", "routes",
    "limits", "visibility", "language", "upload_url", "authorize_url", "redirect_url"};
const std::vector<std::string_view> kEndpointKeys = {"base_url",         "consumer_key",        "consumer_secret",
                                                     "access_token_key", "access_token_secret", "credentials_file"};
constexpr double kQuarter = 15 * 60;
constexpr double kThreeHours = 3 * 3600;
constexpr double kFiveMinutes = 5 * 60;

// Reads one account; problems go out with its place.
class AccountReader {
public:
    AccountReader(const Options& options, Value map, std::string where, const Complain& complain)
        : options_(options), map_(map), where_(std::move(where)), complain_(complain) {}

    AccountSettings account() {
        expect_keys(map_, kAccountKeys, where_, complain_);
        AccountSettings out;
        out.name = text("name", "");
        if (out.name.empty()) say("name", "every account needs a name of its own");
        out.service = one_of("service", "x", {"x", "mastodon"}) == "x" ? ServiceKind::x : ServiceKind::mastodon;
        read_connection(out);
        out.routes = routes(map_["routes"], where_ + ".routes");
        fill_queue(out);
        return out;
    }

    // An entry of the old tweet_endpoints.
    AccountSettings endpoint(std::size_t number) {
        expect_keys(map_, kEndpointKeys, where_, complain_);
        AccountSettings out;
        out.name = "endpoint-" + std::to_string(number);
        out.x.base_url = url("base_url", "https://api.twitter.com");
        out.x.is_v2 = false;
        out.x.credentials_file = text("credentials_file", "");
        out.inline_keys = {text("consumer_key", ""), text("consumer_secret", ""), text("access_token_key", ""),
                           text("access_token_secret", "")};
        const bool is_complete = !out.inline_keys.consumer_key.empty() && !out.inline_keys.consumer_secret.empty() &&
                                 !out.inline_keys.token.empty() && !out.inline_keys.token_secret.empty();
        if (!is_complete && !out.has_file() && !is_dry_run()) say("credentials_file", "must be named");
        out.routes = routes(Value(), "twitterbot.routes");
        fill_queue(out);
        return out;
    }

private:
    void say(const std::string& key, const std::string& what) const { complain_(where_ + "." + key, what); }
    bool is_dry_run() const { return options_.boolean("twitterbot.dry_run"); }

    std::string text(const std::string& key, const std::string& fallback) const {
        const Value value = map_[key];
        if (value.exists() && !value.is_string()) say(key, "must be a text");
        return value.text_or(fallback);
    }
    std::string one_of(const std::string& key, const std::string& fallback, std::vector<std::string> choices) const {
        const std::string value = text(key, fallback);
        if (std::find(choices.begin(), choices.end(), value) != choices.end()) return value;
        std::string all;
        for (const std::string& choice : choices) all.append(all.empty() ? "" : ", ").append(choice);
        say(key, "must be one of: " + all);
        return fallback;
    }
    std::string url(const std::string& key, const std::string& fallback) const {
        const std::string value = text(key, fallback);
        try {
            if (value.empty()) return value;
            const fedmsg_plugins::Url parts = fedmsg_plugins::parse_url(value);
            const bool is_here = parts.host == "127.0.0.1" || parts.host == "localhost" || parts.host == "[::1]";
            if (parts.scheme == "https" || (parts.scheme == "http" && is_here)) return value;
            say(key, "must begin with https://, or secrets would go over the network in clear text");
        } catch (const std::invalid_argument& error) {
            say(key, error.what());
        }
        return value;
    }

    void read_connection(AccountSettings& out) const {
        const bool is_x = out.service == ServiceKind::x;
        out.x.base_url = url("base_url", is_x ? "https://api.x.com" : "");
        if (out.x.base_url.empty()) say("base_url", "must name the server");
        out.x.upload_url = url("upload_url", "");
        out.x.is_v2 = one_of("api", "v2", {"v2", "v1.1"}) == "v2";
        const std::string auth =
            is_x ? one_of("auth", "oauth1", {"oauth1", "oauth2"}) : one_of("auth", "bearer", {"bearer"});
        out.x.auth = auth == "oauth1" ? Auth::oauth1 : auth == "oauth2" ? Auth::oauth2 : Auth::bearer;
        out.x.credentials_file = text("credentials_file", "");
        if (!out.has_file() && !is_dry_run()) say("credentials_file", "must be named (only a dry run needs none)");
        out.authorize_url = url("authorize_url", "https://x.com/i/oauth2/authorize");
        out.redirect_url = url("redirect_url", "http://127.0.0.1:8765/");
    }

    std::vector<Route> routes(Value list, const std::string& where) const {
        const bool is_own = list.exists();
        const Value all = is_own ? list : options_.value("twitterbot.routes");
        const std::string place = is_own ? where : "twitterbot.routes";
        if (all.size() == 0) complain_(where_, "has no routes: say in routes what is posted");
        std::vector<Route> out;
        for (std::size_t at = 0; at < all.size(); ++at)
            out.push_back(parse_route(all[at], place + "[" + std::to_string(at) + "]", complain_));
        return out;
    }

    void fill_queue(AccountSettings& out) const {
        QueueSettings& queue = out.queue;
        queue.account = out.name;
        queue.is_dry_run = is_dry_run();
        queue.ignores_ledger = options_.boolean("twitterbot.ignore_ledger");
        queue.max_age = static_cast<double>(options_.integer("twitterbot.max_age"));
        queue.max_queue = static_cast<std::size_t>(options_.integer("twitterbot.max_queue"));
        queue.duplicate_window = static_cast<double>(options_.integer("twitterbot.duplicate_window"));
        queue.pause = options_.number("tweet_intermessage_pause");
        queue.rate_wait = static_cast<double>(options_.integer("tweet_hibernate_duration"));
        queue.summary = std::string(options_.text("twitterbot.summary"));
        queue.visibility = text("visibility", "");
        queue.language = text("language", "");
        const bool is_x = out.service == ServiceKind::x;
        queue.dry_rule = is_x ? LengthRule::x() : LengthRule::mastodon();
        queue.limits = limits(is_x);
    }

    std::vector<RateLimit> limits(bool is_x) const {
        const char* name = is_x ? "x" : "mastodon";
        Value list = map_["limits"];
        std::string place = where_ + ".limits";
        if (!list.exists()) {
            list = options_.value("twitterbot.limits")[name];
            place = std::string("twitterbot.limits.") + name;
        }
        if (!list.exists())
            return is_x ? std::vector<RateLimit>{{50, kThreeHours}, {10, kQuarter}}
                        : std::vector<RateLimit>{{100, kFiveMinutes}};
        std::vector<RateLimit> out;
        for (const Value item : list.elements()) {
            const std::int64_t posts = item["posts"].integer_or(0);
            const double seconds = item["seconds"].number_or(0);
            if (posts < 1 || !(seconds > 0)) complain_(place, "each entry is {posts: NUMBER, seconds: NUMBER}");
            out.push_back({static_cast<std::size_t>(std::max<std::int64_t>(posts, 1)), seconds});
        }
        if (out.empty()) complain_(place, "must be a list of {posts: NUMBER, seconds: NUMBER}");
        return out;
    }

    const Options& options_;
    Value map_;
    std::string where_;
    const Complain& complain_;
};

}  // namespace

const Route* AccountSettings::route_for(const Event& event) const {
    const auto found =
        std::find_if(routes.begin(), routes.end(), [&event](const Route& route) { return takes(route, event); });
    return found != routes.end() ? &*found : nullptr;
}

std::vector<AccountSettings> parse_accounts(const Options& options, const Complain& complain) {
    std::vector<AccountSettings> out;
    const Value accounts = options.value("twitterbot.accounts");
    for (std::size_t at = 0; at < accounts.size(); ++at) {
        const std::string where = "twitterbot.accounts[" + std::to_string(at) + "]";
        out.push_back(AccountReader(options, accounts[at], where, complain).account());
    }
    const Value endpoints = options.value("tweet_endpoints");
    for (std::size_t at = 0; at < endpoints.size(); ++at) {
        const std::string where = "tweet_endpoints[" + std::to_string(at) + "]";
        out.push_back(AccountReader(options, endpoints[at], where, complain).endpoint(at));
    }
    std::set<std::string> names;
    for (const AccountSettings& account : out)
        if (!names.insert(account.name).second) complain("twitterbot.accounts", "two are called " + account.name);
    return out;
}

}  // namespace twitterbot
