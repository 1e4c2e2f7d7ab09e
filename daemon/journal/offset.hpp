// Position of a message in the journal: grows by one with each message, never given out twice.
#pragma once

#include <compare>
#include <cstdint>

namespace fedmsg::hub {

struct Offset {
    std::uint64_t value = 0;
    auto operator<=>(const Offset&) const = default;
    Offset next() const { return Offset{value + 1}; }
};

}  // namespace fedmsg::hub
