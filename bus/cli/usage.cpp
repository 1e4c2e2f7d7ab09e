#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <sstream>

#include "bus/cli/command_line.hpp"

namespace fedmsg::cli {
namespace {

constexpr std::size_t kWidth = 78;
constexpr std::size_t kHelpColumn = 26;

// "--topic-prefix" takes a "PREFIX"; numbers are N.
std::string metavar(const OptionSpec& option) {
    if (option.kind != Kind::text) return "N";
    std::string word = option.name.substr(option.name.find_last_of('-') + 1);
    std::transform(word.begin(), word.end(), word.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return word;
}

std::string invocation(const OptionSpec& option) {
    return option.is_flag ? option.name : fmt::format("{} {}", option.name, metavar(option));
}

// Words from `column` on, further lines indented by `indent`.
class Wrapper {
public:
    Wrapper(std::string start, std::size_t indent) : text_(std::move(start)), column_(text_.size()), indent_(indent) {}

    void add(const std::string& word) {
        if (column_ + 1 + word.size() > kWidth && column_ > indent_) {
            text_ += "\n" + std::string(indent_, ' ');
            column_ = indent_;
        } else if (column_ > 0 && text_.back() != ' ') {
            text_ += ' ';
            ++column_;
        }
        text_ += word;
        column_ += word.size();
    }
    void add_words(const std::string& words) {
        std::istringstream in(words);
        for (std::string word; in >> word;) add(word);
    }
    std::string text() const { return text_ + "\n"; }

private:
    std::string text_;
    std::size_t column_;
    std::size_t indent_;
};

std::string help_entry(const std::string& left, const std::string& help_text) {
    std::string start = "  " + left;
    std::string before;
    if (start.size() + 2 > kHelpColumn) {
        before = start + "\n";
        start.clear();
    }
    start.resize(kHelpColumn, ' ');
    Wrapper wrapper(start, kHelpColumn);
    wrapper.add_words(help_text);
    return before + wrapper.text();
}

// "[configuration key topic; default "log"]"
std::string origin_of_default(const OptionSpec& option) {
    if (option.key.empty()) return {};
    const bool shows_default = !option.initial_json.empty() && option.initial_json != "null" && !option.is_flag;
    if (!option.default_from_config) return {};
    if (!shows_default) return fmt::format(" [key {}]", option.key);
    return fmt::format(" [key {}; default {}]", option.key, option.initial_json);
}

}  // namespace

std::string usage(const CommandLine& line, const std::string& program) {
    const std::string start = fmt::format("usage: {}", program);
    Wrapper wrapper(start, std::min<std::size_t>(start.size() + 1, 30));
    wrapper.add("[-h]");
    if (!line.version.empty()) wrapper.add("[--version]");
    for (const OptionSpec& option : line.all_options()) wrapper.add(fmt::format("[{}]", invocation(option)));
    return wrapper.text();
}

std::string help(const CommandLine& line, const std::string& program) {
    std::string text = usage(line, program);
    text += fmt::format("\n{} {}.\n\noptions:\n", line.program(), line.description());
    text += help_entry("-h, --help", "show this help and exit");
    if (!line.version.empty()) text += help_entry("--version", "show the version and exit");
    for (const OptionSpec& option : line.all_options())
        text += help_entry(invocation(option), option.help + origin_of_default(option));
    text += "\nLong options may be shortened to any unambiguous prefix; of repeated ones the last counts.\n";
    return text;
}

}  // namespace fedmsg::cli
