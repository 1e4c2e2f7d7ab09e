#include "twitterbot/queue/account_queue.hpp"

#include <algorithm>
#include <limits>

namespace twitterbot {

using fedmsg_hub::Json;
using fedmsg_plugins::DeliveryState;
using fedmsg_plugins::Ledger;

namespace {

constexpr char kPost[] = "post";
constexpr char kAmbiguous[] = "ambiguous";  // in the reasons of posts that may be public
constexpr char kEnded[] = "the process ended while it was sent";
constexpr double kAbandoned = 600;  // seconds after which no process can still wait for an answer
constexpr double kIdle = 60;        // seconds between two looks for what another process has put in
constexpr double kStoppedLook = 5;  // between two looks at the credentials of a stopped account
constexpr double kMediaLife = 20 * 3600;
constexpr double kMediaPatience = 60;  // for a picture that the server still works on
constexpr double kFirstLookUp = 5;
constexpr double kNextLookUp = 60;
constexpr int kMostLookUps = 5;
constexpr double kKeyMargin = 300;  // a key is trusted so much shorter than it lives
constexpr double kProbe = 30;       // between attempts while the breaker is open
constexpr double kDailyLimitStep = 3600;
constexpr std::size_t kMoreThanAnHour = 10;
constexpr std::size_t kShorter = 20;
constexpr std::size_t kMostRows = 10'000;

constexpr double kNever = std::numeric_limits<double>::infinity();

std::string with_count(std::string text, double count) {
    const std::string field = "{count}";
    const auto at = text.find(field);
    if (at != std::string::npos) text.replace(at, field.size(), std::to_string(static_cast<long long>(count)));
    return text;
}

}  // namespace

AccountQueue::AccountQueue(QueueSettings settings, QueueHooks hooks, Ledger& ledger, Store& store)
    : settings_(std::move(settings)), hooks_(std::move(hooks)), ledger_(ledger), store_(store) {}

AccountQueue::Key AccountQueue::key_of(const std::string& id) const {
    return {settings_.account, id, kPost};
}

void AccountQueue::log(fedmsg_hub_level level, const Key& key, const std::string& what) const {
    hooks_.log(level, "account " + key.target + ", message " + key.msg_id + ": " + what);
}

// ---- What comes in

AccountQueue::Admission AccountQueue::skip(const Key& key, const std::string& why, double now) {
    if (!ledger_.skip(key, why, now)) return Admission::known;
    hooks_.count("skipped");
    log(FEDMSG_HUB_INFO, key, "skipped: " + why);
    return Admission::skipped;
}

// True if another message brought the same text lately. One that never went out does not count; one that was given up
// as ambiguous may be public, and does.
bool AccountQueue::is_near_duplicate(const std::string& id, const std::string& text, double now) {
    const std::string digest = sha256(text);
    const auto other = store_.claim_text(settings_.account, digest, id, now, now - settings_.duplicate_window);
    if (!other) return false;
    const auto row = ledger_.find(key_of(*other));
    const bool is_given_up = !row || row->state == DeliveryState::skipped || row->state == DeliveryState::dead;
    const bool has_gone = !is_given_up || (row && row->error.find(kAmbiguous) != std::string::npos);
    if (!has_gone) store_.claim_text(settings_.account, digest, id, now, kNever);
    return has_gone;
}

AccountQueue::Admission AccountQueue::admit(const Event& event, const Route& route, const BuiltPost& built,
                                            double now) {
    const std::string forced = "#forced-" + std::to_string(static_cast<long long>(now * 1000));
    const Key key = key_of(settings_.ignores_ledger ? event.msg_id + forced : event.msg_id);
    if (now - event.timestamp > settings_.max_age) return skip(key, "it is older than max_age", now);
    if (!built.problem.empty()) return skip(key, "there is no text for it: " + built.problem, now);
    if (ledger_.find(key)) return Admission::known;
    if (!settings_.ignores_ledger && is_near_duplicate(key.msg_id, built.draft.whole(), now))
        return skip(key, "the same text went to this account within duplicate_window", now);
    hooks_.at_step("claimed");
    Payload payload;
    payload.draft = built.draft;
    payload.picture_url = built.picture_url;
    payload.picture_alt = built.picture_alt;
    payload.is_picture_required = route.is_picture_required;
    payload.visibility = route.visibility;
    payload.time = event.timestamp;
    const bool is_new = ledger_.reserve(key, payload.json(), now);
    hooks_.at_step("reserved");
    return is_new ? Admission::queued : Admission::known;
}

bool AccountQueue::admit_text(const std::string& id, const std::string& text, double now) {
    Payload payload;
    payload.draft.head = text;
    payload.time = now;
    return ledger_.reserve(key_of(id), payload.json(), now);
}

// ---- Housekeeping

std::size_t AccountQueue::length() {
    return ledger_.count(DeliveryState::pending, settings_.account);
}

double AccountQueue::oldest_age(double now) {
    const std::vector<Row> rows = ledger_.in_state(DeliveryState::pending, settings_.account, 1);
    return rows.empty() ? 0 : now - rows.front().created;
}

std::optional<Payload> AccountQueue::payload_of(const Row& row, double now) {
    try {
        return Payload::parse(row.payload, hooks_.json);
    } catch (const fedmsg_hub::ValueError& error) {
        give_up(row.key, std::string("its row in the ledger cannot be read: ") + error.what(), now);
        return std::nullopt;
    }
}

void AccountQueue::leave_out(const Row& row, const std::string& why, double now) {
    store_.set_number(settings_.account, "dropped", store_.number(settings_.account, "dropped") + 1);
    ledger_.leave_out(row.key, row.error.empty() ? why : why + "; last: " + row.error, now);
    hooks_.count("dropped");
    log(FEDMSG_HUB_WARNING, row.key, "dropped: " + why);
}

// Old ones, then the oldest of what is too much. `rows`: all that are pending, oldest first; keeps those that stay.
void AccountQueue::drop_old(std::vector<Row>& rows, double now) {
    std::vector<Row> kept;
    for (const Row& row : rows) {
        const auto payload = payload_of(row, now);
        if (payload && now - payload->time > settings_.max_age)
            leave_out(row, "it waited until it was older than max_age", now);
        else if (payload)
            kept.push_back(row);
    }
    const std::size_t excess = kept.size() > settings_.max_queue ? kept.size() - settings_.max_queue : 0;
    for (std::size_t at = 0; at < excess; ++at) leave_out(kept[at], "more than max_queue posts wait", now);
    kept.erase(kept.begin(), kept.begin() + static_cast<std::ptrdiff_t>(excess));
    rows = std::move(kept);
}

// When everything that waited is out: one post for what was dropped. Its id is a number that only grows, so that a
// crash between the two writes makes no second one.
void AccountQueue::sum_up(bool is_idle, double now) {
    const double dropped = store_.number(settings_.account, "dropped");
    if (settings_.summary.empty() || dropped < 1 || !is_idle) return;
    const double number = store_.number(settings_.account, "summaries") + 1;
    admit_text("summary-" + std::to_string(static_cast<long long>(number)), with_count(settings_.summary, dropped),
               now);
    hooks_.at_step("summed up");
    store_.set_number(settings_.account, "summaries", number);
    store_.set_number(settings_.account, "dropped", 0);
}

// ---- When

// The time from which the next post may go.
double AccountQueue::ready_at(double now) {
    double ready = store_.number(settings_.account, "blocked_until");
    double longest = settings_.pause;
    for (const RateLimit& limit : settings_.limits) longest = std::max(longest, limit.period);
    const std::vector<double> sent = store_.sent_since(settings_.account, now - longest);
    if (!sent.empty()) ready = std::max(ready, sent.back() + settings_.pause);
    for (const RateLimit& limit : settings_.limits)
        if (sent.size() >= limit.posts) ready = std::max(ready, sent[sent.size() - limit.posts] + limit.period);
    if (has_open_breaker()) ready = std::max(ready, last_failure_ + kProbe);
    return ready;
}

void AccountQueue::stop(const std::string& why, double now) {
    fault_ = why;
    fault_time_ = now;
    fault_stamp_ = hooks_.stamp();
    service_.reset();
    hooks_.count("account_faults");
    hooks_.log(FEDMSG_HUB_ERROR, "account " + settings_.account + " is stopped: " + why +
                                     ". Mend it and rewrite the credentials file, or run: fedmsg-tweet resume " +
                                     settings_.account);
}

// A stopped account goes on when its credentials file has changed, or an operator says so.
bool AccountQueue::is_stopped(double now) {
    if (!fault_.empty()) {
        const bool is_mended =
            hooks_.stamp() != fault_stamp_ || store_.number(settings_.account, "resumed") > fault_time_;
        if (!is_mended) return true;
        hooks_.log(FEDMSG_HUB_INFO, "account " + settings_.account + " goes on");
        fault_.clear();
    }
    if (service_ || settings_.is_dry_run) return false;
    try {
        service_ = hooks_.open();
    } catch (const fedmsg_plugins::SecretFileError& error) {
        stop(error.what(), now);
    }
    return !fault_.empty();
}

double AccountQueue::next_look_up() const {
    double next = kNever;
    for (const auto& [id, look_up] : look_ups_) next = std::min(next, look_up.due);
    return next;
}

double AccountQueue::step(double now) {
    std::vector<Row> rows = ledger_.in_state(DeliveryState::pending, settings_.account, kMostRows);
    drop_old(rows, now);
    if (is_stopped(now)) return now + kStoppedLook;
    look_up_due(now);
    if (now >= next_take_over_) {
        next_take_over_ = now + kIdle;
        take_over(now, now - kAbandoned);
    }
    sum_up(rows.empty(), now);
    const double ready = settings_.is_dry_run ? now : ready_at(now);
    const auto is_due = [now](const Row& row) { return row.next_try <= now; };
    const auto next = std::find_if(rows.begin(), rows.end(), is_due);
    double again = std::min(now + kIdle, next_look_up());
    if (next != rows.end() && now < ready) return std::min(again, ready);
    if (next != rows.end()) {
        auto payload = payload_of(*next, now);
        if (payload && prepare(*next, *payload, now)) send(*next, *payload, now);
        return std::min(again, now);  // perhaps there is more
    }
    for (const Row& row : rows) again = std::min(again, std::max(row.next_try, ready));
    return std::max(again, now);
}

// ---- Getting ready

bool AccountQueue::prepare(const Row& row, Payload& payload, double now) {
    if (settings_.is_dry_run) return true;
    shorten_link(row, payload, now);
    return prepare_picture(row, payload, now);
}

// The short link is kept, so that each attempt has the same text.
void AccountQueue::shorten_link(const Row& row, Payload& payload, double now) {
    if (!hooks_.shorten || payload.is_link_short || payload.draft.link.empty()) return;
    payload.draft.link = hooks_.shorten(payload.draft.link).value_or(payload.draft.link);
    payload.is_link_short = true;
    ledger_.replace_payload(row.key, payload.json(), now);
}

// False: not yet, or not at all; the row says what is next.
bool AccountQueue::prepare_picture(const Row& row, Payload& payload, double now) {
    if (payload.picture_url.empty()) return true;
    if (!payload.media_id.empty() && now - payload.media_time < kMediaLife)
        return payload.is_media_ready || await_media(row, payload, now);
    return upload(row, payload, now);
}

bool AccountQueue::without_picture(const Row& row, Payload& payload, const Verdict& verdict, double now) {
    hooks_.count("pictures_failed");
    if (verdict.meaning == Meaning::account_fault) {
        stop(verdict.reason, now);
        return false;
    }
    if (!payload.is_picture_required) {
        log(FEDMSG_HUB_WARNING, row.key, "goes without its picture: " + verdict.reason);
        payload.picture_url.clear();
        payload.media_id.clear();
        ledger_.replace_payload(row.key, payload.json(), now);
        return true;
    }
    if (verdict.meaning == Meaning::permanent || verdict.meaning == Meaning::bad_text)
        return give_up(row.key, "its picture: " + verdict.reason, now), false;
    payload.media_id.clear();
    ledger_.replace_payload(row.key, payload.json(), now);
    ledger_.postpone(row.key, verdict.until.value_or(now + kNextLookUp), now);
    return false;
}

bool AccountQueue::upload(const Row& row, Payload& payload, double now) {
    const std::string picture = sha256(payload.picture_url + "\n" + payload.picture_alt);
    if (service_->reuses_media())
        if (const auto known = store_.media(settings_.account, picture, now - kMediaLife)) {
            payload.media_id = *known;
            return payload.is_media_ready = true;
        }
    const PictureCache::Result found = hooks_.picture(payload.picture_url, now);
    if (found.is_cancelled) return false;
    if (!found.problem.empty()) return without_picture(row, payload, {Meaning::transient, found.problem, {}, {}}, now);
    const Upload upload = service_->upload({found.bytes, found.content_type, payload.picture_alt});
    hooks_.at_step("uploaded");
    if (upload.verdict.meaning == Meaning::cancelled) return false;
    if (upload.verdict.meaning != Meaning::success) return without_picture(row, payload, upload.verdict, now);
    payload.media_id = upload.media_id;
    payload.media_time = now;
    payload.is_media_ready = upload.is_ready;
    ledger_.replace_payload(row.key, payload.json(), now);
    if (service_->reuses_media()) store_.keep_media(settings_.account, picture, upload.media_id, now);
    hooks_.at_step("picture kept");
    if (!upload.is_ready) ledger_.postpone(row.key, now + 1, now);
    return upload.is_ready;
}

bool AccountQueue::await_media(const Row& row, Payload& payload, double now) {
    const Upload state = service_->media_state(payload.media_id);
    if (state.verdict.meaning != Meaning::success) return without_picture(row, payload, state.verdict, now);
    if (state.is_ready) {
        payload.is_media_ready = true;
        ledger_.replace_payload(row.key, payload.json(), now);
        return true;
    }
    if (now - payload.media_time > kMediaPatience)
        return without_picture(row, payload, {Meaning::transient, "the server does not get ready with it", {}, {}},
                               now);
    ledger_.postpone(row.key, now + 1, now);
    return false;
}

// ---- Sending

Post AccountQueue::post_of(const Row& row, const Payload& payload, double now) {
    const LengthRule rule = service_->length_rule();
    Post post{fit(payload.draft, rule, payload.spare), payload.media_id, payload.visibility, settings_.language,
              row.key.msg_id};
    if (post.visibility.empty()) post.visibility = settings_.visibility;
    if (post.visibility.empty() && service_->key_lifetime() > 0) {
        const bool is_much = store_.sent_since(settings_.account, now - 3600).size() > kMoreThanAnHour;
        post.visibility = is_much ? "unlisted" : "public";
    }
    return post;
}

// What a dry run does in place of sending.
void AccountQueue::show(const Row& row, const Payload& payload, double now) {
    ledger_.begin(row.key, now);
    Json line = Json::object({{"dry_run", true},
                              {"plugin", "twitterbot"},
                              {"account", settings_.account},
                              {"msg_id", row.key.msg_id},
                              {"text", fit(payload.draft, settings_.dry_rule)}});
    if (!payload.picture_url.empty()) line.set("picture", payload.picture_url).set("alt", payload.picture_alt);
    hooks_.log(FEDMSG_HUB_INFO, line.text());
    ledger_.done(row.key, "dry-run", now);
    hooks_.count("done");
}

void AccountQueue::send(const Row& row, Payload payload, double now) {
    if (settings_.is_dry_run) return show(row, payload, now);
    const double life = service_->key_lifetime();
    if (payload.ambiguous_since > 0 && now - payload.ambiguous_since > life - kKeyMargin)
        return give_up(row.key, "ambiguous: it may have been posted, and the service no longer knows its key", now);
    const Post post = post_of(row, payload, now);
    hooks_.at_step("prepared");
    store_.note_sent(settings_.account, now);
    if (!ledger_.begin(row.key, now)) return;  // another process has it
    hooks_.at_step("begun");
    const Verdict verdict = service_->post(post);
    hooks_.at_step("answered");
    if (const auto until = service_->exhausted_until()) store_.set_number(settings_.account, "blocked_until", *until);
    settle(row, std::move(payload), verdict, now);
    hooks_.at_step("settled");
}

void AccountQueue::settle(const Row& row, Payload payload, const Verdict& verdict, double now) {
    if (verdict.meaning != Meaning::transient) failures_in_a_row_ = 0;
    switch (verdict.meaning) {
        case Meaning::success:
            return succeed(row.key, verdict.remote_id, "", now);
        case Meaning::duplicate:
            return succeed(row.key, verdict.remote_id, "the service has it already: " + verdict.reason, now);
        case Meaning::bad_text:
            return settle_bad_text(row, std::move(payload), verdict, now);
        case Meaning::permanent:
            return give_up(row.key, verdict.reason, now);
        case Meaning::account_fault:
            ledger_.retry(row.key, verdict.reason, now, false, now);
            return stop(verdict.reason, now);
        case Meaning::rate:
            return settle_rate(row, verdict, now);
        case Meaning::transient:
            return settle_transient(row, verdict, now);
        case Meaning::ambiguous:
            return settle_ambiguous(row, std::move(payload), verdict.reason, now);
        case Meaning::cancelled:
            ledger_.retry(row.key, verdict.reason, now, false, now);
            return;
    }
}

void AccountQueue::succeed(const Key& key, const std::string& remote_id, const std::string& note, double now) {
    ledger_.done(key, remote_id, now);
    hooks_.count("done");
    if (!note.empty()) hooks_.count("duplicates");
    log(FEDMSG_HUB_INFO, key, note.empty() ? "posted as " + remote_id : note);
}

void AccountQueue::give_up(const Key& key, const std::string& why, double now) {
    ledger_.give_up(key, why, now);
    hooks_.count("dead");
    log(FEDMSG_HUB_ERROR, key, "given up: " + why);
}

void AccountQueue::settle_rate(const Row& row, const Verdict& verdict, double now) {
    const double wait = verdict.is_daily_limit ? kDailyLimitStep : settings_.rate_wait;
    const double until = verdict.until.value_or(now + wait);
    store_.set_number(settings_.account, "blocked_until", until);
    ledger_.retry(row.key, verdict.reason, until, false, now);
    hooks_.count("rate_limited");
    log(FEDMSG_HUB_WARNING, row.key, "the service wants a pause: " + verdict.reason);
}

void AccountQueue::settle_bad_text(const Row& row, Payload payload, const Verdict& verdict, double now) {
    if (payload.spare > 0) return give_up(row.key, verdict.reason, now);
    payload.spare = kShorter;
    ledger_.replace_payload(row.key, payload.json(), now);
    ledger_.retry(row.key, verdict.reason, now, true, now);
    hooks_.count("retried");
}

void AccountQueue::settle_transient(const Row& row, const Verdict& verdict, double now) {
    ++failures_in_a_row_;
    last_failure_ = now;
    if (backoff_.is_over(row.created, now)) return give_up(row.key, verdict.reason, now);
    const double delay = backoff_.delay(row.attempts, hooks_.chance()).count();
    ledger_.retry(row.key, verdict.reason, now + delay, true, now);
    hooks_.count("retried");
    log(FEDMSG_HUB_WARNING, row.key, "will be tried again: " + verdict.reason);
}

// The row stays inflight until it is known what became of it, unless the service would know it again.
void AccountQueue::settle_ambiguous(const Row& row, Payload payload, const std::string& why, double now) {
    hooks_.count("ambiguous");
    log(FEDMSG_HUB_WARNING, row.key, "it may have been posted: " + why);
    if (service_->key_lifetime() <= 0) {
        const double since = payload.ambiguous_since > 0 ? payload.ambiguous_since : now;
        look_ups_[row.key.msg_id] = {now + kFirstLookUp, since, 0};
        return;
    }
    if (payload.ambiguous_since <= 0) payload.ambiguous_since = now;
    const double delay = backoff_.delay(row.attempts, hooks_.chance()).count();
    Ledger::Transaction together(ledger_);
    ledger_.replace_payload(row.key, payload.json(), now);
    ledger_.retry(row.key, "ambiguous: " + why, now + delay, true, now);
    together.commit();
    hooks_.count("retried");
}

// ---- After an unknown outcome

void AccountQueue::recover(double now) {
    take_over(now, now);
}

// What nobody is at work on any more: begun before a restart, or by an operator's command that has ended since.
void AccountQueue::take_over(double now, double touched_before) {
    for (const Row& row : ledger_.in_state(DeliveryState::inflight, settings_.account, kMostRows)) {
        if (row.updated > touched_before || look_ups_.count(row.key.msg_id) > 0) continue;
        auto payload = payload_of(row, now);
        if (!payload) continue;
        if (is_stopped(now)) {  // without credentials nobody can be asked
            look_ups_[row.key.msg_id] = {now, row.updated, 0};
            continue;
        }
        if (settings_.is_dry_run) {
            ledger_.retry(row.key, "", now, false, now);
            continue;
        }
        if (payload->ambiguous_since <= 0) payload->ambiguous_since = row.updated;
        settle_ambiguous(row, *payload, kEnded, now);
    }
}

void AccountQueue::look_up_due(double now) {
    std::vector<std::string> due;
    for (const auto& [id, look_up] : look_ups_)
        if (look_up.due <= now) due.push_back(id);
    for (const std::string& id : due) {
        LookUp next = look_ups_[id];
        look_ups_.erase(id);
        look_up(key_of(id), next, now);
        if (is_stopped(now)) return;
    }
}

void AccountQueue::look_up(const Key& key, LookUp& look_up, double now) {
    const auto row = ledger_.find(key);
    if (!row || row->state != DeliveryState::inflight) return;
    const auto payload = payload_of(*row, now);
    if (!payload) return;
    if (service_->key_lifetime() > 0) return settle_ambiguous(*row, *payload, kEnded, now);
    Verdict verdict;
    const std::string text = fit(payload->draft, service_->length_rule(), payload->spare);
    const Found found = service_->find_own(text, look_up.since, &verdict);
    if (found == Found::yes) return succeed(key, verdict.remote_id, "found among our own posts", now);
    const bool may_ask_again = found == Found::no || verdict.meaning == Meaning::transient ||
                               verdict.meaning == Meaning::ambiguous || verdict.meaning == Meaning::rate ||
                               verdict.meaning == Meaning::cancelled;
    const int most = found == Found::no ? 2 : kMostLookUps;
    if (may_ask_again && ++look_up.tries < most) {
        look_up.due = verdict.until.value_or(now + kNextLookUp);
        look_ups_[key.msg_id] = look_up;
        return;
    }
    give_up(key,
            found == Found::no ? "ambiguous: it is not among our latest posts, but may come to be"
                               : "ambiguous: it may have been posted, and cannot be looked up: " + verdict.reason,
            now);
}

}  // namespace twitterbot
