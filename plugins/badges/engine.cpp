#include "badges/engine.hpp"

#include <filesystem>
#include <fstream>
#include <random>
#include <utility>

#include "badges/directory/fasjson_directory.hpp"
#include "badges/directory/yaml_directory.hpp"
#include "support/secret_file.hpp"

namespace badges {
namespace {

std::function<double()> random_numbers() {
    auto engine = std::make_shared<std::mt19937_64>(std::random_device()());
    return [engine] { return std::uniform_real_distribution<double>(0, 1)(*engine); };
}

AwardStore::Settings store_settings(const Settings& settings, std::function<void(const char*)> at_step) {
    AwardStore::Settings out;
    out.issuer_origin = settings.issuer.origin;
    out.always_publish_rank = settings.always_publish_rank;
    out.at_step = std::move(at_step);
    return out;
}

std::string without_line_end(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    return text;
}

std::string first_line(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::string line;
    std::getline(in, line);
    return line;
}

// The commit of "refs/heads/main", which may be a file or a line of packed-refs.
std::string commit_of(const std::filesystem::path& git, const std::string& ref) {
    if (std::string commit = first_line(git / ref); !commit.empty()) return commit;
    std::ifstream in(git / "packed-refs");
    for (std::string line; std::getline(in, line);)
        if (line.size() > 41 && line.substr(41) == ref) return line.substr(0, 40);
    return {};
}

}  // namespace

std::unique_ptr<AccountDirectory> open_directory(const Settings& settings) {
    if (!settings.accounts_file.empty()) return std::make_unique<YamlDirectory>(settings.accounts_file);
    FasjsonSettings fasjson;
    fasjson.base_url = settings.directory_url;
    fasjson.time_limit = settings.directory_limit;
    fasjson.http.user_agent = "fedmsg-hub badges";
    if (!settings.directory_user.empty())
        fasjson.authorization = fedmsg_plugins::basic_authorization(
            settings.directory_user,
            without_line_end(fedmsg_plugins::read_secret_file(settings.directory_password_file)));
    return std::make_unique<FasjsonDirectory>(fasjson);
}

std::string git_commit(const std::string& directory) {
    std::error_code ignored;  // no repository, no commit
    for (auto place = std::filesystem::absolute(directory, ignored); place.has_relative_path();
         place = place.parent_path()) {
        const auto git = place / ".git";
        if (!std::filesystem::is_directory(git, ignored)) continue;
        const std::string head = first_line(git / "HEAD");
        return (head.rfind("ref: ", 0) == 0 ? commit_of(git, head.substr(5)) : head).substr(0, 12);
    }
    return {};
}

BadgeRow row_of(const Badge& badge) {
    BadgeRow row{badge.id, badge.name, badge.image_url, badge.description, badge.discussion, ""};
    for (const std::string& tag : badge.tags) row.tags += tag + ",";
    return row;
}

Engine::Engine(Settings all, const std::string& state_directory, Hooks all_hooks,
               std::function<void(const char*)> at_step)
    : settings(std::move(all)),
      hooks(std::move(all_hooks)),
      awards_database(settings.awards_url, state_directory),
      history_database(settings.history_url, state_directory, Durability::normal),
      awards(awards_database, store_settings(settings, std::move(at_step))),
      history(history_database),
      work(history_database, {}, random_numbers()),
      accounts(open_directory(settings)),
      directory(*accounts, hooks.now),
      awarder(awards, history, directory, settings, hooks) {}

void Engine::open_history() {
    history.set_up();
    work.set_up();
}

bool Engine::load_rules() {
    std::string fingerprint = RuleSet::fingerprint(settings.rule_directory);
    if (rules && fingerprint == fingerprint_) return false;
    rules = RuleSet::load(settings.rule_directory, {}, rules.get());
    fingerprint_ = std::move(fingerprint);
    awarder.set_commit(git_commit(settings.rule_directory));
    awarder.health().clear();
    is_set_up_ = false;
    return true;
}

void Engine::set_up_awards() {
    if (is_set_up_) return;
    awards.set_up(settings.issuer, hooks.now());
    std::vector<BadgeRow> rows;
    for (const RulePtr& rule : rules->rules()) rows.push_back(row_of(rule->badge()));
    for (const std::string& line : awards.sync(rows, hooks.now())) hooks.alert(line);
    const long long given = awards.awards_since(hooks.now() - std::chrono::hours(1));
    awarder.limit().start_with(given, seconds_now());
    is_set_up_ = true;
}

double Engine::seconds_now() const {
    return std::chrono::duration<double>(hooks.now().time_since_epoch()).count();
}

}  // namespace badges
