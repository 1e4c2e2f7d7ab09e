#include "tests/support/wait.hpp"

#include <thread>

namespace fedmsg::test {

bool wait_for(const std::function<bool()>& condition, std::chrono::milliseconds limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::yield();
        std::this_thread::sleep_for(std::chrono::milliseconds(1));  // polling interval, not a wait for an effect
    }
    return true;
}

}  // namespace fedmsg::test
