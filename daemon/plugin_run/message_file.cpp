#include "daemon/plugin_run/message_file.hpp"

#include <fmt/format.h>

#include <iostream>
#include <stdexcept>

#include "bus/base/text.hpp"
#include "bus/envelope/envelope.hpp"
#include "bus/json/document.hpp"

namespace fedmsg::hub {

MessageFile::MessageFile(const std::string& path)
    : name_(path == "-" ? "standard input" : path), in_(path == "-" ? std::cin : file_) {
    if (path != "-") file_.open(path);
    if (path != "-" && !file_)
        throw std::runtime_error(
            fmt::format("{}: cannot be read; give a file of messages, one JSON body a line, or - for standard input "
                        "(message ids alone need the history store, which is not part of this version)",
                        path));
}

MutableMessagePtr MessageFile::next(Gate& gate) {
    std::string line;
    while (std::getline(in_, line)) {
        ++line_;
        if (text::trim(line).empty()) continue;
        if (auto message = made_of(line, gate)) {
            ++read_;
            return message;
        }
    }
    return nullptr;
}

MutableMessagePtr MessageFile::made_of(const std::string& line, Gate& gate) {
    const auto body = json::parse(line);
    if (!body) return refuse("is no JSON: " + body.error().text);
    if (!body->IsObject() || !envelope::is_normal(*body))
        return refuse("is no message: an object with a topic is needed");
    auto message = gate.admit(envelope::read(*body).topic, line, name_);
    return message ? message : refuse("is refused by the hub's limits");
}

MutableMessagePtr MessageFile::refuse(const std::string& why) {
    ++refused_;
    std::cerr << fmt::format("{}:{}: this line {}\n", name_, line_, why);
    return nullptr;
}

}  // namespace fedmsg::hub
