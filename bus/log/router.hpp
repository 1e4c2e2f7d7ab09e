// Brings records to the handlers of their logger and its ancestors, as Python's logging does: the dotted name is
// followed upwards to the root; the nearest level counts; a logger that does not propagate ends the walk. Immutable
// once built: any thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bus/base/result.hpp"
#include "bus/log/record.hpp"
#include "bus/log/settings.hpp"
#include "bus/log/sink.hpp"

namespace fedmsg::log {

class Router {
public:
    struct Extras {
        std::optional<Level> minimum;                // nothing below passes
        std::function<bool(const Record&)> journal;  // if set: gets every record from journal_level on
        Level journal_level = Level::info;
    };

    // Opens the handlers. The error names the handler that could not be opened.
    static Result<std::unique_ptr<Router>> build(const Settings& settings, Extras extras);

    bool is_enabled(std::string_view logger, Level level) const;
    void deliver(const Record& record) const;
    void flush() const;

private:
    struct Handler {
        Level level;
        LineFormat format;
        std::unique_ptr<Sink> sink;  // null: swallows
    };
    struct Node {
        std::optional<Level> level;
        std::vector<const Handler*> handlers;
        bool propagate = true;
    };

    explicit Router(Extras extras) : extras_(std::move(extras)) {}
    template <class Visit>  // bool(const Node&): false ends the walk
    void walk(std::string_view logger, Visit visit) const;
    Level effective_level(std::string_view logger) const;
    bool deliver_to_handlers(const Record& record) const;  // false if there is no handler at all

    Extras extras_;
    std::map<std::string, Handler> handlers_;
    std::map<std::string, Node, std::less<>> nodes_;  // the root is ""
};

}  // namespace fedmsg::log
