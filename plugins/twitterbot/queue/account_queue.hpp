// The posts of one account on their way out. Each stands in the ledger before anything leaves:
//
//     admit: pending  ->  step: picture, then inflight  ->  the service  ->  done | pending again | dead
//
// Never twice: a post is inflight before its request goes out. One whose outcome is unknown (no answer, or found
// inflight at start) is repeated only where the service knows it by its key (Mastodon, within the hour); else it is
// looked for among our own latest posts, and given up as "ambiguous" if it is not there (consumers/twitterbot.md 4.3).
//
// Lane thread. Time is the caller's, in seconds since the epoch. A call of step() makes a bounded number of requests.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "support/backoff.hpp"
#include "support/ledger.hpp"
#include "twitterbot/filter/route.hpp"
#include "twitterbot/queue/payload.hpp"
#include "twitterbot/queue/store.hpp"
#include "twitterbot/service/picture.hpp"
#include "twitterbot/service/service.hpp"

namespace twitterbot {

struct RateLimit {
    std::size_t posts = 0;
    double period = 0;  // seconds
};

struct QueueSettings {
    std::string account;
    bool is_dry_run = true;
    bool ignores_ledger = false;
    double max_age = 900;
    std::size_t max_queue = 100;
    double duplicate_window = 24 * 3600;
    double pause = 1;        // between two posts
    double rate_wait = 900;  // after "too fast" without a reset time
    std::vector<RateLimit> limits;
    std::string summary;     // text of the post for what was dropped, with {count}; empty: none
    std::string visibility;  // empty: public, or unlisted for more than ten posts an hour
    std::string language;
    LengthRule dry_rule;  // what a dry run fits to: it asks no server
};

// How the queue reaches the rest of the bot.
struct QueueHooks {
    // A client with the credentials as they are now. Throws a fedmsg_plugins::SecretFileError.
    std::function<std::unique_ptr<Service>()> open;
    std::function<fedmsg_plugins::FileStamp()> stamp;  // of the credentials file
    std::function<PictureCache::Result(const std::string& url, double now)> picture;
    std::function<std::optional<std::string>(const std::string& url)> shorten;  // null: links stay as they are
    std::function<void(const char* counter)> count;
    std::function<void(fedmsg_hub_level, const std::string&)> log;
    std::function<double()> chance;                                      // 0 to 1
    std::function<void(const char* step)> at_step = [](const char*) {};  // tests end the process here
    const fedmsg_hub_json* json = nullptr;
};

class AccountQueue {
public:
    AccountQueue(QueueSettings settings, QueueHooks hooks, fedmsg_plugins::Ledger& ledger, Store& store);

    enum class Admission { queued, known, skipped };
    // Takes what a route made of a message. Returns when it is in the ledger.
    Admission admit(const Event& event, const Route& route, const BuiltPost& built, double now);
    // An operator's own text.
    bool admit_text(const std::string& id, const std::string& text, double now);

    // After a start, before the first step: what an earlier process left inflight.
    void recover(double now);
    // Does what is due. When it wants to be called again.
    double step(double now);

    // Empty unless the account was stopped by a fault.
    const std::string& fault() const { return fault_; }
    bool is_open() const { return service_ != nullptr; }
    bool has_open_breaker() const { return failures_in_a_row_ >= 10; }
    std::size_t length();
    double oldest_age(double now);

private:
    using Row = fedmsg_plugins::DeliveryRow;
    using Key = fedmsg_plugins::DeliveryKey;
    struct LookUp {
        double due = 0;
        double since = 0;
        int tries = 0;
    };

    Key key_of(const std::string& id) const;
    bool is_near_duplicate(const std::string& id, const std::string& text, double now);
    Admission skip(const Key& key, const std::string& why, double now);
    void drop_old(std::vector<Row>& rows, double now);
    void leave_out(const Row& row, const std::string& why, double now);
    void sum_up(bool is_idle, double now);
    double ready_at(double now);
    bool is_stopped(double now);
    void stop(const std::string& why, double now);

    bool prepare(const Row& row, Payload& payload, double now);
    void shorten_link(const Row& row, Payload& payload, double now);
    bool prepare_picture(const Row& row, Payload& payload, double now);
    bool await_media(const Row& row, Payload& payload, double now);
    bool upload(const Row& row, Payload& payload, double now);
    bool without_picture(const Row& row, Payload& payload, const Verdict& verdict, double now);

    void send(const Row& row, Payload payload, double now);
    void show(const Row& row, const Payload& payload, double now);
    Post post_of(const Row& row, const Payload& payload, double now);
    void settle(const Row& row, Payload payload, const Verdict& verdict, double now);
    void settle_rate(const Row& row, const Verdict& verdict, double now);
    void settle_bad_text(const Row& row, Payload payload, const Verdict& verdict, double now);
    void settle_transient(const Row& row, const Verdict& verdict, double now);
    void settle_ambiguous(const Row& row, Payload payload, const std::string& why, double now);
    void succeed(const Key& key, const std::string& remote_id, const std::string& note, double now);
    void give_up(const Key& key, const std::string& why, double now);
    void look_up_due(double now);
    void look_up(const Key& key, LookUp& look_up, double now);
    double next_look_up() const;
    void take_over(double now, double touched_before);
    std::optional<Payload> payload_of(const Row& row, double now);
    void log(fedmsg_hub_level level, const Key& key, const std::string& what) const;

    QueueSettings settings_;
    QueueHooks hooks_;
    fedmsg_plugins::Ledger& ledger_;
    Store& store_;
    std::unique_ptr<Service> service_;
    fedmsg_plugins::Backoff backoff_;
    std::string fault_;
    double fault_time_ = 0;
    fedmsg_plugins::FileStamp fault_stamp_;
    int failures_in_a_row_ = 0;
    double last_failure_ = 0;
    double next_take_over_ = 0;
    std::map<std::string, LookUp> look_ups_;  // by msg_id
};

}  // namespace twitterbot
