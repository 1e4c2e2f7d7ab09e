#include "genacls/genacls.hpp"

#include <algorithm>
#include <cstdlib>
#include <ostream>
#include <set>
#include <stdexcept>

#include "genacls/message_filter.hpp"
#include "support/child_process.hpp"

namespace genacls {
namespace {

using fedmsg_hub::Description;
using fedmsg_hub::Message;
using fedmsg_hub::Option;
using fedmsg_hub::Options;
using fedmsg_hub::Problems;
using fedmsg_hub::Value;

constexpr char kUsage[] =
    "run [--force]   fetch, check, try and publish; --force: once past the shrink guard\n"
    "check           all of that but the publication\n"
    "diff            which rights a run would give and take\n"
    "status          last success, waiting messages, what is in force\n"
    "generations     earlier configurations\n"
    "rollback N      put generation N into force\n";

const char* name_of(RunReport::End end) {
    switch (end) {
        case RunReport::End::published:
            return "published";
        case RunReport::End::unchanged:
            return "no difference";
        case RunReport::End::checked:
            return "good, not published";
        case RunReport::End::refused:
            return "refused";
        case RunReport::End::failed:
            return "failed";
        case RunReport::End::cancelled:
            return "cancelled";
    }
    return "";
}

std::string ids_of(const BatchItems& batch) {
    static constexpr std::size_t kMostNamed = 20;
    std::string ids;
    for (std::size_t at = 0; at < std::min(batch.size(), kMostNamed); ++at)
        ids += (at > 0 ? ", " : "") + batch[at].msg_id;
    if (batch.size() > kMostNamed) ids += " and " + std::to_string(batch.size() - kMostNamed) + " more";
    return ids.empty() ? "no message" : ids;
}

JobResult run_program(const std::vector<std::string>& arguments, std::chrono::milliseconds limit,
                      const BatchItems& batch, std::function<bool()> is_cancelled) {
    fedmsg_plugins::ChildCommand command;
    command.arguments = arguments;
    command.time_limit = limit;
    command.is_cancelled = std::move(is_cancelled);
    for (const BatchItem& item : batch) command.input += item.msg_id + "\n";
    const fedmsg_plugins::ChildResult result = fedmsg_plugins::run_child(command);
    return {.is_success = result.is_success(),
            .is_cancelled = result.end == fedmsg_plugins::ChildResult::End::cancelled,
            .text = arguments.front() + ": " + result.describe()};
}

std::vector<std::string> words_of(Value list) {
    std::vector<std::string> words;
    for (const Value word : list.elements()) words.emplace_back(word.text());
    return words;
}

}  // namespace

void ConfConsumer::set_up(JobOptions job, RunSettings settings, std::vector<std::string> external) {
    JobConsumer::set_up(std::move(job));
    settings_ = std::move(settings);
    external_ = std::move(external);
    learn_groups();
}

ParseJson ConfConsumer::parser() const {
    return [this](std::string_view text) { return parse(text); };
}

bool ConfConsumer::is_output_missing() const {
    return external_.empty() && !std::filesystem::exists(settings_.target);
}

void ConfConsumer::learn_groups() {
    const std::optional<std::string> conf = read_file(settings_.target);
    if (!conf || !external_.empty()) return;
    RunReport report;
    report.used_groups = ConfView::of(*conf).group_names();
    for (const auto& [name, source_name] : settings_.group_names) report.used_groups.insert(source_name);
    remember_groups(report);
}

void ConfConsumer::remember_groups(const RunReport& report) {
    const std::lock_guard lock(groups_mutex_);
    if (!report.used_groups.empty()) used_groups_ = report.used_groups;
}

std::optional<Names> ConfConsumer::used_groups() const {
    const std::lock_guard lock(groups_mutex_);
    return used_groups_;
}

JobResult ConfConsumer::perform(const BatchItems& batch) {
    if (!external_.empty()) return run_external(batch);
    RunContext context;
    context.mode = job_options().is_dry_run ? RunMode::check : RunMode::publish;
    context.is_cancelled = [this] { return is_cancelled(); };
    context.after = at_step;
    const RunReport report = run(context);
    if (report.is_success()) remember_groups(report);
    tell(report, batch);
    return {.is_success = report.is_success(),
            .is_cancelled = report.end == RunReport::End::cancelled,
            .text = report.problem};
}

JobResult ConfConsumer::run_external(const BatchItems& batch) const {
    if (job_options().is_dry_run) {
        log().info("dry run: would start ", external_.front());
        return {.is_success = true};
    }
    return run_program(external_, std::chrono::minutes(30), batch, [this] { return is_cancelled(); });
}

void ConfConsumer::tell(const RunReport& report, const BatchItems& batch) const {
    for (const std::string& warning : report.warnings) log().warning(warning);
    count("left_out_packages", report.left_out_packages);
    count("left_out_branches", report.left_out_branches);
    count("denied_rules", report.denied_rules);
    if (report.end == RunReport::End::refused) count("refused");
    if (report.is_success()) gauge("repositories", static_cast<double>(report.repositories));
    if (!report.is_success()) return;
    log().info(name_of(report.end), " for ", ids_of(batch), ": ", report.diff.summary());
    for (const std::string& line : report.diff.lines) log().info(line);
}

int ConfConsumer::command(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& error) {
    const std::string verb = arguments.empty() ? "" : arguments[0];
    const bool is_forced = arguments.size() == 2 && arguments[1] == "--force";
    if (verb == "run" && (arguments.size() == 1 || is_forced)) return run_now(RunMode::publish, is_forced, out, error);
    if (verb == "rollback" && arguments.size() == 2) return roll_back_now(arguments[1], out, error);
    if (arguments.size() == 1) {
        if (verb == "check") return run_now(RunMode::check, false, out, error);
        if (verb == "diff") return run_now(RunMode::diff, true, out, error);
        if (verb == "status") return show_status(out);
        if (verb == "generations") return show_generations(out);
    }
    error << kUsage;
    return 2;
}

int ConfConsumer::run_now(RunMode mode, bool is_forced, std::ostream& out, std::ostream& error) {
    RunContext context;
    context.mode = mode;
    context.is_forced = is_forced;
    context.is_cancelled = [this] { return is_cancelled(); };
    const RunReport report = run(context);
    for (const std::string& warning : report.warnings) error << "warning: " << warning << "\n";
    for (const std::string& line : report.diff.lines) out << line << "\n";
    out << name_of(report.end) << ": " << report.diff.summary() << "\n";
    if (report.was_forced && mode == RunMode::publish) log().warning("an operator forced a run past the shrink guard");
    if (!report.is_success()) error << report.problem << "\n";
    if (report.is_success() && mode == RunMode::publish) note_success();
    return report.is_success() ? 0 : 1;
}

int ConfConsumer::show_status(std::ostream& out) {
    const Generations generations(settings_.target);
    const std::optional<std::string> text = read_file(settings_.target);
    const std::string digest = text ? sha256(*text) : std::string();
    const bool is_compiled = text && generations.is_in_force(*text);
    out << "file            " << settings_.target.string() << (text ? "" : " (missing)") << "\n"
        << "sha256          " << digest << "\n"
        << "in force        " << (is_compiled ? "yes" : "no: a run was cut off, the next one mends it") << "\n"
        << "compiled by     " << (settings_.uses_service ? "fedmsg-genacls-compile.service" : "the hub") << "\n"
        << "last success    " << static_cast<std::int64_t>(last_success()) << " (seconds since 1970; 0: never)\n"
        << "waiting         " << pending_count() << " messages\n"
        << "generations     " << generations.numbers().size() << "\n";
    return 0;
}

int ConfConsumer::show_generations(std::ostream& out) const {
    const Generations generations(settings_.target);
    for (const int number : generations.numbers()) {
        const ConfView view = ConfView::of(generations.text_of(number).value_or(""));
        const ConfSize size = size_of(view);
        out << number << "  " << size.repositories << " repositories, " << size.pairs << " rights\n";
    }
    return 0;
}

int ConfConsumer::roll_back_now(const std::string& number, std::ostream& out, std::ostream& error) {
    RunContext context;
    context.is_cancelled = [this] { return is_cancelled(); };
    const RunReport report = roll_back(settings_, std::atoi(number.c_str()), context);
    for (const std::string& line : report.diff.lines) out << line << "\n";
    out << name_of(report.end) << ": " << report.diff.summary() << "\n";
    if (!report.is_success()) error << report.problem << "\n";
    return report.is_success() ? 0 : 1;
}

Genacls::Genacls() {
    set_up(acls_job_options(options()), acls_settings(options(), directory()), options().texts("genacls.command"));
}

Judgement Genacls::judge(const Message& message) {
    const std::optional<Names> groups = used_groups();
    const Interest interest = interest_in(message.topic(), message.msg(), groups ? &*groups : nullptr);
    return {.is_wanted = interest.is_wanted,
            .text = interest.is_wanted ? interest.text() : interest.reason,
            .payload = interest.text()};
}

void Genacls::check(Problems& problems) {
    if (!options().texts("genacls.command").empty()) return;
    RunContext context;
    context.mode = RunMode::check;
    context.is_cancelled = [this] { return stop_requested(); };
    const RunReport report = run(context);
    if (!report.is_success()) problems.add("genacls", report.problem);
}

GitolitePrefix::GitolitePrefix() {
    set_up(prefix_job_options(options()), prefix_settings(options(), directory()), {});
}

Judgement GitolitePrefix::judge(const Message& message) {
    Names groups;
    for (const auto& [group, source] : settings().group_names) groups.insert(source);
    const Interest interest = interest_in(message.topic(), message.msg(), &groups);
    const bool is_wanted = interest.is_wanted && groups.count(interest.group) != 0;
    std::string why_not = "the prefix file does not hold the group " + interest.group;
    return {.is_wanted = is_wanted, .text = is_wanted ? interest.text() : why_not, .payload = interest.text()};
}

void GitolitePrefix::check(Problems& problems) {
    RunContext context;
    context.mode = RunMode::check;
    const RunReport report = run(context);
    if (!report.is_success()) problems.add("gitoliteprefix.consumer", report.problem);
}

Description DebounceJob::describe(Value entry) {
    std::vector<std::string> topics;
    for (const std::string& topic : words_of(entry["topics"])) topics.push_back(absolute_pattern(topic));
    const std::string name(entry["name"].text());
    return Description(name, "Runs a command for many messages at once (debounce_jobs)")
        .topics(std::move(topics))
        .executes()
        .validate_signatures(true)
        .option(Option::boolean(name + ".dry_run", "Everything but the last step").defaults_to(false))
        .option(Option::boolean(name + ".ignore_ledger", "Run for messages that are done, too").defaults_to(false))
        .option(Option::list("debounce_jobs", "The jobs: name, topics, when, delay, command")
                    .defaults_to(fedmsg_hub::Json::array()));
}

Value DebounceJob::entry_of(const Options& options, const std::string& name) {
    for (const Value entry : options.value("debounce_jobs").elements())
        if (entry["name"].text_or("") == name) return entry;
    throw std::runtime_error("debounce_jobs has no entry with the name " + name);
}

JobOptions DebounceJob::job_options(const Options& options, const std::string& name) {
    const Value entry = entry_of(options, name);
    JobOptions job;
    if (entry["delay"].exists()) job.delay = seconds_of(entry["delay"]);
    job.is_dry_run = options.boolean(name + ".dry_run");
    job.ignores_ledger = options.boolean(name + ".ignore_ledger");
    return job;
}

DebounceJob::DebounceJob() {
    set_up(job_options(options(), name()));
    const Value entry = entry_of(options(), name());
    when_ = When(entry["when"]);
    for (const Value choice : entry["commands"].elements())
        choices_.push_back({When(choice["when"]), words_of(choice["command"])});
    choices_.push_back({When(), words_of(entry["command"])});
    for (const Choice& choice : choices_)
        if (choice.command.empty()) throw std::runtime_error("debounce_jobs, " + name() + ": a command is missing");
    const Value limit = entry["time_limit"];
    const double seconds = limit.exists() ? seconds_of(limit) : 1800;
    time_limit_ = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

void DebounceJob::check(Problems& problems) {
    for (const Choice& choice : choices_)
        if (choice.command.front().starts_with('/') && !std::filesystem::exists(choice.command.front()))
            problems.add("debounce_jobs", name() + ": there is no program " + choice.command.front());
}

Judgement DebounceJob::judge(const Message& message) {
    const std::string_view event = event_of(message.topic());
    const std::string objection = when_.objection(event, message.msg());
    if (!objection.empty()) return {.is_wanted = false, .text = "not met: " + objection};
    std::size_t choice = 0;
    while (!choices_[choice].when.objection(event, message.msg()).empty()) ++choice;
    // Conditions that lead to the same command are one choice.
    const auto is_same = [&](const Choice& other) { return other.command == choices_[choice].command; };
    choice = static_cast<std::size_t>(std::find_if(choices_.begin(), choices_.end(), is_same) - choices_.begin());
    return {.is_wanted = true,
            .text = std::string(event) + " asks for " + choices_[choice].command.front(),
            .payload = std::to_string(choice)};
}

JobResult DebounceJob::perform(const BatchItems& batch) {
    std::map<std::size_t, BatchItems> by_choice;
    for (const BatchItem& item : batch)
        by_choice[std::min(static_cast<std::size_t>(std::atol(item.payload.c_str())), choices_.size() - 1)].push_back(
            item);
    for (const auto& [choice, items] : by_choice) {
        const std::vector<std::string>& command = choices_[choice].command;
        log().info(JobConsumer::job_options().is_dry_run ? "dry run: would start " : "starting ", command.front(),
                   " for ", ids_of(items));
        if (JobConsumer::job_options().is_dry_run) continue;
        const JobResult result = run_program(command, time_limit_, items, [this] { return is_cancelled(); });
        if (!result.is_success) return result;
    }
    return {.is_success = true};
}

void describe_all(fedmsg_hub::Registrar& registrar) {
    registrar.add<Genacls>();
    registrar.add<GitolitePrefix>();
    for (const Value entry : registrar.configuration()["debounce_jobs"].elements()) {
        if (!entry["name"].is_string())
            throw std::runtime_error("debounce_jobs: an entry has no name: " + entry.json());
        registrar.add<DebounceJob>(DebounceJob::describe(entry));
    }
}

}  // namespace genacls
