#include "genacls/settings.hpp"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

#include "genacls/message_filter.hpp"
#include "support/http_client.hpp"
#include "support/secret_file.hpp"

namespace genacls {
namespace {

using fedmsg_hub::Description;
using fedmsg_hub::Json;
using fedmsg_hub::Option;
using fedmsg_hub::Options;
using fedmsg_hub::Problems;
using fedmsg_hub::Value;

const std::map<std::string, std::string>& default_group_names() {
    static const std::map<std::string, std::string> kNames{{"admins", "releng-team"},
                                                           {"provenpackager", "provenpackager"},
                                                           {"fedora-arm", "fedora-arm"},
                                                           {"fedora-s390", "fedora-s390"},
                                                           {"fedora-ppc", "fedora-ppc"}};
    return kNames;
}

Json json_of(const std::map<std::string, std::string>& map) {
    Json json = Json::object();
    for (const auto& [key, value] : map) json.set(key, value);
    return json;
}

std::map<std::string, std::string> map_of(Value value) {
    std::map<std::string, std::string> map;
    for (const auto [key, item] : value.members()) map.emplace(key, item.text());
    return map;
}

std::string text(const Options& options, const char* name) {
    return std::string(options.text(name));
}

std::chrono::milliseconds milliseconds_of(Value duration) {
    return std::chrono::milliseconds(static_cast<std::int64_t>(seconds_of(duration) * 1000));
}

// True if systemd started this very process, or its parent: a plugin host.
bool is_service() {
    const char* process = std::getenv("SYSTEMD_EXEC_PID");  // NOLINT(concurrency-mt-unsafe): nobody sets it
    const long number = process != nullptr ? std::strtol(process, nullptr, 10) : 0;
    return number > 0 && (number == ::getpid() || number == ::getppid());
}

Probe probe_of(Value map) {
    Probe probe;
    probe.repository = map["repo"].text();
    probe.user = map["user"].text();
    probe.access = map["access"].text_or("W");
    probe.reference = map["ref"].text_or("any");
    const std::string expected = map["expect"].text_or("allowed");
    if (expected != "allowed" && expected != "denied")
        throw std::runtime_error("expect is allowed or denied, not " + expected);
    probe.is_allowed = expected == "allowed";
    return probe;
}

std::vector<Probe> probes_of(Value list) {
    std::vector<Probe> probes;
    for (const Value map : list.elements()) probes.push_back(probe_of(map));
    return probes;
}

std::string home_of(const std::string& user) {
    const passwd* entry = user.empty() ? ::getpwuid(::geteuid()) : ::getpwnam(user.c_str());  // NOLINT
    return entry != nullptr ? entry->pw_dir : "";
}

void check_duration(const Options& options, const char* name, Problems& problems) {
    try {
        seconds_of(options.value(name));
    } catch (const std::exception& error) {
        problems.add(name, error.what());
    }
}

void check_backend(const Options& options, const std::string& prefix, Problems& problems) {
    const std::string_view backend = options.text(prefix + "group_backend");
    if (backend == "file" && options.text(prefix + "group_file").empty())
        problems.add(prefix + "group_file", "is needed with the back end file");
}

void set_output(RunSettings& settings, const Options& options, const std::string& directory) {
    const std::string mode = text(options, "genacls.compile");
    settings.uses_service = mode == "service" || (mode == "auto" && is_service());
    const Path published = Path(directory) / "published";
    settings.target = settings.uses_service ? published / "gitolite.conf" : Path(text(options, "genacls.conf_path"));
    settings.service.request = published / "compile-request";
    settings.service.verdict = text(options, "genacls.verdict_path");
    settings.service.limit = milliseconds_of(options.value("genacls.compile_time_limit"));
    settings.keep = static_cast<std::size_t>(options.integer("genacls.keep"));
    settings.aliases = text(options, "genacls.alias_path");
    settings.compiled_owner = text(options, "genacls.compiled_owner");
    settings.compiled_group = text(options, "genacls.compiled_group");
}

void set_compile(RunSettings& settings, const Options& options) {
    const std::string user = text(options, "genacls.git_user");
    settings.trial.gitolite = text(options, "genacls.gitolite");
    settings.trial.home_template = text(options, "genacls.gitolite_home");
    settings.trial.probes = probes_of(options.value("genacls.probes"));
    settings.trial.time_limit = settings.service.limit;
    settings.compile_home = text(options, "genacls.git_home");
    if (settings.compile_home.empty()) settings.compile_home = home_of(user);
    settings.compile_command = options.texts("genacls.compile_command");
    if (!settings.compile_command.empty() || settings.trial.gitolite.empty()) return;
    settings.compile_command = {settings.trial.gitolite, "compile"};
    if (::geteuid() == 0 && !user.empty())
        settings.compile_command.insert(settings.compile_command.begin(), {"runuser", "-u", user, "--"});
}

void set_format(RunSettings& settings, const Options& options) {
    settings.format.reserved = options.texts("genacls.reserved");
    settings.format.mirrors = map_of(options.value("genacls.mirrors"));
    settings.format.vref = text(options, "genacls.vref");
}

void declare_inputs(Description& description) {
    description.option(Option::any("genacls.consumer.delay", "From the first message to the run").defaults_to(Json(5)))
        .option(
            Option::text("genacls.pkgdb_url", "The package database, or a directory with its answers").defaults_to(""))
        .option(Option::text("genacls.pkgdb_format", "Which form of the rights is asked for")
                    .defaults_to("json")
                    .one_of({"json", "text"}))
        .option(Option::text("genacls.ca_file", "Certificates of authorities; empty: the system's").defaults_to(""))
        .option(Option::text("genacls.group_backend", "Where members of groups come from")
                    .defaults_to("nss")
                    .one_of({"nss", "file", "http"}))
        .option(Option::text("genacls.group_file", "With the back end file: lines \"name: user user\"").defaults_to(""))
        .option(
            Option::text("genacls.group_url", "With the back end http: {group} is the group's name").defaults_to(""))
        .option(Option::map("genacls.group_names", "gitolite's name of a group: the source's name")
                    .defaults_to(json_of(default_group_names())))
        .option(Option::map("genacls.collections", "Collections to branches, besides the built-in ones")
                    .defaults_to(Json::object()));
}

void declare_content(Description& description) {
    const ConfFormat format;
    description
        .option(Option::list("genacls.reserved", "Patterns of branches that nobody may create")
                    .defaults_to(Json::array_of(format.reserved)))
        .option(Option::map("genacls.mirrors", "Namespaces with a second one of the same rules")
                    .defaults_to(json_of(format.mirrors)))
        .option(Option::text("genacls.vref", "The VREF script that every push passes; empty: none")
                    .defaults_to(format.vref));
}

void declare_compile(Description& description) {
    description
        .option(Option::text("genacls.conf_path", "gitolite's configuration (direct compile)")
                    .defaults_to("/etc/gitolite/conf/gitolite.conf"))
        .option(
            Option::text("genacls.alias_path", "A file of aliases for gitolite's rc file; empty: none").defaults_to(""))
        .option(Option::text("genacls.git_user", "Who compiles (direct, as root); empty: the hub's own user")
                    .defaults_to("git"))
        .option(Option::text("genacls.git_home", "Home for the compile; empty: that of git_user").defaults_to(""))
        .option(Option::text("genacls.gitolite", "The program; empty: there is none, so nothing is tried or compiled")
                    .defaults_to("/usr/bin/gitolite"))
        .option(
            Option::text("genacls.gitolite_home", "Whose .gitolite.rc the trial uses; empty: defaults").defaults_to(""))
        .option(
            Option::text("genacls.compile", "Who compiles").defaults_to("auto").one_of({"auto", "service", "direct"}))
        .option(
            Option::list("genacls.compile_command", "Argument vector of the direct compile; empty: gitolite compile")
                .defaults_to(Json::array()))
        .option(Option::any("genacls.compile_time_limit", "For a compile, or a verdict").defaults_to(Json("10m")))
        .option(Option::text("genacls.verdict_path", "Where the compile service answers")
                    .defaults_to("/var/lib/fedmsg-genacls/verdict"))
        .option(Option::text("genacls.compiled_owner", "Owner of the compiled file; empty: left alone").defaults_to(""))
        .option(
            Option::text("genacls.compiled_group", "Group of the compiled file; empty: left alone").defaults_to(""));
}

void declare_guards(Description& description) {
    description
        .option(Option::integer("genacls.min_packages", "Fewer repositories are refused")
                    .defaults_to(0)
                    .between(0, 10'000'000))
        .option(Option::number("genacls.max_shrink", "A greater loss of repositories or rights is refused")
                    .defaults_to(0.05)
                    .between(0, 1))
        .option(
            Option::list("genacls.probes", "Questions to gitolite before a file is taken").defaults_to(Json::array()))
        .option(Option::integer("genacls.keep", "Generations kept").defaults_to(10).between(1, 1000))
        .option(Option::any("genacls.full_interval", "A run at least this often").defaults_to(Json("24h")))
        .option(Option::integer("genacls.alert_after", "Failures in a row before the alert")
                    .defaults_to(3)
                    .between(1, 1000))
        .option(Option::list("genacls.mail_command", "Gets the alert on standard input").defaults_to(Json::array()))
        .option(Option::boolean("genacls.dry_run", "Everything but the last step").defaults_to(false))
        .option(Option::boolean("genacls.ignore_ledger", "Run for messages that are done, too").defaults_to(false))
        .option(Option::list("genacls.command", "A program to run in place of the built-in generator")
                    .defaults_to(Json::array()))
        .option(Option::list("debounce_jobs", "Further jobs: name, topics, when, delay, command")
                    .defaults_to(Json::array()));
}

}  // namespace

double seconds_of(Value duration) {
    if (duration.is_number()) return duration.number();
    const std::string written = duration.text_or("");
    char* end = nullptr;
    const double number = std::strtod(written.c_str(), &end);
    std::string unit(end);
    unit.erase(0, unit.find_first_not_of(' '));
    static const std::map<std::string, double> kUnits{{"", 1},     {"s", 1},    {"m", 60},
                                                      {"min", 60}, {"h", 3600}, {"d", 86400}};
    if (end == written.c_str() || kUnits.count(unit) == 0 || !(number >= 0) || number > 1e8)
        throw std::runtime_error("a time is a number of seconds, or such as \"5 s\", \"10m\", \"24h\"; not " +
                                 duration.json());
    return number * kUnits.at(unit);
}

Description describe_acls() {
    Description description("genacls", "Rewrites the rules of the git server when the package database changes");
    description.config_key("genacls.consumer.enabled").topics(acls_topics()).executes().validate_signatures(true);
    declare_inputs(description);
    declare_content(description);
    declare_compile(description);
    declare_guards(description);
    return description;
}

Description describe_prefix() {
    return Description("gitolite-prefix", "Rewrites the groups of the git server when people join or leave them")
        .config_key("gitoliteprefix.consumer.enabled")
        .key_prefixes({"gitoliteprefix"})
        .topics(prefix_topics())
        .executes()
        .validate_signatures(true)
        .option(Option::any("gitoliteprefix.consumer.delay", "From the first message to the run").defaults_to(Json(5)))
        .option(
            Option::text("gitoliteprefix.consumer.filename", "The file; empty: in the state directory").defaults_to(""))
        .option(Option::text("gitoliteprefix.consumer.fasurl", "The account system").defaults_to(""))
        .option(Option::text("gitoliteprefix.consumer.username", "Account there").defaults_to(""))
        .option(Option::text("gitoliteprefix.consumer.password", "Better in password_file").defaults_to("").secret())
        .option(Option::text("gitoliteprefix.consumer.password_file", "A file of mode 0600, or a credential's name")
                    .defaults_to(""))
        .option(Option::text("gitoliteprefix.consumer.group_backend", "Where members come from")
                    .defaults_to("http")
                    .one_of({"nss", "file", "http"}))
        .option(Option::text("gitoliteprefix.consumer.group_file", "With the back end file").defaults_to(""))
        .option(Option::map("gitoliteprefix.consumer.groups", "gitolite's name of a group: the source's name")
                    .defaults_to(json_of(default_group_names())))
        .option(Option::integer("gitoliteprefix.keep", "Generations kept").defaults_to(10).between(1, 1000))
        .option(Option::integer("gitoliteprefix.alert_after", "Failures in a row before the alert")
                    .defaults_to(3)
                    .between(1, 1000))
        .option(
            Option::list("gitoliteprefix.mail_command", "Gets the alert on standard input").defaults_to(Json::array()))
        .option(Option::boolean("gitoliteprefix.dry_run", "Everything but the last step").defaults_to(false))
        .option(
            Option::boolean("gitoliteprefix.ignore_ledger", "Run for messages that are done, too").defaults_to(false));
}

void validate_acls(const Options& options, Problems& problems) {
    for (const char* name : {"genacls.consumer.delay", "genacls.full_interval", "genacls.compile_time_limit"})
        check_duration(options, name, problems);
    try {
        probes_of(options.value("genacls.probes"));
    } catch (const std::exception& error) {
        problems.add("genacls.probes", error.what());
    }
    if (options.text("genacls.gitolite").empty() && options.value("genacls.probes").size() > 0)
        problems.add("genacls.probes", "need gitolite, and genacls.gitolite is empty");
    if (options.value("genacls.command").size() > 0) return;
    if (options.text("genacls.pkgdb_url").empty())
        problems.add("genacls.pkgdb_url", "is needed, unless genacls.command is set");
    check_backend(options, "genacls.", problems);
    if (options.text("genacls.group_backend") == "http" &&
        options.text("genacls.group_url").find("{group}") == std::string_view::npos)
        problems.add("genacls.group_url", "must hold {group} with the back end http");
}

void validate_prefix(const Options& options, Problems& problems) {
    check_duration(options, "gitoliteprefix.consumer.delay", problems);
    check_backend(options, "gitoliteprefix.consumer.", problems);
    if (options.text("gitoliteprefix.consumer.group_backend") == "http" &&
        options.text("gitoliteprefix.consumer.fasurl").empty())
        problems.add("gitoliteprefix.consumer.fasurl", "is needed with the back end http");
}

JobOptions acls_job_options(const Options& options) {
    return {.delay = seconds_of(options.value("genacls.consumer.delay")),
            .full_interval = seconds_of(options.value("genacls.full_interval")),
            .alert_after = static_cast<int>(options.integer("genacls.alert_after")),
            .mail_command = options.texts("genacls.mail_command"),
            .is_dry_run = options.boolean("genacls.dry_run"),
            .ignores_ledger = options.boolean("genacls.ignore_ledger")};
}

JobOptions prefix_job_options(const Options& options) {
    return {.delay = seconds_of(options.value("gitoliteprefix.consumer.delay")),
            .alert_after = static_cast<int>(options.integer("gitoliteprefix.alert_after")),
            .mail_command = options.texts("gitoliteprefix.mail_command"),
            .is_dry_run = options.boolean("gitoliteprefix.dry_run"),
            .ignores_ledger = options.boolean("gitoliteprefix.ignore_ledger")};
}

RunSettings acls_settings(const Options& options, const std::string& directory) {
    RunSettings settings;
    settings.pkgdb_address = text(options, "genacls.pkgdb_url");
    while (settings.pkgdb_address.ends_with('/')) settings.pkgdb_address.pop_back();
    settings.is_text = options.text("genacls.pkgdb_format") == "text";
    settings.fetcher.ca_file = text(options, "genacls.ca_file");
    settings.groups = {.backend = text(options, "genacls.group_backend"),
                       .file = text(options, "genacls.group_file"),
                       .address = text(options, "genacls.group_url")};
    settings.group_names = map_of(options.value("genacls.group_names"));
    settings.collections = map_of(options.value("genacls.collections"));
    settings.limits = {.max_shrink = options.number("genacls.max_shrink"),
                       .min_packages = options.integer("genacls.min_packages")};
    set_format(settings, options);
    set_output(settings, options, directory);
    set_compile(settings, options);
    return settings;
}

RunSettings prefix_settings(const Options& options, const std::string& directory) {
    const auto value = [&](const char* key) {
        return text(options, (std::string("gitoliteprefix.consumer.") + key).c_str());
    };
    RunSettings settings;
    std::string address = value("fasurl");
    while (address.ends_with('/')) address.pop_back();
    settings.groups = {.backend = value("group_backend"),
                       .file = value("group_file"),
                       .address = address + "/group/dump/{group}?format=json"};
    std::string password = value("password");
    if (!value("password_file").empty()) password = fedmsg_plugins::read_secret_file(value("password_file"));
    while (password.ends_with('\n')) password.pop_back();
    if (!value("username").empty())
        settings.fetcher.authorization = fedmsg_plugins::basic_authorization(value("username"), password);
    settings.group_names = map_of(options.value("gitoliteprefix.consumer.groups"));
    settings.keep = static_cast<std::size_t>(options.integer("gitoliteprefix.keep"));
    settings.target = value("filename").empty() ? Path(directory) / "gitolite-prefix.txt" : Path(value("filename"));
    return settings;
}

}  // namespace genacls
