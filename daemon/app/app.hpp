// The daemon: what is started, in which order, and taken down again in the reverse order.
//
// Control thread only, except stop(). The steps are the table kSteps in app.cpp; reading it is reading the start-up.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "bus/base/clock.hpp"
#include "bus/config/configuration.hpp"
#include "bus/config/schema.hpp"
#include "bus/subscriber/troubles.hpp"
#include "daemon/app/control_loop.hpp"
#include "daemon/app/roster.hpp"
#include "daemon/app/settings.hpp"
#include "daemon/app/state_lock.hpp"
#include "daemon/plugin/catalog.hpp"
#include "daemon/plugin/graveyard.hpp"
#include "daemon/source/source.hpp"
#include "daemon/telemetry/monitoring_report.hpp"
#include "daemon/telemetry/monitoring_socket.hpp"

namespace fedmsg::hub {

class App {
public:
    // What the command line and the configuration files said.
    struct Input {
        Role role = Role::hub;
        std::string instance;
        config::Configuration configuration;
        config::Schema schema;
        std::vector<config::Problem> warnings;
        bool strict = false;                           // unknown keys are errors
        std::optional<std::vector<std::string>> only;  // --with-consumers
    };
    // Exit codes.
    static constexpr int kOk = 0, kFailed = 1, kConfiguration = 78;

    App(Input input, const Clock& clock);
    ~App();
    App(const App&) = delete;
    App& operator=(const App&) = delete;

    // Starts everything, works until stop() or a signal, takes everything down. Returns the exit code. Throws
    // config::ConfigError if the configuration refuses the start.
    int run();

    // Loads, describes and validates, but creates nothing; prints what it finds. Returns the exit code.
    int check();

    // Any thread, any number of times: ends run().
    void stop() { control_.stop(); }

    Snapshot snapshot() const;

private:
    struct Step;
    static const std::vector<Step>& steps();

    void make_settings();
    void raise_limits();
    void load_plugins();
    void plan_consumers();
    void lock_state();
    void open_journal();
    void open_publisher();
    void close_publisher();
    void start_consumers();
    void stop_consumers();
    void start_source();
    void stop_source();
    void start_monitoring();
    void stop_monitoring();

    void start();
    void take_down();
    [[noreturn]] static void leave(int exit_code);
    Result<std::unique_ptr<Consumer>> make_consumer(const PlannedConsumer& planned, const std::shared_ptr<Lane>& lane);
    Result<std::unique_ptr<Consumer>> make_role_consumer(HostServices& host);
    void declare_plugin_keys(std::vector<config::Problem>& problems);
    void look_at_unknown_keys(std::vector<config::Problem>& problems) const;
    void tell_plugin_problem(const PluginProblem& problem);
    void refuse_if_strict() const;
    void supervise();
    void report_once();

    Input input_;
    const Clock& clock_;
    Settings settings_;
    ControlLoop control_;
    std::size_t steps_done_ = 0;
    int exit_code_ = kOk;

    std::unique_ptr<zmq::context_t> context_;
    Graveyard graveyard_;  // of calls that never came back
    Catalog catalog_;
    std::vector<PluginProblem> plugin_problems_;
    std::vector<PlannedConsumer> planned_;
    std::optional<StateLock> lock_;
    std::unique_ptr<MessagePool> pool_;
    std::unique_ptr<Gate> gate_;
    std::unique_ptr<Journal> journal_;
    std::unique_ptr<WindowBudget> budget_;
    std::unique_ptr<HubPublisher> publisher_;
    std::unique_ptr<Roster> roster_;
    std::unique_ptr<Router> router_;
    std::unique_ptr<Committer> committer_;
    std::unique_ptr<Source> source_;
    EndpointTroubles troubles_;
    std::unique_ptr<MonitoringReport> report_;
    std::optional<MonitoringSocket> monitoring_;
    std::string last_status_;
};

}  // namespace fedmsg::hub
