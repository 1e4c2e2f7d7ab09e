#include "twitterbot/twitterbot.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <stdexcept>

#include "support/url.hpp"
#include "twitterbot/service/mastodon_client.hpp"

namespace twitterbot {

using fedmsg_hub::Description;
using fedmsg_hub::Json;
using fedmsg_hub::Message;
using fedmsg_hub::Option;
using fedmsg_hub::Options;
using fedmsg_hub::Outcome;
using fedmsg_hub::Problems;
using fedmsg_plugins::HttpOptions;
using fedmsg_plugins::HttpRequest;
using fedmsg_plugins::HttpResponse;
using fedmsg_plugins::Ledger;
using fedmsg_plugins::SecretFileError;

namespace {

constexpr std::uint64_t kPump = 1;
constexpr double kCleaning = 3600;
constexpr double kDay = 24 * 3600;
constexpr char kUserAgent[] = "fedmsg-hub twitterbot/" FEDMSG_HUB_PLUGIN_VERSION;

HttpOptions http_options(const Options& options, bool is_foreign, std::function<bool()> is_cancelled) {
    HttpOptions out;
    out.user_agent = kUserAgent;
    out.ca_file = std::string(options.text("twitterbot.ca_file"));
    out.allow_private_addresses = !is_foreign || options.boolean("twitterbot.allow_private_addresses");
    out.is_cancelled = std::move(is_cancelled);
    return out;
}

}  // namespace

Description Twitterbot::describe() {
    return Description("twitterbot", "Posts selected messages to X, Mastodon and compatible services")
        .topics({"*"})
        .validate_signatures(true)
        .option(Option::list("twitterbot.accounts", "Accounts with their routes").defaults_to(Json::array()))
        .option(Option::list("twitterbot.routes", "Routes of accounts without their own").defaults_to(Json::array()))
        .option(Option::map("twitterbot.limits", "Posts per time, for x and mastodon").defaults_to(Json::object()))
        .option(Option::integer("twitterbot.max_age", "Seconds after which a message is posted no more")
                    .defaults_to(900)
                    .between(1, 30 * 86400))
        .option(Option::integer("twitterbot.max_queue", "Posts of one account that may wait")
                    .defaults_to(100)
                    .between(1, 10000))
        .option(Option::integer("twitterbot.duplicate_window", "Seconds within which the same text goes out once")
                    .defaults_to(86400)
                    .between(0, 30 * 86400))
        .option(Option::boolean("twitterbot.dry_run", "Say in the log what would be posted, and post nothing")
                    .defaults_to(true))
        .option(Option::boolean("twitterbot.ignore_ledger", "Post what was posted before once more").defaults_to(false))
        .option(Option::text("twitterbot.summary", "A post for what was dropped, with {count}; empty: none")
                    .defaults_to(""))
        .option(Option::text("twitterbot.shortener", "A service that shortens links; the link is put behind")
                    .defaults_to(""))
        .option(Option::boolean("twitterbot.allow_private_addresses", "Fetch pictures from private addresses")
                    .defaults_to(false))
        .option(Option::integer("twitterbot.time_limit", "Seconds for one request").defaults_to(10).between(1, 60))
        .option(Option::integer("twitterbot.retention", "Days for which posts are remembered")
                    .defaults_to(30)
                    .between(30, 3650))
        .option(Option::text("twitterbot.ca_file", "Certificates to trust in place of the system's").defaults_to(""))
        .option(Option::integer("tweet_hibernate_duration", "Seconds of pause where the service names none")
                    .defaults_to(900)
                    .between(1, 86400))
        .option(Option::number("tweet_intermessage_pause", "Seconds between two posts").defaults_to(1).between(0, 3600))
        .option(
            Option::list("tweet_endpoints", "Accounts as the old bot had them").defaults_to(Json::array()).secret());
}

void Twitterbot::validate(const Options& options, Problems& problems) {
    parse_accounts(options,
                   [&problems](const std::string& where, const std::string& what) { problems.add(where, what); });
    const std::string shortener(options.text("twitterbot.shortener"));
    try {
        if (!shortener.empty()) fedmsg_plugins::parse_url(shortener);
    } catch (const std::invalid_argument& error) {
        problems.add("twitterbot.shortener", error.what());
    }
}

Twitterbot::Twitterbot()
    : accounts_(parse_accounts(
          options(),
          [](const std::string& where, const std::string& what) { throw std::invalid_argument(where + ": " + what); })),
      random_(std::random_device{}()),
      services_(http_options(options(), false, [this] { return stop_requested(); })),
      foreign_(http_options(options(), true, [this] { return stop_requested(); })),
      pictures_([this](const HttpRequest& request) { return foreign_.send(request); }) {}

double Twitterbot::seconds() const {
    return std::chrono::duration<double>(now().time_since_epoch()).count();
}

// ---- Life

void Twitterbot::open() {
    if (ledger_) return;
    // A dry run has a ledger of its own: what it "posts" is still to be posted when it is over.
    const std::string base = directory() + (is_dry_run() ? "/dry-run-" : "/");
    ledger_ = std::make_unique<Ledger>(base + "ledger.sqlite", "twitterbot");
    store_ = std::make_unique<Store>(base + "memory.sqlite");
    for (const AccountSettings& account : accounts_)
        workers_.push_back(
            {&account, std::make_unique<AccountQueue>(account.queue, hooks_for(account), *ledger_, *store_)});
}

void Twitterbot::close() {
    workers_.clear();
    store_.reset();
    ledger_.reset();
}

void Twitterbot::start() {
    for (const AccountSettings& account : accounts_) {
        if (account.has_file()) credentials_of(account);  // throws what is wrong with it
        if (!account.inline_keys.consumer_secret.empty())
            log().warning("account ", account.name,
                          ": its secrets stand in the general configuration; put them into a "
                          "file of mode 0600 and name that as credentials_file");
    }
    open();
    for (Worker& worker : workers_) worker.queue->recover(seconds());
    if (is_dry_run())
        log().info("dry run: nothing is posted; set twitterbot.dry_run to false when the texts are right");
    schedule(std::chrono::milliseconds(0), kPump);
}

void Twitterbot::stop() {
    close();
}

Outcome Twitterbot::consume(const Message& message) {
    count("received");
    const Event event = event_of(message);
    bool is_wanted = false;
    bool is_queued = false;
    for (Worker& worker : workers_) {
        const Route* route = worker.settings->route_for(event);
        if (route == nullptr) continue;
        is_wanted = true;
        const auto admission = worker.queue->admit(event, *route, build_post(*route, event), seconds());
        is_queued = is_queued || admission == AccountQueue::Admission::queued;
        // It makes no requests, so a dry run need not wait: a replay shows its texts before it ends.
        if (is_dry_run()) worker.queue->step(seconds());
    }
    if (is_wanted) count("matched");
    if (is_queued) schedule(std::chrono::milliseconds(0), kPump);
    return ack();
}

void Twitterbot::on_timer(std::uint64_t) {
    double next = seconds() + 60;
    schedule(std::chrono::seconds(60), kPump);  // even if something below throws
    for (Worker& worker : workers_) {
        if (stop_requested()) return;
        next = std::min(next, worker.queue->step(seconds()));
    }
    const double now = seconds();
    if (now >= next_cleaning_) {
        ledger_->forget(now - kDay * static_cast<double>(options().integer("twitterbot.retention")));
        store_->forget(now - 31 * kDay);
        next_cleaning_ = now + kCleaning;
    }
    show_state(now);
    const double wait = std::max(0.0, next - now);
    schedule(std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(wait * 1000))), kPump);
}

