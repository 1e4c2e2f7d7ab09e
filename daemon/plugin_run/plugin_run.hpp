// fedmsg-hub-plugin-run: one consumer plugin in an operator's hands, under the configuration of a hub. It is loaded,
// given its options and created as the hub does; what is asked for decides what follows:
//     check     PluginConsumer::check, on an instance that is not started
//     explain   PluginConsumer::explain for each message of a file
//     command   PluginConsumer::command
//     replay    started on a lane of its own, and handed the messages of a file
// State is the hub's: the consumer's key-value file and directory. A hub may run beside it; what both may touch at once
// is for the plugin to guard (SQLite and lock files do).
//
// Main thread only.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "bus/cli/command_line.hpp"
#include "bus/cli/stop_signal.hpp"
#include "daemon/app/consumer_plan.hpp"
#include "daemon/dispatch/lane.hpp"
#include "daemon/gate/gate.hpp"
#include "daemon/journal/ring_journal.hpp"
#include "daemon/plugin/catalog.hpp"
#include "daemon/plugin/plugin_consumer.hpp"
#include "daemon/plugin_run/message_file.hpp"

namespace fedmsg::hub {

class PluginRun {
public:
    // Throws cli::Failure or config::ConfigError with what is wrong.
    PluginRun(cli::Invocation& invocation, std::string plugin, std::vector<std::string> command);
    ~PluginRun();

    // The exit code: 0 well, 1 failed, 2 wrong usage.
    int run();

private:
    void load();
    ConsumerDeclarationPtr choose() const;
    void plan(const ConsumerDeclarationPtr& declaration);
    void switch_on(const char* flag, const std::string& option);
    void create();
    std::string hint() const;

    int check();
    int explain(const std::string& file);
    int command();
    int replay(const std::string& file);
    void feed(MessageFile& messages, const cli::StopSignal& stop);
    void linger(std::chrono::milliseconds time, const cli::StopSignal& stop) const;
    int report(const MessageFile& messages) const;

    cli::Invocation& invocation_;
    const std::string plugin_;
    const std::vector<std::string> command_;
    const SystemClock clock_;

    Settings settings_;
    Catalog catalog_;
    PlannedConsumer planned_;

    // In the order of their needs: what comes later goes first.
    zmq::context_t context_;
    MessagePool pool_;
    Gate gate_{pool_, clock_};
    RingJournal journal_;
    WindowBudget budget_;
    Graveyard graveyard_;
    std::unique_ptr<HubPublisher> publisher_;
    std::shared_ptr<Lane> lane_;
    std::unique_ptr<PluginConsumer> consumer_;
};

}  // namespace fedmsg::hub
