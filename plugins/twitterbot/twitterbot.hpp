// The twitterbot plugin: selected messages become posts on X, Mastodon and compatible services. README.md is the
// manual, consumers/twitterbot.md the specification.
//
// consume() filters, makes the text, and returns when the post stands in the ledger; a timer sends, one post at a time
// for each account, in bounded steps. All in the lane thread.
#pragma once

#include <fedmsg_hub/plugin.hpp>

#include <iosfwd>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "support/http_client.hpp"
#include "support/ledger.hpp"
#include "twitterbot/queue/account_queue.hpp"
#include "twitterbot/queue/store.hpp"
#include "twitterbot/service/picture.hpp"
#include "twitterbot/settings.hpp"

namespace twitterbot {

class Twitterbot : public fedmsg_hub::Consumer {
public:
    static fedmsg_hub::Description describe();
    static void validate(const fedmsg_hub::Options& options, fedmsg_hub::Problems& problems);

    Twitterbot();
    void start();
    fedmsg_hub::Outcome consume(const fedmsg_hub::Message& message);
    void on_timer(std::uint64_t id);
    void stop();

    void check(fedmsg_hub::Problems& problems);
    void explain(const fedmsg_hub::Message& message, std::ostream& out);
    int command(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& error);

private:
    // An account at work.
    struct Worker {
        const AccountSettings* settings;
        std::unique_ptr<AccountQueue> queue;
    };
    using Words = std::vector<std::string>;

    double seconds() const;
    bool is_dry_run() const { return options().boolean("twitterbot.dry_run"); }
    void open();
    void close();
    QueueHooks hooks_for(const AccountSettings& account);
    std::unique_ptr<Service> client_for(const AccountSettings& account);
    Credentials credentials_of(const AccountSettings& account, bool may_lack_tokens = false) const;
    Surroundings surroundings();
    std::optional<std::string> shortened(const std::string& url);
    std::string random_text(std::size_t bytes);
    void show_state(double now);

    int check_command(std::ostream& out);
    int post_command(Words words, std::ostream& out, std::ostream& error);
    int pending_command(const Words& words, std::ostream& out);
    int retry_command(const Words& words, std::ostream& out, std::ostream& error);
    int resume_command(const Words& words, std::ostream& out, std::ostream& error);
    int authorize_command(const Words& words, std::ostream& out, std::ostream& error);
    int text_command(const Words& words, std::ostream& out, std::ostream& error);
    void show_texts(const Event& event, std::ostream& out) const;
    bool revive(const fedmsg_plugins::DeliveryRow& row);
    const AccountSettings* find_account(const std::string& name) const;

    std::vector<AccountSettings> accounts_;
    std::mt19937_64 random_;
    fedmsg_plugins::HttpClient services_;  // to configured addresses
    fedmsg_plugins::HttpClient foreign_;   // to addresses from messages
    PictureCache pictures_;
    // Open between start and stop, and during commands.
    std::unique_ptr<fedmsg_plugins::Ledger> ledger_;
    std::unique_ptr<Store> store_;
    std::vector<Worker> workers_;
    double next_cleaning_ = 0;
};

}  // namespace twitterbot