void Twitterbot::show_state(double now) {
    std::size_t length = 0;
    double oldest = 0;
    int stopped = 0;
    int breakers = 0;
    for (Worker& worker : workers_) {
        length += worker.queue->length();
        oldest = std::max(oldest, worker.queue->oldest_age(now));
        stopped += worker.queue->fault().empty() ? 0 : 1;
        breakers += worker.queue->has_open_breaker() ? 1 : 0;
    }
    gauge("queue", static_cast<double>(length));
    gauge("oldest_pending_age", oldest);
    gauge("stopped_accounts", stopped);
    gauge("open_breakers", breakers);
}

// ---- What the queues reach through

QueueHooks Twitterbot::hooks_for(const AccountSettings& account) {
    QueueHooks hooks;
    hooks.open = [this, &account] { return client_for(account); };
    hooks.stamp = [&account] {
        return account.has_file() ? fedmsg_plugins::stamp_of_secret_file(account.x.credentials_file)
                                  : fedmsg_plugins::FileStamp{};
    };
    hooks.picture = [this](const std::string& url, double now) { return pictures_.get(url, now); };
    if (!options().text("twitterbot.shortener").empty())
        hooks.shorten = [this](const std::string& url) { return shortened(url); };
    hooks.count = [this](const char* counter) {
        count(counter);
        if (std::string_view(counter) == "done") gauge("last_success", seconds());
    };
    hooks.log = [this](fedmsg_hub_level level, const std::string& line) {
        if (level == FEDMSG_HUB_ERROR)
            log().error(line);
        else if (level == FEDMSG_HUB_WARNING)
            log().warning(line);
        else
            log().info(line);
    };
    hooks.chance = [this] { return std::uniform_real_distribution<double>(0, 1)(random_); };
    hooks.json = options().values().functions();
    return hooks;
}

