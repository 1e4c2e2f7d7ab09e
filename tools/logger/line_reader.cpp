#include "tools/logger/line_reader.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>

#include "bus/base/result.hpp"
#include "bus/base/utf8.hpp"

namespace fedmsg::tools {
namespace {

constexpr std::size_t kChunk = std::size_t{64} << 10;

// Appends what one read gives; false at the end.
bool read_chunk(int descriptor, std::string& out) {
    std::array<char, kChunk> chunk;
    for (;;) {
        const ssize_t count = ::read(descriptor, chunk.data(), chunk.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) throw std::runtime_error(system_failure("cannot read standard input", errno).text);
        out.append(chunk.data(), static_cast<std::size_t>(count));
        return count > 0;
    }
}

// str.isspace() of Unicode 14.
bool is_space(std::uint32_t c) {
    return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

std::size_t start_of_last_character(std::string_view text) {
    std::size_t at = text.size() - 1;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
    return at;
}

}  // namespace

bool LineReader::take_line(std::string& line) {
    if (skip_lf_ && start_ < buffer_.size()) {
        if (buffer_[start_] == '\n') ++start_;
        skip_lf_ = false;
    }
    const std::size_t end = buffer_.find_first_of("\r\n", std::max(scanned_, start_));
    if (std::min(end, buffer_.size()) - start_ > limit_) refuse_long_line();
    if (end == std::string::npos) {
        scanned_ = buffer_.size();
        return false;
    }
    line.assign(buffer_, start_, end - start_);
    skip_lf_ = buffer_[end] == '\r';
    start_ = end + 1;
    return true;
}

LineReader::State LineReader::next(std::string& line, std::chrono::milliseconds wait, int stop_descriptor) {
    while (!take_line(line)) {
        if (at_end_) {
            if (start_ == buffer_.size()) return State::end;
            line = buffer_.substr(start_);
            start_ = buffer_.size();
            break;
        }
        if (!wait_readable(wait, stop_descriptor)) return State::nothing_yet;
        read_more();
    }
    ++number_;
    return State::line;
}

bool LineReader::wait_readable(std::chrono::milliseconds wait, int stop_descriptor) const {
    std::array<pollfd, 2> items{{{descriptor_, POLLIN, 0}, {stop_descriptor, POLLIN, 0}}};
    const int ready = ::poll(items.data(), items.size(), static_cast<int>(wait.count()));
    return ready > 0 && items[0].revents != 0 && items[1].revents == 0;
}

void LineReader::read_more() {
    buffer_.erase(0, start_);
    scanned_ -= std::min(scanned_, start_);
    start_ = 0;
    at_end_ = !read_chunk(descriptor_, buffer_);
}

void LineReader::refuse_long_line() const {
    throw std::runtime_error(
        fmt::format("line {} is longer than {} bytes, the limit of a message", number_ + 1, limit_));
}

std::string read_all(int descriptor, std::size_t limit) {
    std::string text;
    while (read_chunk(descriptor, text))
        if (text.size() > limit)
            throw std::runtime_error(
                fmt::format("standard input is longer than {} bytes, the limit of a message", limit));
    return text;
}

std::string_view strip(std::string_view text) {
    while (!text.empty()) {
        std::string_view rest = text;
        if (!is_space(utf8::take(rest))) break;
        text = rest;
    }
    while (!text.empty()) {
        const std::size_t at = start_of_last_character(text);
        std::string_view last = text.substr(at);
        if (!is_space(utf8::take(last))) break;
        text = text.substr(0, at);
    }
    return text;
}

}  // namespace fedmsg::tools
