#include "genacls/job_consumer.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iterator>
#include <utility>

#include "genacls/files.hpp"
#include "genacls/message_filter.hpp"
#include "support/child_process.hpp"

namespace genacls {
namespace {

using fedmsg_hub::Message;
using fedmsg_hub::Outcome;
using fedmsg_plugins::DeliveryState;
using fedmsg_plugins::Ledger;

constexpr double kRetention = 30.0 * 24 * 3600;

std::string id_of(const Message& message) {
    if (!message.msg_id().empty()) return std::string(message.msg_id());
    return sha256(std::string(message.topic()) + "\n" + message.root()["timestamp"].json() + "\n" +
                  message.root()["i"].json() + "\n" + message.msg().json());
}

}  // namespace

JobConsumer::JobConsumer() : random_(std::hash<std::string>()(name())) {}

void JobConsumer::set_up(JobOptions options) {
    job_ = std::move(options);
}

void JobConsumer::start() {
    is_stopping_ = false;
    debounce_ = Debounce({.delay = job_.delay});
    if (!job_.is_dry_run) read_ledger();
    const double age = seconds_now() - last_success();
    const bool is_old = job_.full_interval > 0 && age >= job_.full_interval;
    if (!waiting_.empty() || is_old || is_output_missing()) debounce_.demand(seconds_now());
    schedule_full_run(is_old ? job_.full_interval : job_.full_interval - std::max(0.0, age));
    arm();
}

void JobConsumer::stop() {
    is_stopping_ = true;
    if (worker_.joinable()) worker_.join();
    {
        const std::lock_guard lock(mutex_);
        if (result_ && result_->is_success && ledger_) {  // it ended, and nobody has taken note yet
            result_.reset();
            finish_batch();
        }
        result_.reset();
    }
    waiting_.clear(), running_.clear();
    waiting_promises_.clear(), running_promises_.clear();
    ledger_.reset();
}

void JobConsumer::read_ledger() {
    ledger_.emplace(directory() + "/ledger.sqlite", name());
    ledger_->forget(seconds_now() - kRetention);
    for (const auto& row : ledger_->in_state(DeliveryState::pending, name(), kMostInBatch))
        waiting_.push_back({row.key.msg_id, row.payload});
    if (!waiting_.empty()) log().info(waiting_.size(), " messages of before the start still need a run");
}

Outcome JobConsumer::consume(const Message& message) {
    count("received");
    const Judgement judgement = judge(message);
    if (!judgement.is_wanted) {
        count("skipped");
        return drop(judgement.text);
    }
    count("matched");
    const std::string id = id_of(message);
    if (!note_in_ledger(id, judgement)) {
        count("repeated");
        return ack();
    }
    at_step("noted");
    log().info(id, ": ", judgement.text);
    if (waiting_.size() < kMostInBatch) waiting_.push_back({id, judgement.payload});
    debounce_.message(seconds_now());
    arm();
    if (waiting_promises_.size() + running_promises_.size() >= kMostDeferred && ledger_) return ack();
    waiting_promises_.push_back(defer(message));
    return later();
}

// False if a run for this message has succeeded already.
bool JobConsumer::note_in_ledger(const std::string& msg_id, const Judgement& judgement) {
    if (!ledger_) return true;
    const fedmsg_plugins::DeliveryKey key{name(), msg_id, "run"};
    if (ledger_->reserve(key, judgement.payload, seconds_now()) || job_.ignores_ledger) return true;
    const auto row = ledger_->find(key);
    return !row || row->state != DeliveryState::done;
}

void JobConsumer::on_timer(std::uint64_t id) {
    if (id == kFinished) take_result();
    if (id == kFullInterval) {
        debounce_.demand(seconds_now());
        schedule_full_run(job_.full_interval);
    }
    try_to_begin();
    arm();
}

// Sees to it that on_timer is called when there is something to do.
void JobConsumer::arm() {
    gauge("queue_length", static_cast<double>(waiting_.size() + running_.size()));
    gauge("degraded", debounce_.failures() > 0 ? 1 : 0);
    if (const std::optional<double> deadline = debounce_.deadline()) {
        const double wait = std::max(0.0, *deadline - seconds_now());
        schedule(std::chrono::ceil<std::chrono::milliseconds>(std::chrono::duration<double>(wait)), kDeadline);
    }
}

void JobConsumer::schedule_full_run(double seconds) {
    if (job_.full_interval > 0)
        schedule(std::chrono::ceil<std::chrono::milliseconds>(std::chrono::duration<double>(seconds)), kFullInterval);
}

void JobConsumer::try_to_begin() {
    if (is_stopping_ || !debounce_.begin(seconds_now())) return;
    if (!bursts_.take(seconds_now())) {
        count("burst_alerts");
        log().error("more than 20 runs within an hour: does somebody flood the bus?");
    }
    if (worker_.joinable()) worker_.join();
    std::move(waiting_.begin(), waiting_.end(), std::back_inserter(running_));
    std::move(waiting_promises_.begin(), waiting_promises_.end(), std::back_inserter(running_promises_));
    waiting_.clear(), waiting_promises_.clear();
    count("runs");
    worker_ = std::thread([this, batch = running_, failures = debounce_.failures()] { work(batch, failures); });
}

// The worker thread. Nothing may leave it.
void JobConsumer::work(const BatchItems& batch, int failures) {
    JobResult result;
    try {
        result = perform(batch);
        at_step("performed");
        if (result.is_success && !job_.is_dry_run) note_success();
    } catch (const std::exception& error) {
        result = {.is_success = false, .is_cancelled = is_cancelled(), .text = error.what()};
    } catch (...) {
        result.text = "an unknown exception";
    }
    try {
        if (!result.is_success && !result.is_cancelled) alert(result.text, failures + 1);
        const std::lock_guard lock(mutex_);
        result_ = std::move(result);
        schedule(std::chrono::milliseconds(0), kFinished);
    } catch (const std::exception& error) {
        log().error("cannot hand over the result of a run: ", error);
    }
}

void JobConsumer::alert(const std::string& text, int failures) const {
    if (failures != job_.alert_after) return;
    count("alerts");
    const std::string line = name() + ": " + std::to_string(failures) + " runs in a row have failed: " + text;
    log().error("ALERT: ", line);
    if (job_.mail_command.empty()) return;
    fedmsg_plugins::ChildCommand command;
    command.arguments = job_.mail_command;
    command.input = "Subject: fedmsg-hub: " + name() + " is degraded\n\n" + line + "\n";
    const fedmsg_plugins::ChildResult sent = fedmsg_plugins::run_child(command);
    if (!sent.is_success()) log().error("the alert could not be mailed: ", sent.describe());
}

void JobConsumer::take_result() {
    std::optional<JobResult> result;
    {
        const std::lock_guard lock(mutex_);
        result.swap(result_);
    }
    if (!result) return;
    if (result->is_success) {
        try {
            finish_batch();
            debounce_.succeeded(seconds_now());
            gauge("last_success", seconds_now());
            return;
        } catch (const fedmsg_plugins::LedgerError& error) {  // the disk is full: the run is made again
            result->text = error.what();
        }
    }
    debounce_.failed(seconds_now(), std::uniform_real_distribution<double>(0, 1)(random_));
    count("failed_runs");
    if (!result->is_cancelled)
        log().error("run ", debounce_.failures(), " failed, ", running_.size(),
                    " messages wait for the next: ", result->text);
}

void JobConsumer::finish_batch() {
    if (ledger_) {
        fedmsg_plugins::Ledger::Transaction transaction(*ledger_);
        for (const BatchItem& item : running_) {
            const fedmsg_plugins::DeliveryKey key{name(), item.msg_id, "run"};
            ledger_->begin(key, seconds_now());
            ledger_->done(key, "", seconds_now());
        }
        transaction.commit();
        at_step("finished");
    }
    count("done", running_.size());
    for (fedmsg_hub::Later& promise : running_promises_) promise.ack();
    running_.clear(), running_promises_.clear();
}

double JobConsumer::last_success() const {
    return std::atof(read_file(Path(directory()) / "last-success", 64).value_or("0").c_str());
}

void JobConsumer::note_success() const {
    char text[32];
    std::snprintf(text, sizeof text, "%.0f\n", seconds_now());
    replace_file(Path(directory()) / "last-success", text);
}

std::size_t JobConsumer::pending_count() {
    if (ledger_) return ledger_->count(DeliveryState::pending, name());
    return Ledger(directory() + "/ledger.sqlite", name()).count(DeliveryState::pending, name());
}

void JobConsumer::explain(const Message& message, std::ostream& out) {
    const Judgement judgement = judge(message);
    out << (judgement.is_wanted ? "starts a run" : "starts no run") << ": " << judgement.text << "\n";
    if (judgement.is_wanted) out << "the run begins " << job_.delay << " s after the first message of its batch\n";
}

}  // namespace genacls
