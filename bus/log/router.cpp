#include "bus/log/router.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace fedmsg::log {
namespace {

// Python's handler of last resort: the bare text.
void write_to_stderr(std::string_view text) {
    const std::string line = fmt::format("{}\n", text);
    std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace

Result<std::unique_ptr<Router>> Router::build(const Settings& settings, Extras extras) {
    std::unique_ptr<Router> router(new Router(std::move(extras)));
    for (const auto& [name, handler] : settings.handlers) {
        auto sink = make_sink(handler);
        if (!sink) return failure(fmt::format("logging.handlers.{}: {}", name, sink.error().text));
        router->handlers_.emplace(name, Handler{handler.level, handler.format, std::move(*sink)});
    }
    for (const auto& [name, logger] : settings.loggers) {
        Node node{logger.level, {}, logger.propagate};
        for (const std::string& handler : logger.handlers) node.handlers.push_back(&router->handlers_.at(handler));
        router->nodes_.emplace(name, std::move(node));
    }
    return router;
}

template <class Visit>
void Router::walk(std::string_view logger, Visit visit) const {
    for (;;) {
        const auto node = nodes_.find(logger);
        if (node != nodes_.end() && !visit(node->second)) return;
        if (logger.empty()) return;
        const auto dot = logger.rfind('.');
        logger = dot == std::string_view::npos ? std::string_view() : logger.substr(0, dot);
    }
}

Level Router::effective_level(std::string_view logger) const {
    Level level = Level::warning;  // the root's, unless configured
    walk(logger, [&](const Node& node) {
        if (node.level) level = *node.level;
        return !node.level;
    });
    return level;
}

bool Router::is_enabled(std::string_view logger, Level level) const {
    if (extras_.minimum && level < *extras_.minimum) return false;
    if (extras_.journal && level >= extras_.journal_level) return true;
    return level >= effective_level(logger);
}

bool Router::deliver_to_handlers(const Record& record) const {
    bool found = false;
    walk(record.logger, [&](const Node& node) {
        for (const Handler* handler : node.handlers) {
            found = true;
            if (handler->sink && record.level >= handler->level)
                handler->sink->write(record, handler->format.render(record));
        }
        return node.propagate;
    });
    return found;
}

void Router::deliver(const Record& record) const {
    if (!is_enabled(record.logger, record.level)) return;
    bool taken = extras_.journal && record.level >= extras_.journal_level && extras_.journal(record);
    if (record.level >= effective_level(record.logger)) taken |= deliver_to_handlers(record);
    if (!taken && record.level >= Level::warning) write_to_stderr(record.text);
}

void Router::flush() const {
    for (const auto& [name, handler] : handlers_)
        if (handler.sink) handler.sink->flush();
}

}  // namespace fedmsg::log
