#include "badges/badges.hpp"

#include <chrono>
#include <thread>

#include "badges/awards/outbox.hpp"
#include "badges/rules/any_json.hpp"
#include "badges/tools/periodic.hpp"
#include "badges/tools/tools.hpp"

using namespace std::chrono_literals;
using badges::DatabaseUnavailable;
using badges::Engine;
using badges::Envelope;
using fedmsg_hub::Batch;
using fedmsg_hub::Delivery;
using fedmsg_hub::Description;
using fedmsg_hub::Options;
using fedmsg_hub::Outcome;
using fedmsg_hub::Problems;

namespace {

enum Timer : std::uint64_t { kWork = 1, kTick = 2, kReload = 3 };

constexpr auto kTickPeriod = 5s;     // outbox (tools put messages there, too) and gauges
constexpr auto kShortestWait = 1s;   // between two looks at the work queue
constexpr auto kRetryStoring = 30s;  // when the history file cannot be written
constexpr auto kLongestStop = 5s;    // of one batch once the hub wants to stop
constexpr int kWorkAtOnce = 100;

}  // namespace

Description BadgesPlugin::describe() {
    Description description("badges", "Gives badges to people by rules on the messages of the bus");
    description.topics({"*"})
        .config_key("fedmsg.consumers.badges.enabled")
        .key_prefixes({"badges", "badges_global"})
        .publishes()
        .validate_signatures(true);
    badges::declare_options(description);
    return description;
}

void BadgesPlugin::validate(const Options& options, Problems& problems) {
    badges::validate_options(options, problems);
}

badges::Hooks BadgesPlugin::hooks() {
    badges::Hooks hooks;
    hooks.now = [this] { return now(); };
    hooks.count = [this](std::string_view counter) { count(counter); };
    hooks.info = [this](const std::string& line) { log().info(line); };
    hooks.alert = [this](const std::string& line) { log().error(line); };
    return hooks;
}

std::unique_ptr<Engine> BadgesPlugin::make_engine(const std::function<badges::Settings(badges::Settings)>& change) {
    return std::make_unique<Engine>(change(badges::Settings::from(options())), directory(), hooks(),
                                    [this](const char* step) { at_step(step); });
}

void BadgesPlugin::start() {
    engine_ = make_engine();
    engine_->open_history();
    reload();
    bring_up_awards();
    schedule_work();
    schedule(kTickPeriod, kTick);
}

void BadgesPlugin::stop() {
    engine_.reset();
}

// ---- Messages

void BadgesPlugin::consume_batch(Batch& batch) {
    count("received", batch.size());
    legacy_sleep(batch.size());
    wait_for_awards();
    std::vector<Job> jobs;
    try {
        jobs = noted(batch);
    } catch (const DatabaseUnavailable& error) {
        engine_->history.taken_back();
        log().error("the history cannot be written, the messages come again: ", error);
        for (Delivery& delivery : batch)
            if (!delivery.is_finished()) delivery.finish(Outcome::retry_after(kRetryStoring, error.what()));
        return;
    }
    at_step("stored");
    judge(jobs);
    if (!jobs.empty()) send();
}

// Nothing: the delivery is finished, or no rule is about its topic. That is asked before an Envelope is made of it:
// most messages of a bus end there.
std::optional<Envelope> BadgesPlugin::accepted(Delivery& delivery) const {
    const double age = engine_->seconds_now() - delivery.message().timestamp();
    const bool is_old = delivery.message().timestamp() > 0 && age > engine_->settings.max_age;
    if (is_old && !engine_->settings.ignore_ledger) {
        count("dropped_old");
        delivery.finish(Outcome::drop("older than badges.max_age"));
        return std::nullopt;
    }
    const fedmsg_hub::Value topic = delivery.message().root()["topic"];
    if (!engine_->rules->concerns(topic.is_string() ? topic.text() : "")) {
        count("unmatched");
        return std::nullopt;
    }
    try {
        return Envelope::from(delivery.message());
    } catch (const badges::EvaluationError& error) {
        count("dropped_malformed");
        delivery.finish(Outcome::drop(error.what()));
        return std::nullopt;
    }
}

