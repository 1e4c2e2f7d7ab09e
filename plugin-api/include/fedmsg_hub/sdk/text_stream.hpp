// An output stream whose text goes to the host in pieces: what explain and command of a consumer write to. One thread.
#ifndef FEDMSG_HUB_SDK_TEXT_STREAM_HPP
#define FEDMSG_HUB_SDK_TEXT_STREAM_HPP

#include <cstddef>
#include <ostream>
#include <streambuf>
#include <string>

#include "error.hpp"
#include "text.hpp"

namespace fedmsg_hub::detail {

// Gives whole lines on, so that no piece ends within a character; what has no line end is given on by flush.
class ForwardingBuffer : public std::streambuf {
public:
    ForwardingBuffer(fedmsg_hub_text_fn receiver, void* arg) noexcept : receiver_(receiver), arg_(arg) {}
    ForwardingBuffer(const ForwardingBuffer&) = delete;
    ForwardingBuffer& operator=(const ForwardingBuffer&) = delete;
    ~ForwardingBuffer() override { forward(kept_.size()); }

protected:
    int_type overflow(int_type c) override {
        if (!traits_type::eq_int_type(c, traits_type::eof())) {
            const char character = traits_type::to_char_type(c);
            xsputn(&character, 1);
        }
        return traits_type::not_eof(c);
    }
    std::streamsize xsputn(const char* text, std::streamsize size) override {
        static constexpr std::size_t kEnough = 4096;  // bytes
        kept_.append(text, static_cast<std::size_t>(size));
        if (kept_.size() >= kEnough) forward(kept_.rfind('\n') + 1);  // npos + 1 is 0: nothing yet
        return size;
    }
    int sync() override { return forward(kept_.size()), 0; }

private:
    void forward(std::size_t size) noexcept {
        if (size == 0) return;
        report(receiver_, arg_, std::string_view(kept_).substr(0, size));
        kept_.erase(0, size);
    }

    fedmsg_hub_text_fn receiver_;
    void* arg_;
    std::string kept_;
};

class TextStream {
public:
    TextStream(fedmsg_hub_text_fn receiver, void* arg) : buffer_(receiver, arg), stream_(&buffer_) {}

    std::ostream& stream() noexcept { return stream_; }

private:
    ForwardingBuffer buffer_;
    std::ostream stream_;
};

}  // namespace fedmsg_hub::detail

#endif
