#include "bus/cli/expand.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "bus/base/text.hpp"
#include "bus/json/python_text.hpp"

namespace fedmsg::cli {
namespace {

constexpr int kBadCommandLine = 2;

std::string quoted(std::string_view value) {
    json::Document document;
    return json::python_text(json::make_text(value, document.GetAllocator()));
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// argparse's '^-\d+$|^-\d*\.\d+$': no option, since none looks like a number.
bool is_negative_number(std::string_view argument) {
    argument.remove_prefix(1);
    const auto dot = argument.find('.');
    const auto whole = argument.substr(0, dot);
    if (!std::all_of(whole.begin(), whole.end(), is_digit)) return false;
    if (dot == std::string_view::npos) return !whole.empty();
    const auto fraction = argument.substr(dot + 1);
    return !fraction.empty() && std::all_of(fraction.begin(), fraction.end(), is_digit);
}

class Expander {
public:
    explicit Expander(const std::vector<OptionSpec>& options) : options_(options) {}

    std::vector<std::string> run(const std::vector<std::string>& arguments) {
        for (auto at = arguments.begin(); at != arguments.end(); ++at) {
            if (*at == "--") {
                result_.insert(result_.end(), at, arguments.end());
                break;
            }
            const auto option = find(*at);
            if (!option) {
                result_.push_back(*at);
                continue;
            }
            result_.push_back(option->name);
            if (option->name == "--help") break;
            const auto equals = at->find('=');
            const auto attached = equals == std::string::npos ? std::nullopt : std::optional(at->substr(equals + 1));
            if (option->is_flag) {
                if (attached)
                    throw Failure(
                        fmt::format("argument {}: ignored explicit argument {}", option->name, quoted(*attached)),
                        kBadCommandLine);
            } else if (attached) {
                result_.push_back(*attached);
            } else if (at + 1 != arguments.end() && is_value(*(at + 1))) {
                result_.push_back(*++at);
            } else {
                throw Failure(fmt::format("argument {}: expected one argument", option->name), kBadCommandLine);
            }
        }
        return std::move(result_);
    }

private:
    // The option an argument names; nothing if it names none.
    std::optional<OptionSpec> find(const std::string& argument) const {
        if (!argument.starts_with('-')) return std::nullopt;
        if (argument == "-h") return find("--help");
        if (!argument.starts_with("--")) return std::nullopt;
        const std::string name = argument.substr(0, argument.find('='));
        std::vector<std::string> matches;
        const OptionSpec* match = nullptr;
        for (const OptionSpec& option : options_) {
            if (option.name == name) return option;
            if (!option.name.starts_with(name)) continue;
            matches.push_back(option.name);
            match = &option;
        }
        if (matches.size() > 1)
            throw Failure(fmt::format("ambiguous option: {} could match {}", argument, text::join(matches, ", ")),
                          kBadCommandLine);
        return match == nullptr ? std::nullopt : std::optional(*match);
    }

    bool is_value(const std::string& argument) const {
        if (!argument.starts_with('-') || argument == "-") return true;
        if (argument == "--") return false;
        if (find(argument)) return false;
        return is_negative_number(argument) || argument.find(' ') != std::string::npos;
    }

    const std::vector<OptionSpec>& options_;
    std::vector<std::string> result_;
};

}  // namespace

std::vector<std::string> expand(const std::vector<std::string>& arguments, const std::vector<OptionSpec>& options) {
    return Expander(options).run(arguments);
}

}  // namespace fedmsg::cli