// Writes what the batch holds into the history and the work queue. The messages that a rule may want.
std::vector<BadgesPlugin::Job> BadgesPlugin::noted(Batch& batch) {
    std::vector<Envelope> wanted;
    for (Delivery& delivery : batch)
        if (auto message = accepted(delivery)) wanted.push_back(std::move(*message));
    std::vector<Job> jobs;
    if (wanted.empty()) return jobs;
    engine_->history_database.write([&](soci::session&) {
        jobs.clear();
        long long last = engine_->history.last_number();
        for (const Envelope& message : wanted) {
            if (engine_->rules->selects(message)) last = std::max(last, engine_->history.store(message));
            if (engine_->rules->candidates(message).empty()) continue;
            badges::Work work;
            work.msg_id = message.msg_id();
            work.body = badges::canonical_json(message.root());
            work.horizon = last;
            work.created = engine_->seconds_now();
            engine_->work.add(work);
            jobs.push_back({message, work});
        }
    });
    return jobs;
}

// What is not judged here stays in the work queue. A hub that stops lets a consumer finish what waits for it, within
// limits: so does this.
void BadgesPlugin::judge(const std::vector<Job>& jobs) {
    std::vector<std::string> done;
    const auto end_if_stopping = std::chrono::steady_clock::now() + kLongestStop;
    try {
        for (const Job& job : jobs) {
            const bool is_late = stop_requested() && std::chrono::steady_clock::now() > end_if_stopping;
            if (is_late || !are_awards_up_) break;
            if (judge_one(job)) done.push_back(job.work.msg_id);
        }
    } catch (const DatabaseUnavailable& error) {
        awards_are_down(error.what());
    }
    at_step("judged");
    try {
        engine_->work.done(done);
    } catch (const DatabaseUnavailable& error) {
        log().error("judged messages will be judged again, which does no harm: ", error);
    }
    at_step("done");
    schedule_work();
}

// False if the message has to come again.
bool BadgesPlugin::judge_one(const Job& job) {
    badges::Judgement judgement;
    try {
        judgement = engine_->awarder.judge(*engine_->rules, job.message, job.work.horizon);
    } catch (const DatabaseUnavailable&) {
        throw;
    } catch (const std::exception& error) {
        count("errors");
        judgement.park_reason = error.what();
    }
    if (!judgement.park_reason.empty()) {
        count("parked_messages");
        log().warning("message ", job.work.msg_id, " waits: ", judgement.park_reason);
        if (!engine_->work.park(job.work, judgement.park_reason, engine_->seconds_now())) {
            count("dead");
            log().error("message ", job.work.msg_id, " is given up: ", judgement.park_reason,
                        "; `fedmsg-badges parked --retry` tries it again");
        }
        return false;
    }
    if (judgement.not_before) {
        engine_->work.postpone(job.work, "badges.max_awards_per_hour", *judgement.not_before);
        return false;
    }
    count("judged");
    return true;
}

// ---- The awards database

void BadgesPlugin::wait_for_awards() {
    if (are_awards_up_) return;
    sleep_while(engine_->settings.database_wait, [this] { return !bring_up_awards(); });
}

bool BadgesPlugin::bring_up_awards() {
    try {
        engine_->set_up_awards();
        if (!are_awards_up_) log().info("the awards database is back");
        are_awards_up_ = true;
    } catch (const DatabaseUnavailable& error) {
        awards_are_down(error.what());
    }
    gauge("awards_database_up", are_awards_up_ ? 1 : 0);
    return are_awards_up_;
}

void BadgesPlugin::awards_are_down(const std::string& why) {
    if (are_awards_up_) log().error("the awards database is down; messages wait until it is back: ", why);
    are_awards_up_ = false;
    engine_->awards_are_down();
    gauge("awards_database_up", 0);
}

