#include "daemon/app/app.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "bus/base/directory.hpp"
#include "bus/config/loader.hpp"
#include "bus/json/writer.hpp"
#include "bus/log/log.hpp"
#include "daemon/app/outward.hpp"
#include "daemon/app/service_manager.hpp"
#include "daemon/journal/ring_journal.hpp"
#include "daemon/plugin/plugin_consumer.hpp"
#include "daemon/roles/gateway.hpp"
#include "daemon/roles/relay.hpp"
#include "fedmsg_version.hpp"

namespace fedmsg::hub {
namespace {

constexpr log::Logger kLog{"moksha.hub"};
constexpr log::Logger kMonitoringLog{"moksha.hub.monitoring"};
constexpr std::chrono::seconds kMonitoringPeriod{5};
constexpr std::chrono::seconds kSupervisionPeriod{1};
constexpr rlim_t kOpenFiles = 4096;

}  // namespace

struct App::Step {
    const char* name;
    void (App::*up)();
    void (App::*down)();  // null: nothing to take down
};

// Up from the first to the last, down from the last to the first.
const std::vector<App::Step>& App::steps() {
    static const std::vector<Step> kSteps{
        {"settings", &App::make_settings, nullptr},
        {"limits", &App::raise_limits, nullptr},
        {"plugins", &App::load_plugins, nullptr},
        {"plan", &App::plan_consumers, nullptr},
        {"state", &App::lock_state, nullptr},
        {"journal", &App::open_journal, nullptr},
        {"publisher", &App::open_publisher, &App::close_publisher},
        {"consumers", &App::start_consumers, &App::stop_consumers},
        {"source", &App::start_source, &App::stop_source},
        {"monitoring", &App::start_monitoring, &App::stop_monitoring},
    };
    return kSteps;
}

App::App(Input input, const Clock& clock) : input_(std::move(input)), clock_(clock) {}
App::~App() = default;

int App::run() {
    kLog.info("HUB_STARTING", "Loading the Moksha Hub");
    control_.watch_signals([] {
        kLog.warning("RELOAD_NOT_BUILT",
                     "SIGHUP: reloading is not part of this version; restart to use a new configuration");
    });
    try {
        start();
    } catch (...) {
        take_down();
        throw;
    }
    kLog.info("HUB_RUNNING", "Running the MokshaHub reactor");
    service_manager::ready(snapshot().summary());
    control_.run();
    service_manager::stopping("draining");
    kLog.info("HUB_STOPPING", "Stopping: no more messages are taken in, consumers finish what they have");
    take_down();
    kLog.info("HUB_STOPPED", "Stopped");
    if (graveyard_.unfinished() > 0) leave(exit_code_);
    return exit_code_;
}

// The end where a plugin still holds a thread of ours: nothing it may touch can be destroyed.
void App::leave(int exit_code) {
    log::flush();
    ::_exit(exit_code);
}

void App::start() {
    for (const auto& step : steps()) {
        try {
            (this->*step.up)();
        } catch (const config::ConfigError&) {
            throw;
        } catch (const std::exception& error) {
            throw std::runtime_error(fmt::format("start-up step \"{}\": {}", step.name, error.what()));
        }
        ++steps_done_;
    }
}

void App::take_down() {
    while (steps_done_ > 0) {
        const auto& step = steps()[--steps_done_];
        if (step.down != nullptr) (this->*step.down)();
    }
}

// ---- the steps -----------------------------------------------------------------------------------------------------

void App::make_settings() {
    settings_ = settings_from(input_.configuration, input_.role, input_.instance);
    for (const auto& warning : input_.warnings)
        kLog.warning("CONFIG_WARNING", fmt::format("{}: {}", warning.origin.text(), warning.text));
}

// The soft limit of open files is raised, never lowered; more than the hard limit needs the operator.
void App::raise_limits() {
    struct rlimit limit {};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < kOpenFiles && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = std::min(kOpenFiles, limit.rlim_max);
        if (::setrlimit(RLIMIT_NOFILE, &limit) == 0)
            kLog.info("OPEN_FILES_RAISED",
                      fmt::format("RLIMIT_NOFILE is set to ({}, {})", limit.rlim_cur, limit.rlim_max));
    }
    if (auto status = ensure_descriptor_budget(settings_.addresses.size()); !status)
        throw config::ConfigError({{input_.configuration.origin("endpoints"), status.error().text}});
}

void App::load_plugins() {
    if (settings_.role != Role::hub) return;
    const Trust trust = service_manager::runs_as_service() ? Trust::root_only : Trust::own_user_too;
    Prober prober({.program = default_probe_program(), .configuration = json::canonical(input_.configuration.root())});
    catalog_ = Catalog::load(plugin_directories(input_.configuration), trust, prober, input_.configuration);
    for (const auto& problem : catalog_.problems()) tell_plugin_problem(problem);
}

