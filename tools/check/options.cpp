#include "tools/check/options.hpp"

#include <fmt/format.h>

#include <charconv>

namespace fedmsg::check {
namespace {

int whole_seconds(const std::string& text) {
    int seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc{} || end != text.data() + text.size())
        throw UsageError(fmt::format("Invalid value for '--timeout': '{}' is not a valid integer.", text));
    return seconds;
}

// Takes arguments one by one; an option's value may stand behind '=' or be the next argument.
class Reader {
public:
    explicit Reader(const std::vector<std::string>& arguments) : arguments_(arguments) {}

    bool next() {
        if (at_ == arguments_.size()) return false;
        const auto& argument = arguments_[at_++];
        if (argument.starts_with("-c") || argument.starts_with("-p")) {
            split(argument, 2, 2);
        } else {
            const auto equals = argument.starts_with("--") ? argument.find('=') : std::string::npos;
            split(argument, equals, equals + 1);
        }
        return true;
    }
    const std::string& name() const { return name_; }
    std::string value() {
        if (has_value_) return value_;
        if (at_ == arguments_.size()) throw UsageError(fmt::format("Option '{}' requires an argument.", name_));
        return arguments_[at_++];
    }

private:
    void split(const std::string& argument, std::size_t name_end, std::size_t value_start) {
        has_value_ = name_end < argument.size();
        name_ = argument.substr(0, name_end);
        value_ = has_value_ ? argument.substr(value_start) : "";
    }

    const std::vector<std::string>& arguments_;
    std::size_t at_ = 0;
    std::string name_, value_;
    bool has_value_ = false;
};

}  // namespace

Options parse(const std::vector<std::string>& arguments) {
    Options options;
    for (Reader reader(arguments); reader.next();) {
        const auto& name = reader.name();
        if (name == "--help")
            options.help = true;
        else if (name == "--timeout")
            options.timeout_seconds = whole_seconds(reader.value());
        else if (name == "-c" || name == "--consumer")
            options.consumers.push_back(reader.value());
        else if (name == "-p" || name == "--producer")
            options.producers.push_back(reader.value());
        else if (name.starts_with("-"))
            throw UsageError(fmt::format("No such option: {}", name));
        else
            throw UsageError(fmt::format("Got unexpected extra argument ({})", name));
    }
    return options;
}

std::string help_text() {
    return "Usage: fedmsg-check [OPTIONS]\n\n"
           "  Waits for one report of a hub's monitoring socket and says whether the consumers and producers named are "
           "at\n"
           "  work in it.\n\n"
           "Options:\n"
           "  --timeout INTEGER    Seconds to wait for a report (default 10; a hub reports every 5).\n"
           "  -c, --consumer NAME  A consumer that must be active; may be repeated.\n"
           "  -p, --producer NAME  A producer that must be active; may be repeated.\n"
           "  --help               Show this message and exit.\n";
}

}  // namespace fedmsg::check