// Blocks the lane in short steps for at most `time`, and no longer than the hub or `wanted` lets it.
void BadgesPlugin::sleep_while(std::chrono::milliseconds time, const std::function<bool()>& wanted) const {
    const auto end = std::chrono::steady_clock::now() + time;
    while (!stop_requested() && wanted() && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(50ms);
}

void BadgesPlugin::legacy_sleep(std::size_t messages) const {
    if (engine_->settings.legacy_sleep == 0ms || static_cast<int>(messages) >= engine_->settings.delay_limit) return;
    sleep_while(engine_->settings.legacy_sleep, [] { return true; });
}

// ---- Timers

void BadgesPlugin::on_timer(std::uint64_t id) {
    if (id == kWork) return take_up_work();
    if (id == kReload) return reload();
    schedule(kTickPeriod, kTick);
    if (are_awards_up_ || bring_up_awards()) schedule_work();
    send();
    show_gauges();
}

void BadgesPlugin::take_up_work() {
    if (!are_awards_up_ && !bring_up_awards()) return;  // kTick looks after it
    std::vector<Job> jobs;
    for (badges::Work& work : engine_->work.due(engine_->seconds_now(), kWorkAtOnce))
        jobs.push_back({Envelope::from_json(work.body), work});
    judge(jobs);
    send();
}

void BadgesPlugin::schedule_work() {
    const auto next = engine_->work.next_due();
    if (!next || !are_awards_up_) return;
    const auto wait = std::chrono::duration<double>(*next - engine_->seconds_now());
    schedule(std::max<std::chrono::milliseconds>(std::chrono::ceil<std::chrono::milliseconds>(wait), kShortestWait),
             kWork);
}

void BadgesPlugin::send() {
    if (engine_->settings.dry_run || !are_awards_up_ || now() < next_publish_) return;
    try {
        const int sent = badges::send_outbox(
            engine_->awards_database,
            [this](const badges::OutgoingMessage& message) {
                publish(message.topic, fedmsg_hub::Json::from_text(message.body), message.msg_id);
                at_step("published");
            },
            now());
        if (sent > 0) count("published", static_cast<std::uint64_t>(sent));
    } catch (const DatabaseUnavailable& error) {
        awards_are_down(error.what());
    } catch (const fedmsg_hub::HostError& error) {
        count("publish_failures");
        next_publish_ = now() + kTickPeriod;  // without a peer each attempt blocks for a while
        log().warning("outgoing messages wait: ", error);
    }
    at_step("sent");
}

void BadgesPlugin::reload() {
    schedule(engine_->settings.reload_interval, kReload);
    if (engine_->load_rules()) {
        for (const badges::RuleProblem& problem : engine_->rules->problems())
            if (problem.severity == badges::Severity::error) log().error("rule ", problem.text());
        log().info("rules in force: ", engine_->rules->rules().size());
        count("reloads");
    }
    const bool is_up = bring_up_awards();
    show_gauges();
    if (!is_up) return;
    try {
        engine_->awards.repair_ranks();
        badges::prune_outbox(engine_->awards_database, now() - std::chrono::hours(24 * 30));
        badges::award_group_badges(*engine_);
    } catch (const DatabaseUnavailable& error) {
        awards_are_down(error.what());
    } catch (const badges::DirectoryUnreachable& error) {
        log().warning("group badges wait: ", error);
    }
}

void BadgesPlugin::show_gauges() {
    const badges::RuleSet& rules = *engine_->rules;
    gauge("rules", static_cast<double>(rules.rules().size()));
    gauge("rules_degraded", rules.has_errors() || !rules.kept_files().empty() ? 1 : 0);
    gauge("rules_suspended", engine_->awarder.health().suspended());
    gauge("parked", static_cast<double>(engine_->work.waiting()));
    const auto oldest = engine_->work.oldest();
    gauge("oldest_parked_seconds", oldest ? engine_->seconds_now() - *oldest : 0);
    if (are_awards_up_) gauge("outbox", static_cast<double>(badges::waiting_messages(engine_->awards_database)));
}

// ---- Operator modes: on an instance that was not started

void BadgesPlugin::check(Problems& problems) {
    badges::check_all(*make_engine(), problems);
}

void BadgesPlugin::explain(const fedmsg_hub::Message& message, std::ostream& out) {
    const auto engine = make_engine();
    engine->open_history();
    engine->load_rules();
    engine->set_up_awards();
    const Envelope envelope = Envelope::from(message);
    out << engine->awarder.explain(engine->rules->candidates(envelope), envelope);
}

int BadgesPlugin::command(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& error) {
    return badges::run_tool([this](const auto& change) { return make_engine(change); }, arguments, out, error);
}

FEDMSG_HUB_CONSUMER(BadgesPlugin)
