#include "genacls/acls_run.hpp"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

#include "support/child_process.hpp"

namespace genacls {
namespace {

constexpr char kScratch[] = "conf.new";

// A run that cannot go on.
struct Stopped : std::runtime_error {
    Stopped(RunReport::End why, const std::string& what) : std::runtime_error(what), end(why) {}
    RunReport::End end;
};

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += (text.empty() ? "" : "; ") + line;
    return text;
}

void set_owner(const Path& path, const std::string& user, const std::string& group) {
    uid_t uid = static_cast<uid_t>(-1);
    gid_t gid = static_cast<gid_t>(-1);
    if (!user.empty()) {
        const passwd* entry =
            ::getpwnam(user.c_str());  // NOLINT(concurrency-mt-unsafe): one run at a time, under the lock
        if (entry == nullptr) throw FileError("there is no user " + user + " to own " + path.string());
        uid = entry->pw_uid;
    }
    if (!group.empty()) {
        const struct group* entry = ::getgrnam(group.c_str());  // NOLINT(concurrency-mt-unsafe)
        if (entry == nullptr) throw FileError("there is no group " + group + " to own " + path.string());
        gid = entry->gr_gid;
    }
    if (::chown(path.c_str(), uid, gid) != 0)
        throw FileError("cannot change the owner of " + path.string() + ": " + std::strerror(errno));
}

class Run {
public:
    Run(const RunSettings& settings, const ParseJson& parse, const RunContext& context)
        : settings_(settings), parse_(parse), context_(context) {}

    // `work` fills in text_ and goes on; whatever it throws becomes the report.
    template <class Work>
    RunReport guarded(Work work) {
        try {
            make_directories(settings_.target.parent_path());
            const FileLock lock = wait_for_lock();
            ScratchDirectory::remove_leftovers(settings_.target.parent_path(), kScratch);
            work();
        } catch (const Stopped& stopped) {
            report_.end = stopped.end;
            report_.problem = stopped.what();
        } catch (const std::exception& error) {
            report_.end = is_cancelled() ? RunReport::End::cancelled : RunReport::End::failed;
            report_.problem = error.what();
        }
        return std::move(report_);
    }

    void acls() {
        std::unique_ptr<Fetcher> fetcher = make_fetcher(fetcher_options());
        const RawRights raw = fetch_rights(*fetcher);
        const Translation translation =
            translate(raw, Collections(settings_.collections), fetch_groups(*fetcher, groups_of(raw, *fetcher)));
        note(translation.left_out);
        const Conf conf = write_conf(translation.rights, settings_.format);
        report_.repositories = conf.repository_count;
        report_.denied_rules = conf.denied_rules;
        if (conf.denied_rules > 0)
            report_.warnings.push_back(std::to_string(conf.denied_rules) +
                                       " rules had nobody left and are written as deny lines");
        text_ = conf.text;
        after("fetched");
        if (!settings_.aliases.empty()) aliases_ = write_aliases(translation.rights);
        proceed(true);
    }

    void prefix() {
        std::unique_ptr<Fetcher> fetcher = make_fetcher(fetcher_options());
        const auto fetched = fetch_groups(*fetcher, {});
        const Translation translation = translate({}, Collections(), fetched);
        note(translation.left_out);
        for (const auto& [group, members] : fetched)
            if (members.empty()) report_.warnings.push_back("the group " + group + " has no members: left out");
        text_ = write_prefix(translation.rights.groups, settings_.format);
        after("fetched");
        proceed(false);
    }

    void roll_back(int generation) {
        const std::optional<std::string> text = Generations(settings_.target).text_of(generation);
        if (!text) throw Stopped(RunReport::End::failed, "there is no generation " + std::to_string(generation));
        text_ = *text;
        compare();
        install();
    }

private:
    bool is_cancelled() const { return context_.is_cancelled && context_.is_cancelled(); }
    void after(std::string_view step) const {
        if (context_.after) context_.after(step);
        if (is_cancelled()) throw Stopped(RunReport::End::cancelled, "the hub stops");
    }

