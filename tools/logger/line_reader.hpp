// Lines of a descriptor as Python reads text: LF, CR and CRLF end a line, the last one may lack an end. A line is given
// out as soon as it is complete. One thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace fedmsg::tools {

class LineReader {
public:
    enum class State { line, nothing_yet, end };

    // Longer lines than `limit` bytes are refused.
    LineReader(int descriptor, std::size_t limit) : descriptor_(descriptor), limit_(limit) {}

    // The next line, without its end. Waits for it until the time is over or `stop_descriptor` is readable:
    // nothing_yet. Throws std::runtime_error if reading fails or a line is too long.
    State next(std::string& line, std::chrono::milliseconds wait, int stop_descriptor);

    // Of the line given out last, from 1 on.
    std::size_t number() const { return number_; }

private:
    bool take_line(std::string& line);
    bool wait_readable(std::chrono::milliseconds wait, int stop_descriptor) const;
    void read_more();
    void refuse_long_line() const;

    int descriptor_;
    std::size_t limit_;
    std::string buffer_;  // what was read but not given out begins at start_
    std::size_t start_ = 0;
    std::size_t scanned_ = 0;  // no line end before it
    bool skip_lf_ = false;     // the line before ended in CR
    bool at_end_ = false;
    std::size_t number_ = 0;
};

// All that the descriptor gives. Throws std::runtime_error if reading fails or there is more than `limit` bytes.
std::string read_all(int descriptor, std::size_t limit);

// Python's str.strip(): without Unicode white space at both ends. For UTF-8.
std::string_view strip(std::string_view text);

}  // namespace fedmsg::tools
