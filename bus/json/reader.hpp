// The reader behind parse(): strict, iterative, one pass. Private to this folder.
//
// A Reader is a generator for rapidjson::Document::Populate(): it reads one text and calls the document's handler
// functions. Nesting is kept in an array of kMaxDepth frames, so no input can exhaust the stack. One thread, one use.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "bus/json/document.hpp"
#include "bus/json/duplicates.hpp"

namespace fedmsg::json {

class Reader {
public:
    Reader(std::string_view text, Strings strings)
        : begin_(text.data()), end_(text.data() + text.size()), at_(begin_), copy_(strings == Strings::copy) {}

    // False if the text was refused: error() says why.
    bool operator()(Document& out);

    bool failed() const { return problem_ != nullptr; }
    // What is wrong and where: line, column (in characters) and byte, all but the byte counted from 1.
    Error error() const;
    bool may_have_duplicates() const { return keys_.suspicious(); }

private:
    // One open array or object.
    struct Frame {
        bool is_object;
        rapidjson::SizeType count;  // of elements or members that have begun
        KeyLog::Object keys;
    };
    enum class Step { value_next, complete, failed };

    char peek() const { return at_ != end_ ? *at_ : '\0'; }  // NUL is legal nowhere
    char skip_blanks();
    bool fail(const char* problem);

    Step value(Document& out);
    Step after_value(Document& out);
    Step open_object(Document& out);
    Step open_array(Document& out);
    bool open(bool is_object);
    void close(Document& out);
    Step finish();
    Step refuse(const char* problem);
    bool key(Document& out);

    bool word(std::string_view word);
    bool string(Document& out);
    bool read_string();
    bool read_string_with_more(const char* start);
    bool escape();
    bool unicode_escape();
    bool hex4(std::uint32_t& unit);
    bool non_ascii();

    bool number(Document& out);
    bool integer(Document& out, const char* start, const char* first, std::uint64_t low_digits);
    bool big_integer(Document& out, const char* start);
    bool real(Document& out, const char* start);
    void skip_digits();

    const char* begin_;
    const char* end_;
    const char* at_;
    bool copy_;
    const char* problem_ = nullptr;
    std::string_view text_;  // the string read last: a part of the input, or of decoded_
    bool in_input_ = false;  // which of them
    std::string decoded_;
    KeyLog keys_;
    std::size_t depth_ = 0;
    std::array<Frame, kMaxDepth> frames_;  // the first depth_ are in use
};

}  // namespace fedmsg::json
