// A history in memory, which counts the questions, and counters in memory.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "badges/rules/history.hpp"

namespace badges {

class FakeHistory final : public History {
public:
    std::uint64_t count(const Query& query, std::string_view exclude_msg_id) override {
        std::uint64_t count = 0;
        walk(query, exclude_msg_id, [&count](const Row&) { return ++count, true; });
        return count;
    }
    void stream(const Query& query, std::string_view exclude_msg_id, const RowHandler& handler) override {
        walk(query, exclude_msg_id, handler);
    }

    void add(const Envelope& message) { rows.push_back(row_of(message)); }

    std::vector<Row> rows;
    std::vector<std::string> questions;
    bool is_reachable = true;

private:
    void walk(const Query& query, std::string_view exclude_msg_id, const RowHandler& handler) {
        if (!is_reachable) throw HistoryUnreachable("the database is locked");
        questions.push_back(query.key());
        for (auto row = rows.rbegin(); row != rows.rend(); ++row)
            if (row->msg_id != exclude_msg_id && matches(query, *row) && !handler(*row)) return;
    }
};

class FakeCounters final : public Counters {
public:
    std::int64_t record(const std::string& key, const std::string& person, const std::string& msg_id) override {
        if (!is_reachable) throw HistoryUnreachable("the database is locked");
        auto& ids = events[key + " " + person];
        ids.insert(msg_id);
        return static_cast<std::int64_t>(ids.size());
    }

    std::map<std::string, std::set<std::string>> events;
    bool is_reachable = true;
};

}  // namespace badges