void App::plan_consumers() {
    std::vector<config::Problem> problems;
    declare_plugin_keys(problems);
    for (const auto& declaration : catalog_.consumers())
        planned_.push_back(plan_consumer(declaration, settings_, input_.configuration, input_.only, problems));
    if (settings_.role != Role::hub) planned_.push_back(plan_role_consumer(settings_, input_.configuration));
    if (!problems.empty()) throw config::ConfigError(problems);
    refuse_if_strict();
}

void App::lock_state() {
    for (const auto& directory :
         {settings_.state_directory, settings_.state_directory + "/state", settings_.runtime_directory})
        if (auto status = make_directory(directory); !status) throw std::runtime_error(status.error().text);
    auto lock = StateLock::take(settings_.state_directory);
    if (!lock) throw std::runtime_error(lock.error().text);
    lock_.emplace(std::move(*lock));
}

void App::open_journal() {
    context_ = std::make_unique<zmq::context_t>(settings_.io_threads);
    pool_ = std::make_unique<MessagePool>();
    gate_ = std::make_unique<Gate>(*pool_, clock_);
    journal_ = std::make_unique<RingJournal>();
    budget_ = std::make_unique<WindowBudget>();
}

// Only if a consumer that is to run publishes. plan_consumers has checked that there is a way to.
void App::open_publisher() {
    if (std::any_of(planned_.begin(), planned_.end(), publishes))
        publisher_ = open_hub_publisher(*context_, input_.configuration, settings_, clock_);
}

void App::close_publisher() {
    publisher_.reset();
}

void App::start_consumers() {
    kLog.info("CONSUMERS_LOADING", "Loading Consumers");
    roster_ = std::make_unique<Roster>(std::move(planned_));
    const Lane::Shared shared{clock_, *journal_, *budget_, publisher_.get(), settings_.state_directory + "/state"};
    roster_->start(shared, [this](const PlannedConsumer& planned, const std::shared_ptr<Lane>& lane) {
        return make_consumer(planned, lane);
    });
    const auto failures = roster_->failures();
    if (!failures.empty() && (settings_.strict_plugins || settings_.role != Role::hub))
        throw std::runtime_error(failures.front());
    router_ = std::make_unique<Router>(roster_->lanes());
    committer_ = std::make_unique<Committer>(*journal_, *router_);
}

void App::stop_consumers() {
    if (!roster_) return;
    const auto stuck = roster_->stop(settings_.stop_timeout);
    if (stuck.empty()) return;
    for (const auto& name : stuck)
        kLog.error("CONSUMER_STUCK",
                   fmt::format("{}: has not come back within the stop_timeout of {} ms; it is abandoned", name,
                               settings_.stop_timeout.count()));
    leave(kFailed);
}

void App::start_source() {
    auto subscriber = std::make_unique<Subscriber>(*context_, Subscriber::Options{.socket = settings_.socket});
    subscriber->set_subscriptions(roster_->subscriptions());
    const bool binds = facts_of(settings_.role).binds_inbound;
    for (const auto& address : settings_.addresses)
        if (auto status = binds ? subscriber->bind(address) : subscriber->connect(address); !status)
            throw std::runtime_error(fmt::format("{}: {}", address, status.error().text));
    source_ = std::make_unique<Source>(std::move(subscriber), *gate_, *committer_, [this](const std::string& why) {
        kLog.error("SOURCE_DIED", fmt::format("receiving has ended: {}; the hub stops, to be started anew", why));
        exit_code_ = kFailed;
        stop();
    });
    source_->start();
}

void App::stop_source() {
    source_->stop();
}

void App::start_monitoring() {
    control_.every(kSupervisionPeriod, [this] { supervise(); });
    control_.every(kMonitoringPeriod, [this] { report_once(); });
    if (settings_.monitoring_address.empty()) {
        kMonitoringLog.info("MONITORING_OFF", "No 'moksha.monitoring.socket' defined.  Monitoring disabled.");
        return;
    }
    kMonitoringLog.info("MONITORING_ON",
                        fmt::format("Establishing monitor sock at '{}'", settings_.monitoring_address));
    auto socket = MonitoringSocket::bind(*context_, settings_.monitoring_address, settings_.monitoring_mode);
    if (!socket) throw std::runtime_error(socket.error().text);
    monitoring_.emplace(std::move(*socket));
    report_ =
        std::make_unique<MonitoringReport>(std::chrono::duration<double>(kMonitoringPeriod).count(),
                                           [this](const std::string& consumer) { return roster_->times_of(consumer); });
}

void App::stop_monitoring() {
    monitoring_.reset();
}

// ---- helpers -------------------------------------------------------------------------------------------------------

void App::supervise() {
    roster_->watch_for_stalls();
    for (const auto& endpoint : troubles_.fresh(source_->endpoints()))
        kLog.warning("ENDPOINT_TROUBLE", fmt::format("{}: {}; it is tried again", endpoint.address, endpoint.error),
                     {{"ENDPOINT", endpoint.address}});
}

