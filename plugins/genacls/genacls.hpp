// The three kinds of consumer in genacls.so: the job "acls" (Genacls), the job "prefix" (GitolitePrefix), and one
// DebounceJob for each entry of debounce_jobs. Threads and life: job_consumer.hpp.
#pragma once

#include <fedmsg_hub/plugin.hpp>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "genacls/job_consumer.hpp"
#include "genacls/settings.hpp"
#include "genacls/when.hpp"

namespace genacls {

// What both jobs that publish a configuration have in common: the operator's commands, and the way a report is told.
class ConfConsumer : public JobConsumer {
public:
    int command(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& error);

protected:
    // In the derived class's constructor.
    void set_up(JobOptions job, RunSettings settings, std::vector<std::string> external);

    virtual RunReport run(const RunContext& context) = 0;  // worker thread, or that of command()
    JobResult perform(const BatchItems& batch) override;
    bool is_output_missing() const override;
    ParseJson parser() const;
    const RunSettings& settings() const { return settings_; }
    // The groups that the configuration uses; nothing while that is not known.
    std::optional<Names> used_groups() const;
    void learn_groups();

private:
    JobResult run_external(const BatchItems& batch) const;
    void tell(const RunReport& report, const BatchItems& batch) const;
    void remember_groups(const RunReport& report);
    int run_now(RunMode mode, bool is_forced, std::ostream& out, std::ostream& error);
    int show_status(std::ostream& out);
    int show_generations(std::ostream& out) const;
    int roll_back_now(const std::string& number, std::ostream& out, std::ostream& error);

    RunSettings settings_;               // never changed after the constructor
    std::vector<std::string> external_;  // genacls.command
    mutable std::mutex groups_mutex_;
    std::optional<Names> used_groups_;  // guarded by groups_mutex_
};

class Genacls : public ConfConsumer {
public:
    Genacls();
    static fedmsg_hub::Description describe() { return describe_acls(); }
    static void validate(const fedmsg_hub::Options& options, fedmsg_hub::Problems& problems) {
        validate_acls(options, problems);
    }
    void check(fedmsg_hub::Problems& problems);

protected:
    Judgement judge(const fedmsg_hub::Message& message) override;
    RunReport run(const RunContext& context) override { return run_acls(settings(), parser(), context); }
};

class GitolitePrefix : public ConfConsumer {
public:
    GitolitePrefix();
    static fedmsg_hub::Description describe() { return describe_prefix(); }
    static void validate(const fedmsg_hub::Options& options, fedmsg_hub::Problems& problems) {
        validate_prefix(options, problems);
    }
    void check(fedmsg_hub::Problems& problems);

protected:
    Judgement judge(const fedmsg_hub::Message& message) override;
    RunReport run(const RunContext& context) override { return run_prefix(settings(), parser(), context); }
};

// An entry of debounce_jobs: {name, topics, when, delay, command, commands: [{when, command}, ...]}. The first of
// `commands` whose conditions hold takes the message; a batch that asks for several runs each of them once.
class DebounceJob : public JobConsumer {
public:
    DebounceJob();
    static fedmsg_hub::Description describe(fedmsg_hub::Value entry);
    void check(fedmsg_hub::Problems& problems);

protected:
    Judgement judge(const fedmsg_hub::Message& message) override;
    JobResult perform(const BatchItems& batch) override;

private:
    struct Choice {
        When when;
        std::vector<std::string> command;
    };
    static JobOptions job_options(const fedmsg_hub::Options& options, const std::string& name);
    static fedmsg_hub::Value entry_of(const fedmsg_hub::Options& options, const std::string& name);

    When when_;
    std::vector<Choice> choices_;  // the default command is the last one
    std::chrono::milliseconds time_limit_{};
};

void describe_all(fedmsg_hub::Registrar& registrar);

}  // namespace genacls