Credentials Twitterbot::credentials_of(const AccountSettings& account, bool may_lack_tokens) const {
    if (account.has_file())
        return read_credentials(account.x.credentials_file, account.x.auth, options().values().functions(),
                                may_lack_tokens);
    Credentials out;
    out.oauth1 = account.inline_keys;
    return out;
}

std::unique_ptr<Service> Twitterbot::client_for(const AccountSettings& account) {
    if (account.service == ServiceKind::x)
        return std::make_unique<XClient>(account.x, credentials_of(account), surroundings());
    return std::make_unique<MastodonClient>(account.x.base_url, credentials_of(account), surroundings());
}

Surroundings Twitterbot::surroundings() {
    Surroundings out;
    out.send = [this](const HttpRequest& request) { return services_.send(request); };
    out.now = [this] { return seconds(); };
    out.nonce = [this] { return random_text(16); };
    out.json = options().values().functions();
    out.time_limit = std::chrono::seconds(options().integer("twitterbot.time_limit"));
    return out;
}

// Hexadecimal digits. Nonces, states and verifiers: from the system, since they must not be guessed.
std::string Twitterbot::random_text(std::size_t bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::random_device source;
    std::string out;
    for (std::size_t at = 0; at < bytes; ++at) {
        const unsigned byte = source() & 0xFF;
        out.append({kDigits[byte >> 4], kDigits[byte & 0xF]});
    }
    return out;
}

// Nothing if the shortener gives no link within three seconds.
std::optional<std::string> Twitterbot::shortened(const std::string& url) {
    HttpRequest request;
    request.url = std::string(options().text("twitterbot.shortener")) + fedmsg_plugins::percent_encode(url);
    request.time_limit = std::chrono::seconds(3);
    request.size_limit = 4096;
    const HttpResponse response = services_.send(request);
    const std::string link = clean(response.body);
    try {
        if (response.is_success() && with_urls_as(link, "").empty() && fedmsg_plugins::parse_url(link).is_http())
            return link;
    } catch (const std::invalid_argument&) {
        // No link in it: the long one is used.
    }
    count("shortener_failed");
    log().warning("the shortener gave no link (", response.describe(), "): the long one is used");
    return std::nullopt;
}

}  // namespace twitterbot
