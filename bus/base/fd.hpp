// Owner of one file descriptor. One thread at a time.
#pragma once

#include <unistd.h>

#include <utility>

namespace fedmsg {

class Fd {
public:
    Fd() = default;
    explicit Fd(int number) : number_(number) {}
    ~Fd() { reset(); }
    Fd(Fd&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Fd& operator=(Fd&& other) noexcept {
        reset();
        number_ = std::exchange(other.number_, -1);
        return *this;
    }
    Fd(const Fd&) = delete;
    Fd& operator=(const Fd&) = delete;

    int get() const { return number_; }
    explicit operator bool() const { return number_ >= 0; }
    void reset() {
        if (number_ >= 0) ::close(number_);  // nothing useful can be done about a failed close
        number_ = -1;
    }

private:
    int number_ = -1;
};

}  // namespace fedmsg
