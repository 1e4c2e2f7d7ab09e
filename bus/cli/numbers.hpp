// Numbers of the command line by the rules of Python's int() and float(), as JSON text. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fedmsg::cli {

std::optional<std::string> integer_json(std::string_view text);
std::optional<std::string> number_json(std::string_view text);

}  // namespace fedmsg::cli
