// Messages from a file of JSON lines, one body a line, as fedmsg-tail --json prints them and history gives them.
// One thread.
#pragma once

#include <cstdint>
#include <fstream>
#include <istream>
#include <optional>
#include <string>

#include "daemon/gate/gate.hpp"

namespace fedmsg::hub {

class MessageFile {
public:
    // "-" is standard input. Throws std::runtime_error if the file cannot be opened.
    explicit MessageFile(const std::string& path);

    // The next message; null at the end. Blank lines are passed over; a line that is no message is told on standard
    // error, with its number, and counted.
    MutableMessagePtr next(Gate& gate);

    std::uint64_t read() const { return read_; }
    std::uint64_t refused() const { return refused_; }

private:
    MutableMessagePtr made_of(const std::string& line, Gate& gate);
    MutableMessagePtr refuse(const std::string& why);

    const std::string name_;
    std::ifstream file_;
    std::istream& in_;
    std::uint64_t line_ = 0;
    std::uint64_t read_ = 0;
    std::uint64_t refused_ = 0;
};

}  // namespace fedmsg::hub
