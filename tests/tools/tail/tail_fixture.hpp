// A tail without sockets: filter and formatter under a configuration.
#pragma once

#include <cstdlib>
#include <ctime>
#include <optional>
#include <string>

#include "bus/config/loader.hpp"
#include "tools/tail/filter.hpp"
#include "tools/tail/formatter.hpp"

namespace fedmsg::tools::test {

using Keys = std::vector<std::pair<std::string, std::string>>;

class TestTail {
public:
    // `keys`: configuration keys and their JSON texts, as the options set them.
    explicit TestTail(Keys keys) {
        ::setenv("TZ", "UTC", 1);
        ::tzset();
        config::Request request;
        request.need_endpoints = false;
        request.overrides = std::move(keys);
        request.overrides.emplace_back("endpoints", "{}");
        config::Surroundings surroundings;
        surroundings.system_directory = "/nonexistent";
        surroundings.current_directory = "/nonexistent";
        configuration_ = std::move(config::load(request, config::built_in_schema(), surroundings).configuration);
        rules_.emplace(TextRules::make(configuration_.text("topic_prefix_re", "")).value());
        filter_.emplace(configuration_, *rules_);
        formatter_.emplace(Modes::from(configuration_), *rules_);
    }

    // What is printed for a message; nothing if it is filtered out or its text is empty.
    std::optional<std::string> show(const std::string& topic, const std::string& wire) const {
        if (!filter_->wants_topic(topic)) return std::nullopt;
        auto message = json::parse(wire).value();
        if (!filter_->wants(message)) return std::nullopt;
        auto text = formatter_->text_of(message);
        return text.empty() ? std::nullopt : std::optional(std::move(text));
    }

private:
    config::Configuration configuration_;
    std::optional<TextRules> rules_;
    std::optional<Filter> filter_;
    std::optional<Formatter> formatter_;
};

}  // namespace fedmsg::tools::test