void App::report_once() {
    const auto now = snapshot();
    const auto status = now.summary();
    if (status != last_status_) service_manager::status(status);
    last_status_ = status;
    if (!monitoring_) return;
    const std::chrono::duration<double> since_epoch = clock_.wall().time_since_epoch();
    monitoring_->send(report_->next(now, since_epoch.count()));
}

Result<std::unique_ptr<Consumer>> App::make_consumer(const PlannedConsumer& planned,
                                                     const std::shared_ptr<Lane>& lane) {
    if (!planned.declaration) return make_role_consumer(lane->host());
    auto consumer = PluginConsumer::create(planned.declaration, planned.options, lane->host(),
                                           {.graveyard = graveyard_, .keep_alive = lane});
    if (!consumer) return consumer.error();
    return std::unique_ptr<Consumer>(std::move(*consumer));
}

Result<std::unique_ptr<Consumer>> App::make_role_consumer(HostServices& host) {
    const auto& configuration = input_.configuration;
    if (settings_.role == Role::relay) {
        auto publisher = bind_relay(*context_, configuration, settings_);
        if (!publisher) return publisher.error();
        return std::unique_ptr<Consumer>(std::make_unique<RelayConsumer>(std::move(*publisher), host));
    }
    auto publisher = bind_gateway(*context_, configuration, settings_);
    if (!publisher) return publisher.error();
    return std::unique_ptr<Consumer>(std::make_unique<GatewayConsumer>(std::move(*publisher), host));
}

void App::declare_plugin_keys(std::vector<config::Problem>& problems) {
    if (settings_.role != Role::hub) return;
    for (const auto& problem : catalog_.declare(input_.schema)) tell_plugin_problem(problem);
    config::apply_schema(input_.configuration, input_.schema, problems);
    look_at_unknown_keys(problems);
}

// A key that nobody declares may be another program's; one that is nearly a declared key is worth a word.
void App::look_at_unknown_keys(std::vector<config::Problem>& problems) const {
    for (const auto& unknown : config::unknown_keys(input_.configuration, input_.schema)) {
        if (input_.strict)
            problems.push_back({unknown.origin, unknown.text()});
        else if (!unknown.near.empty())
            kLog.warning("CONFIG_WARNING", fmt::format("{}: {}", unknown.origin.text(), unknown.text()));
        else
            kLog.debug("CONFIG_UNKNOWN_KEY", fmt::format("{}: {}", unknown.origin.text(), unknown.text()));
    }
}

void App::tell_plugin_problem(const PluginProblem& problem) {
    kLog.error("PLUGIN_REFUSED", problem.text(), {{"PLUGIN", problem.file}});
    plugin_problems_.push_back(problem);
}

void App::refuse_if_strict() const {
    if (!settings_.strict_plugins) return;
    std::vector<config::Problem> problems;
    for (const auto& problem : plugin_problems_) problems.push_back({{problem.file, 0}, problem.text()});
    for (const auto& planned : planned_)
        if (planned.decision == PlannedConsumer::Decision::failed)
            problems.push_back({{planned.lane.module, 0}, fmt::format("{}: {}", planned.name(), planned.reason)});
    if (!problems.empty()) throw config::ConfigError(problems);
}

Snapshot App::snapshot() const {
    Snapshot snapshot;
    snapshot.id = settings_.id;
    snapshot.version = FEDMSG_HUB_VERSION;
    if (committer_) snapshot.committed = committer_->committed();
    const auto counts = gate_->counts();
    for (std::size_t i = 0; i < kRefusals; ++i)
        snapshot.refused[std::string(name_of(static_cast<Refusal>(i)))] = counts.refused[i];
    if (source_) snapshot.endpoints = source_->endpoints();
    if (roster_) snapshot.consumers = roster_->snapshots();
    for (const auto& problem : plugin_problems_) snapshot.problems.push_back(problem.text());
    for (const auto& consumer : snapshot.consumers)
        if (consumer.state == "failed" || consumer.state == "stalled" || consumer.state == "paused")
            snapshot.problems.push_back(fmt::format("{} is {}{}{}", consumer.name, consumer.state,
                                                    consumer.reason.empty() ? "" : ": ", consumer.reason));
    return snapshot;
}

int App::check() {
    make_settings();
    load_plugins();
    plan_consumers();
    bool healthy = plugin_problems_.empty();
    for (const auto& planned : planned_) {
        const bool runs = planned.decision == PlannedConsumer::Decision::run;
        healthy &= planned.decision != PlannedConsumer::Decision::failed;
        std::cout << fmt::format("{}: {}{}\n", planned.name(), runs ? "enabled" : "not run: ", planned.reason);
    }
    for (const auto& problem : plugin_problems_) std::cout << fmt::format("refused: {}\n", problem.text());
    std::cout << (healthy ? "The configuration is good.\n"
                          : "The configuration is good, but not every consumer would run.\n");
    return healthy ? kOk : kFailed;
}

}  // namespace fedmsg::hub
