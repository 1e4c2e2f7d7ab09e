// What operators ask of the bot: check, explain, and the commands of fedmsg-tweet. Another instance may be at work in
// the hub at the same time; both use the same ledger.
#include <fstream>
#include <iostream>

#include "twitterbot/service/oauth2.hpp"
#include "twitterbot/twitterbot.hpp"

namespace twitterbot {

using fedmsg_hub::Json;
using fedmsg_hub::Message;
using fedmsg_hub::ParsedJson;
using fedmsg_hub::Problems;
using fedmsg_plugins::DeliveryRow;
using fedmsg_plugins::DeliveryState;
using fedmsg_plugins::SecretFileError;

namespace {

constexpr std::size_t kMostRows = 10'000;
constexpr char kUsage[] =
    "check                          are the credentials good, do the services answer?\n"
    "post [--account NAME] TEXT     post a text (a dry run only shows it)\n"
    "pending [ACCOUNT]              what waits, and what was given up\n"
    "retry MSG_ID... | --all        try again what was given up\n"
    "resume ACCOUNT                 let a stopped account go on\n"
    "authorize ACCOUNT [ANSWER]     give an account consent by OAuth 2\n"
    "text FILE                      what would be posted for the messages of a file (JSON lines)\n";

}  // namespace

const AccountSettings* Twitterbot::find_account(const std::string& name) const {
    for (const AccountSettings& account : accounts_)
        if (account.name == name) return &account;
    return nullptr;
}

void Twitterbot::check(Problems& problems) {
    if (accounts_.empty()) problems.add("twitterbot.accounts", "there is no account, so nothing is ever posted");
    for (const AccountSettings& account : accounts_) {
        if (!account.has_file() && account.inline_keys.token.empty()) continue;  // a dry run without credentials
        try {
            const Verdict verdict = client_for(account)->check();
            if (verdict.meaning != Meaning::success)
                problems.add("account " + account.name, std::string(name_of(verdict.meaning)) + ": " + verdict.reason);
        } catch (const SecretFileError& error) {
            problems.add("account " + account.name, error.what());
        }
    }
}

void Twitterbot::explain(const Message& message, std::ostream& out) {
    const Event event = event_of(message);
    for (const AccountSettings& account : accounts_) {
        out << "account " << account.name << "\n";
        for (std::size_t at = 0; at < account.routes.size(); ++at) {
            const std::vector<RouteTest> tests = tried(account.routes[at], event);
            out << "  route " << at << "\n";
            for (const RouteTest& test : tests)
                out << "    " << test.what << ": " << (test.passed ? "yes" : "no") << " (" << test.found << ")\n";
            if (!tests.empty() && tests.back().passed) break;
        }
    }
    show_texts(event, out);
}

// One JSON line for each account that would post something.
void Twitterbot::show_texts(const Event& event, std::ostream& out) const {
    for (const AccountSettings& account : accounts_) {
        const Route* route = account.route_for(event);
        if (route == nullptr) continue;
        const BuiltPost built = build_post(*route, event);
        Json line = Json::object({{"account", account.name}, {"msg_id", event.msg_id}});
        if (!built.problem.empty()) {
            out << line.set("skipped", built.problem).text() << "\n";
            continue;
        }
        const std::string text = fit(built.draft, account.queue.dry_rule);
        line.set("text", text).set("length", length_of(text, account.queue.dry_rule));
        if (!built.picture_url.empty()) line.set("picture", built.picture_url).set("alt", built.picture_alt);
        out << line.text() << "\n";
    }
}

int Twitterbot::command(const Words& arguments, std::ostream& out, std::ostream& error) {
    const std::string what = arguments.empty() ? "" : arguments.front();
    const Words words(arguments.begin() + (arguments.empty() ? 0 : 1), arguments.end());
    if (what == "check" && words.empty()) return check_command(out);
    if (what == "text" && words.size() == 1) return text_command(words, out, error);
    if (what == "authorize" && !words.empty() && words.size() <= 2) return authorize_command(words, out, error);
    const bool is_known = (what == "post" && !words.empty()) || (what == "pending" && words.size() <= 1) ||
                          (what == "retry" && !words.empty()) || (what == "resume" && words.size() == 1);
    if (!is_known) {
        error << kUsage;
        return 2;
    }
    open();
    if (what == "post") return post_command(words, out, error);
    if (what == "pending") return pending_command(words, out);
    return what == "retry" ? retry_command(words, out, error) : resume_command(words, out, error);
}

int Twitterbot::check_command(std::ostream& out) {
    std::string all;
    const auto add = [](void* arg, fedmsg_hub_text text) {
        static_cast<std::string*>(arg)->append(text.data, static_cast<std::size_t>(text.size)).append("\n");
    };
    Problems problems(add, &all);
    check(problems);
    out << (problems.count() == 0 ? "All accounts are well.\n" : all);
    return problems.count() == 0 ? 0 : 1;
}

// Through the ledger like everything else; waits for nothing, so what does not go at once is left to the hub.
int Twitterbot::post_command(Words words, std::ostream& out, std::ostream& error) {
    std::string only;
    if (words.size() > 2 && words.front() == "--account") {
        only = words[1];
        words.erase(words.begin(), words.begin() + 2);
    }
    if (words.size() != 1 || clean(words.front()).empty()) return error << "post takes one text: quote it\n", 2;
    if (!only.empty() && find_account(only) == nullptr) return error << "there is no account " << only << "\n", 2;
    const std::string id = "command-" + random_text(16);
    bool is_all_done = true;
    for (Worker& worker : workers_) {
        if (!only.empty() && worker.settings->name != only) continue;
        const double time = seconds();
        worker.queue->admit_text(id, words.front(), time);
        for (int step = 0; step < 3 && worker.queue->step(seconds()) <= seconds(); ++step) {
        }
        const auto row = ledger_->find({worker.settings->name, id, "post"});
        const std::string state = row ? name_of(row->state) : "lost";
        out << worker.settings->name << ": " << state << (row && !row->remote_id.empty() ? " " + row->remote_id : "")
            << (row && !row->error.empty() ? ": " + row->error : "") << "\n";
        if (is_dry_run()) out << fit({words.front(), {}, {}, {}}, worker.settings->queue.dry_rule) << "\n";
        is_all_done = is_all_done && row && row->state == DeliveryState::done;
    }
    return is_all_done ? 0 : 1;
}

int Twitterbot::pending_command(const Words& words, std::ostream& out) {
    const std::string account = words.empty() ? "" : words.front();
    for (const DeliveryState state : {DeliveryState::pending, DeliveryState::inflight, DeliveryState::dead})
        for (const DeliveryRow& row : ledger_->in_state(state, account, kMostRows))
            out << name_of(state) << " " << row.key.target << " " << row.key.msg_id << " attempts " << row.attempts
                << (row.error.empty() ? "" : ": " + row.error) << "\n";
    return 0;
}

// Its age counts from now on.
bool Twitterbot::revive(const DeliveryRow& row) {
    Payload payload = Payload::parse(row.payload, options().values().functions());
    payload.time = seconds();
    payload.ambiguous_since = 0;
    fedmsg_plugins::Ledger::Transaction together(*ledger_);
    if (!ledger_->revive(row.key, seconds())) return false;
    ledger_->replace_payload(row.key, payload.json(), seconds());
    together.commit();
    return true;
}

int Twitterbot::retry_command(const Words& words, std::ostream& out, std::ostream& error) {
    int count = 0;
    for (const DeliveryRow& row : ledger_->in_state(DeliveryState::dead, "", kMostRows)) {
        const bool is_meant =
            words.front() == "--all" || std::find(words.begin(), words.end(), row.key.msg_id) != words.end();
        if (!is_meant || !revive(row)) continue;
        out << row.key.target << " " << row.key.msg_id << " will be tried again\n";
        ++count;
    }
    if (count > 0) return 0;
    error << "nothing of that was given up; fedmsg-tweet pending shows what was\n";
    return 1;
}

int Twitterbot::resume_command(const Words& words, std::ostream& out, std::ostream& error) {
    if (find_account(words.front()) == nullptr) return error << "there is no account " << words.front() << "\n", 2;
    store_->set_number(words.front(), "resumed", seconds());
    out << words.front() << " goes on within a few seconds\n";
    return 0;
}

// Twice: first it prints the URL, then it takes the address to which the browser was sent.
int Twitterbot::authorize_command(const Words& words, std::ostream& out, std::ostream& error) {
    const AccountSettings* account = find_account(words.front());
    if (account == nullptr || account->x.auth != Auth::oauth2)
        return error << "there is no account " << words.front() << " with auth: oauth2\n", 2;
    open();
    Credentials credentials = credentials_of(*account, true);
    if (words.size() == 1) {
        const Consent consent{random_text(32), random_text(16)};
        store_->set_note(account->name, "oauth2_verifier", consent.verifier);
        store_->set_note(account->name, "oauth2_state", consent.state);
        out << "Open this page as the account's owner and agree:\n\n"
            << consent_url(account->authorize_url, credentials.client_id, account->redirect_url, consent)
            << "\n\nThen give the address to which your browser was sent:\n\n    fedmsg-tweet authorize "
            << account->name << " 'ADDRESS'\n";
        return 0;
    }
    const Consent consent{store_->note(account->name, "oauth2_verifier"), store_->note(account->name, "oauth2_state")};
    try {
        const Verdict verdict = exchange_code(account->x.base_url, account->x.credentials_file, account->redirect_url,
                                              code_from(words[1], consent), consent, credentials, surroundings());
        store_->set_note(account->name, "oauth2_verifier", "");
        if (verdict.meaning != Meaning::success) return error << verdict.reason << "\n", 1;
    } catch (const std::invalid_argument& problem) {
        return error << problem.what() << "\n", 1;
    }
    out << "The tokens are in " << account->x.credentials_file << "\n";
    return 0;
}

int Twitterbot::text_command(const Words& words, std::ostream& out, std::ostream& error) {
    std::ifstream file(words.front());
    if (!file) return error << "cannot open " << words.front() << "\n", 1;
    int code = 0;
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        try {
            const ParsedJson json = parse(line);
            show_texts(event_of(json.root()), out);
        } catch (const fedmsg_hub::ValueError& problem) {
            error << words.front() << ":" << number << ": " << problem.what() << "\n";
            code = 1;
        }
    }
    return code;
}

}  // namespace twitterbot
