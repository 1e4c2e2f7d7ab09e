#include "daemon/plugin_run/plugin_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <iostream>
#include <thread>

#include "bus/base/directory.hpp"
#include "bus/json/writer.hpp"
#include "daemon/app/outward.hpp"
#include "daemon/dispatch/committer.hpp"
#include "daemon/dispatch/router.hpp"

namespace fedmsg::hub {
namespace {

// A path has a slash or the ending; everything else is the name of a consumer.
bool is_path(const std::string& plugin) {
    return plugin.find('/') != std::string::npos || plugin.ends_with(".so");
}

std::chrono::milliseconds seconds_from(const std::string& text) {
    double seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc() || end != text.data() + text.size() || !(seconds >= 0 && seconds <= 86400))
        throw cli::Failure(fmt::format("argument --keep-running: '{}' is no number of seconds up to 86400", text), 2);
    return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

void print_out(std::string_view text) {
    std::cout << text << std::flush;
}
void print_error(std::string_view text) {
    std::cerr << text << std::flush;
}

}  // namespace

PluginRun::PluginRun(cli::Invocation& invocation, std::string plugin, std::vector<std::string> command)
    : invocation_(invocation), plugin_(std::move(plugin)), command_(std::move(command)), context_(1) {
    if (plugin_.empty()) throw cli::Failure("no plugin given: the name of a consumer, or the path of a .so file", 2);
    const std::string instance = invocation_.last("--instance").value_or("");
    settings_ = settings_from(invocation_.configuration, Role::hub, instance);
    load();
    plan(choose());
}

PluginRun::~PluginRun() = default;

void PluginRun::load() {
    Prober prober(
        {.program = default_probe_program(), .configuration = json::canonical(invocation_.configuration.root())});
    const auto directories = is_path(plugin_) ? std::vector<PluginDirectory>{{plugin_, false}}
                                              : plugin_directories(invocation_.configuration);
    catalog_ = Catalog::load(directories, Trust::own_user_too, prober, invocation_.configuration);
    auto problems = catalog_.problems();
    for (auto& problem : catalog_.declare(invocation_.schema)) problems.push_back(std::move(problem));
    for (const auto& problem : problems) cli::print_warning(invocation_.program, problem.text());
    std::vector<config::Problem> wrong;
    config::apply_schema(invocation_.configuration, invocation_.schema, wrong);
    if (!wrong.empty()) throw config::ConfigError(wrong);
}

ConsumerDeclarationPtr PluginRun::choose() const {
    const auto wanted = invocation_.last("--consumer").value_or(is_path(plugin_) ? "" : plugin_);
    const auto& consumers = catalog_.consumers();
    if (wanted.empty() && consumers.size() == 1) return consumers.front();
    if (auto found = catalog_.find(wanted)) return found;
    std::string names;
    for (const auto& consumer : consumers) names += (names.empty() ? "" : ", ") + consumer->name;
    if (wanted.empty() && !consumers.empty())
        throw cli::Failure(fmt::format("{} has several consumers: choose one with --consumer ({})", plugin_, names), 2);
    throw cli::Failure(fmt::format("there is no consumer '{}'; found: {}", wanted.empty() ? plugin_ : wanted,
                                   names.empty() ? "none (see plugin_dirs)" : names));
}

void PluginRun::plan(const ConsumerDeclarationPtr& declaration) {
    const auto prefix = declaration->key_prefixes.empty() ? declaration->name : declaration->key_prefixes.front();
    planned_.declaration = declaration;
    switch_on("--force", prefix + ".ignore_ledger");
    switch_on("--dry-run", prefix + ".dry_run");
    std::vector<config::Problem> problems;
    settings_.instance.clear();
    planned_ = plan_by_hand(declaration, settings_, invocation_.configuration, problems);
    if (!problems.empty()) throw config::ConfigError(problems);
}

// A flag of ours is an option of the plugin's; one that it does not have cannot be promised.
void PluginRun::switch_on(const char* flag, const std::string& option) {
    if (!invocation_.has(flag)) return;
    const auto& options = planned_.declaration->options;
    if (std::none_of(options.begin(), options.end(), [&](const auto& known) { return known.name == option; }))
        throw cli::Failure(fmt::format("{}: the plugin {} has no option {}, so this is not possible with it", flag,
                                       planned_.declaration->name, option));
    invocation_.configuration.set(option, json::Value(true), {"the command line", 0});
}

void PluginRun::create() {
    const auto state = settings_.state_directory + "/state";
    for (const auto& directory : {settings_.state_directory, state})
        if (auto made = make_directory(directory); !made)
            throw cli::Failure(made.error().text + "; run this as the hub's user, or give another state_dir");
    const Lane::Shared shared{clock_, journal_, budget_, publisher_.get(), state};
    lane_ = std::make_shared<Lane>(planned_.lane, shared);
    auto consumer = PluginConsumer::create(planned_.declaration, planned_.options, lane_->host(),
                                           {.graveyard = graveyard_, .keep_alive = lane_});
    if (!consumer) throw cli::Failure(fmt::format("{}: {}", planned_.name(), consumer.error().text));
    consumer_ = std::move(*consumer);
}

std::string PluginRun::hint() const {
    return fmt::format("nothing to do: give a command of the plugin{}, or --check, --explain FILE, --replay FILE",
                       consumer_->has_command() ? fmt::format(" (try: {} help)", plugin_) : "");
}

int PluginRun::run() {
    const auto replayed = invocation_.last("--replay");
    if (replayed) return replay(*replayed);
    create();
    if (invocation_.has("--check")) return check();
    if (const auto file = invocation_.last("--explain")) return explain(*file);
    if (command_.empty()) throw cli::Failure(hint(), 2);
    return command();
}

int PluginRun::check() {
    if (!consumer_->has_check()) {
        fmt::print("{}: the options are good; the plugin has no check of its own\n", planned_.name());
        return 0;
    }
    const bool is_good = consumer_->check(
        [&](std::string_view problem) { print_error(fmt::format("{}: {}\n", planned_.name(), problem)); });
    if (is_good) fmt::print("{}: good\n", planned_.name());
    return is_good ? 0 : 1;
}

int PluginRun::explain(const std::string& file) {
    if (!consumer_->has_explain())
        throw cli::Failure(fmt::format("the plugin {} cannot explain: it has no such function", planned_.name()));
    MessageFile messages(file);
    int code = 0;
    while (auto message = messages.next(gate_)) {
        if (const Status status = consumer_->explain(*message, print_out); !status) {
            print_error(fmt::format("{}: {}\n", planned_.name(), status.error().text));
            code = 1;
        }
    }
    return messages.refused() > 0 ? 1 : code;
}

int PluginRun::command() {
    if (!consumer_->has_command())
        throw cli::Failure(
            fmt::format("the plugin {} has no commands, so not '{}'", planned_.name(), command_.front()));
    return consumer_->command(command_, print_out, print_error);
}

int PluginRun::replay(const std::string& file) {
    const auto time = seconds_from(invocation_.last("--keep-running").value_or("0"));
    MessageFile messages(file);
    const cli::StopSignal stop([] {});  // an interrupt ends the reading; what was handed over is finished
    if (publishes(planned_) && outward_way(invocation_.configuration))
        publisher_ = open_hub_publisher(context_, invocation_.configuration, settings_, clock_);
    create();
    lane_->attach(std::move(consumer_));
    if (const Status status = lane_->start(journal_.end()); !status)
        throw cli::Failure(fmt::format("{}: start: {}", planned_.name(), status.error().text));
    feed(messages, stop);
    linger(time, stop);
    lane_->drain();
    while (!lane_->join(std::chrono::hours(1))) continue;
    return report(messages);
}

void PluginRun::feed(MessageFile& messages, const cli::StopSignal& stop) {
    Router router({lane_.get()});
    Committer committer(journal_, router);
    for (auto message = messages.next(gate_); message && !stop.requested(); message = messages.next(gate_)) {
        while (lane_->is_lagging() || lane_->backlog() >= planned_.lane.window_messages / 2)
            std::this_thread::sleep_for(
                std::chrono::milliseconds(1));  // the ring would forget what the lane has not had
        committer.commit({&message, 1});
    }
}

void PluginRun::linger(std::chrono::milliseconds time, const cli::StopSignal& stop) const {
    const auto end = clock_.steady() + time;
    while (clock_.steady() < end && !stop.requested()) std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

int PluginRun::report(const MessageFile& messages) const {
    const auto& counters = lane_->counters();
    const auto failed = counters.failed_for_good.load();
    const auto finished = counters.acked.load() + counters.dropped.load() + failed;
    print_error(
        fmt::format("{}: {} messages read, {} for this consumer: {} done, {} dropped, {} failed; {} lines "
                    "were no messages\n",
                    planned_.name(), messages.read(), counters.received.load(), counters.acked.load(),
                    counters.dropped.load(), failed, messages.refused()));
    return failed > 0 || finished < counters.received.load() || messages.refused() > 0 ? 1 : 0;
}

}  // namespace fedmsg::hub
