// What the bot remembers beside the ledger: which texts were taken, ids of uploaded pictures, when posts went out, and
// a few notes for each account. An SQLite file through SOCI (WAL, full sync); several processes may use it. Times are
// seconds since the epoch. One thread per object. Throws std::runtime_error with the file's name.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace twitterbot {

class Store {
public:
    explicit Store(const std::string& file);
    ~Store();

    // Notes the text as that of this message, unless another message has it since `oldest`; then that message's id.
    std::optional<std::string> claim_text(const std::string& account, const std::string& digest,
                                          const std::string& msg_id, double now, double oldest);

    std::optional<std::string> media(const std::string& account, const std::string& picture, double oldest);
    void keep_media(const std::string& account, const std::string& picture, const std::string& id, double now);

    // Times of posts of this account since `oldest`, oldest first.
    std::vector<double> sent_since(const std::string& account, double oldest);
    void note_sent(const std::string& account, double now);

    std::string note(const std::string& account, const std::string& name);  // empty: none
    void set_note(const std::string& account, const std::string& name, const std::string& value);
    double number(const std::string& account, const std::string& name);  // 0: none
    void set_number(const std::string& account, const std::string& name, double value);

    // Forgets texts, pictures and times before `time`.
    void forget(double time);

private:
    struct Database;
    std::unique_ptr<Database> database_;
};

}  // namespace twitterbot
