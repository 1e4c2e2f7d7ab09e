// Where lines end: a stream, a file, syslog. spdlog does the writing; it stays behind sink.cpp. Any thread.
#pragma once

#include <memory>
#include <string_view>

#include "bus/base/result.hpp"
#include "bus/log/record.hpp"
#include "bus/log/settings.hpp"

namespace fedmsg::log {

class Sink {
public:
    virtual ~Sink() = default;
    // Never throws: a line that cannot be written is reported on stderr, once until writing works again.
    virtual void write(const Record& record, std::string_view line) = 0;
    virtual void flush() = 0;
};

// Opens what the handler writes to. Null for HandlerClass::null.
Result<std::unique_ptr<Sink>> make_sink(const HandlerSettings& handler);

}  // namespace fedmsg::log
