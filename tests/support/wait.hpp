// Waiting for a condition with a deadline, instead of sleeping for a time.
#pragma once

#include <chrono>
#include <functional>

namespace fedmsg::test {

// True as soon as the condition holds; false if it does not within the limit.
bool wait_for(const std::function<bool()>& condition, std::chrono::milliseconds limit = std::chrono::seconds(10));

}  // namespace fedmsg::test