    FetcherOptions fetcher_options() const {
        FetcherOptions options = settings_.fetcher;
        options.is_cancelled = context_.is_cancelled;
        return options;
    }

    FileLock wait_for_lock() const {
        const Path file = settings_.target.string() + ".lock";
        const auto end = std::chrono::steady_clock::now() + settings_.lock_wait;
        for (;;) {
            if (std::optional<FileLock> lock = FileLock::try_lock(file)) return std::move(*lock);
            if (is_cancelled()) throw Stopped(RunReport::End::cancelled, "the hub stops");
            if (std::chrono::steady_clock::now() >= end)
                throw Stopped(RunReport::End::failed, "another run holds the lock " + file.string());
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
    }

    std::string address_of(const char* what, const char* extension) const {
        const std::string& base = settings_.pkgdb_address;
        if (is_web_address(base))
            return base + "/api/" + what + "?format=" + (extension == std::string_view("txt") ? "text" : "json");
        return path_of(base) + "/" + what + "." + extension;
    }

    fedmsg_hub::ParsedJson json_from(Fetcher& fetcher, const std::string& address) const {
        const Fetched answer = fetcher.get(address);
        if (!answer.is_json())
            throw InputError(address + ": expected application/json, got \"" + answer.content_type + "\"");
        try {
            return parse_(answer.body);
        } catch (const fedmsg_hub::ValueError& error) {
            throw InputError(address + ": " + error.what());
        }
    }

    RawRights fetch_rights(Fetcher& fetcher) const {
        const std::string text_address = address_of("vcs", "txt");
        const bool is_text = is_web_address(text_address) ? settings_.is_text : std::filesystem::exists(text_address);
        if (!is_text) return read_rights(json_from(fetcher, address_of("vcs", "json")).root());
        const Fetched answer = fetcher.get(text_address);
        if (answer.content_type != "text/plain")
            throw InputError(text_address + ": expected text/plain, got \"" + answer.content_type + "\"");
        return read_rights_text(answer.body);
    }

    // The groups that packages name, and those that the database lists.
    Names groups_of(const RawRights& raw, Fetcher& fetcher) const {
        Names names = read_groups(json_from(fetcher, address_of("groups", "json")).root());
        for (const auto& [space, packages] : raw.namespaces)
            for (const auto& [package, branches] : packages)
                for (const auto& [branch, committers] : branches)
                    names.insert(committers.groups.begin(), committers.groups.end());
        return names;
    }

    std::map<std::string, Names> fetch_groups(Fetcher& fetcher, const Names& names) const {
        const std::unique_ptr<GroupSource> source = make_group_source(settings_.groups, fetcher, parse_);
        std::map<std::string, Names> groups;
        for (const auto& [name, source_name] : settings_.group_names) groups[name] = source->members_of(source_name);
        for (const std::string& name : names) {
            if (is_cancelled()) throw Stopped(RunReport::End::cancelled, "the hub stops");
            if (name != "packager" && groups.count(name) == 0 && name.find_first_of("/:\n ") == std::string::npos)
                groups[name] = source->members_of(name);
        }
        return groups;
    }

    void note(const LeftOut& left_out) {
        report_.warnings = left_out.lines();
        report_.left_out_packages = left_out.package_count;
        report_.left_out_branches = left_out.branch_count;
    }

    void compare() {
        const std::optional<std::string> last_good = Generations(settings_.target).last_good();
        const ConfView before = ConfView::of(last_good.value_or(""));
        const ConfView now = ConfView::of(text_);
        report_.used_groups = now.group_names();
        for (const auto& [name, source_name] : settings_.group_names) report_.used_groups.insert(source_name);
        report_.diff = diff_of(before, now);
        objections_ = objections(last_good ? &before : nullptr, now, settings_.limits);
    }

    void proceed(bool is_tried) {
        compare();
        if (!objections_.empty() && !context_.is_forced)
            throw Stopped(RunReport::End::refused, "refused: " + joined(objections_));
        report_.was_forced = !objections_.empty();
        if (report_.was_forced) report_.warnings.push_back("forced past the shrink guard: " + joined(objections_));
        if (Generations(settings_.target).is_in_force(text_) && context_.mode == RunMode::publish) {
            report_.end = RunReport::End::unchanged;
            return;
        }
        report_.end = RunReport::End::checked;
        if (context_.mode == RunMode::diff) return;
        if (is_tried && !settings_.trial.gitolite.empty()) try_it();
        if (context_.mode == RunMode::publish) install();
    }

    void try_it() {
        const ScratchDirectory scratch(settings_.target.parent_path(), kScratch);
        TrialOptions options = settings_.trial;
        options.is_cancelled = context_.is_cancelled;
        const std::vector<std::string> problems = try_conf(text_, scratch.path(), options);
        after("tried");
        if (!problems.empty()) throw Stopped(RunReport::End::refused, "the trial failed: " + joined(problems));
    }

    void install() {
        if (!aliases_.empty()) replace_file(settings_.aliases, aliases_);
        Publication publication;
        publication.target = settings_.target;
        publication.keep = settings_.keep;
        publication.after = context_.after;
        if (settings_.uses_service)
            publication.compile = [this](const std::string& digest) { return compile_by_service(digest); };
        else if (!settings_.compile_command.empty())
            publication.compile = [this](const std::string&) { return compile_directly(); };
        const PublishResult result = publish(text_, publication);
        if (!result.is_success())
            throw Stopped(is_cancelled() ? RunReport::End::cancelled : RunReport::End::failed,
                          (result.end == PublishResult::End::restored ? "the earlier configuration is in force again: "
                                                                      : "NO GOOD CONFIGURATION IS IN FORCE: ") +
                              result.detail);
        report_.end =
            result.end == PublishResult::End::published ? RunReport::End::published : RunReport::End::unchanged;
    }

    CompileOutcome compile_by_service(const std::string& digest) const {
        VerdictWait wait = settings_.service;
        wait.is_cancelled = context_.is_cancelled;
        return request_compile(digest, wait);
    }

    // Not cancelled by a stop: it is short, and half a compile helps nobody.
    CompileOutcome compile_directly() const {
        fedmsg_plugins::ChildCommand command;
        command.arguments = settings_.compile_command;
        command.time_limit = settings_.trial.time_limit;
        if (!settings_.compile_home.empty()) command.environment.push_back("HOME=" + settings_.compile_home.string());
        const fedmsg_plugins::ChildResult result = fedmsg_plugins::run_child(command);
        if (!result.is_success()) return {CompileOutcome::Kind::bad, "the compile failed: " + result.describe()};
        const Path compiled = settings_.target.string() + "-compiled.pm";
        const bool is_wanted = !settings_.compiled_owner.empty() || !settings_.compiled_group.empty();
        if (is_wanted && std::filesystem::exists(compiled))
            set_owner(compiled, settings_.compiled_owner, settings_.compiled_group);
        return {};
    }

    const RunSettings& settings_;
    const ParseJson& parse_;
    const RunContext& context_;
    RunReport report_;
    std::string text_;
    std::string aliases_;
    std::vector<std::string> objections_;
};

}  // namespace

RunReport run_acls(const RunSettings& settings, const ParseJson& parse, const RunContext& context) {
    Run run(settings, parse, context);
    return run.guarded([&] { run.acls(); });
}

RunReport run_prefix(const RunSettings& settings, const ParseJson& parse, const RunContext& context) {
    Run run(settings, parse, context);
    return run.guarded([&] { run.prefix(); });
}

RunReport roll_back(const RunSettings& settings, int generation, const RunContext& context) {
    const ParseJson no_json;
    Run run(settings, no_json, context);
    return run.guarded([&] { run.roll_back(generation); });
}

}  // namespace genacls
