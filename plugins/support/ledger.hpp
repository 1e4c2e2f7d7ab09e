// What has left this machine, and what still has to: one row for each delivery of a plugin (consumers/README.md C3).
//
//     pending  -> inflight -> done      begin() right before sending, done() after the confirmation
//                          -> pending   retry(): failed in a way that another attempt may mend
//                          -> dead      failed for good, visible, can be revived by hand
//     pending  -> skipped               decided not to send
// A row that is found inflight at start is ambiguous: it may have been sent. What then is for the plugin.
//
// An SQLite file of the plugin's own, in WAL mode and with full sync: what a call has written survives a power cut.
// Several processes may use it at once. Times are seconds since the epoch, by the caller's clock. One thread per
// object. Errors: LedgerError, with the file's name; the database is then as before the call.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace fedmsg_plugins {

class LedgerError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

enum class DeliveryState { pending, inflight, done, skipped, dead };
const char* name_of(DeliveryState state);

// What makes a delivery unique, beside the plugin.
struct DeliveryKey {
    std::string target;  // an account, a job, a rule
    std::string msg_id;
    std::string kind;  // "post", "award", ...
};

struct DeliveryRow {
    DeliveryKey key;
    DeliveryState state = DeliveryState::pending;
    int attempts = 0;
    double next_try = 0;    // 0: at once
    std::string remote_id;  // what the service calls it
    std::string error;      // of the last attempt, or the reason of skipped and dead
    std::string payload;    // the plugin's
    double created = 0;
    double updated = 0;
};

class Ledger {
public:
    // Opens or makes the file; its directory must exist.
    Ledger(const std::string& file, std::string plugin);
    ~Ledger();
    Ledger(Ledger&&) noexcept;

    // Makes a pending row. False if there is one of this key, in whatever state.
    bool reserve(const DeliveryKey& key, const std::string& payload, double now);
    // Makes a row that says why nothing will be sent. False if there is one of this key.
    bool skip(const DeliveryKey& key, const std::string& reason, double now);

    // The following change a row. False, and nothing changed, if it is not in the state that they start from.
    bool begin(const DeliveryKey& key, double now);                               // from pending
    bool done(const DeliveryKey& key, const std::string& remote_id, double now);  // from inflight
    // From inflight. `counts`: this was an attempt (a rate limit is none).
    bool retry(const DeliveryKey& key, const std::string& error, double next_try, bool counts, double now);
    bool postpone(const DeliveryKey& key, double next_try, double now);             // from pending
    bool give_up(const DeliveryKey& key, const std::string& reason, double now);    // from pending or inflight: dead
    bool leave_out(const DeliveryKey& key, const std::string& reason, double now);  // from pending: skipped
    bool revive(const DeliveryKey& key, double now);  // from dead: pending, no attempts yet
    bool replace_payload(const DeliveryKey& key, const std::string& payload, double now);  // from pending or inflight

    std::optional<DeliveryRow> find(const DeliveryKey& key);
    // Oldest first, at most `limit`. `target`: empty for all.
    std::vector<DeliveryRow> in_state(DeliveryState state, const std::string& target, std::size_t limit);
    std::vector<DeliveryRow> due(const std::string& target, double now, std::size_t limit);  // pending, next_try <= now
    std::size_t count(DeliveryState state, const std::string& target);
    // The earliest next_try of a pending row.
    std::optional<double> next_due();

    // Removes rows done, skipped or dead that were last touched before `time`. How many.
    std::size_t forget(double time);

    // Several calls as one: all or nothing, one sync. Rolled back unless commit() was called.
    class Transaction {
    public:
        explicit Transaction(Ledger& ledger);
        ~Transaction();
        Transaction(const Transaction&) = delete;
        Transaction& operator=(const Transaction&) = delete;
        void commit();

    private:
        Ledger& ledger_;
        bool is_open_ = true;
    };

private:
    struct Database;
    std::unique_ptr<Database> database_;
};

}  // namespace fedmsg_plugins
