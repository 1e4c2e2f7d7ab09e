#include "bus/json/reader.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "bus/base/utf8.hpp"
#include "bus/json/scan.hpp"

namespace fedmsg::json {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_blank(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}
bool is_high_surrogate(std::uint32_t unit) {
    return unit >= 0xD800 && unit <= 0xDBFF;
}
bool is_low_surrogate(std::uint32_t unit) {
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

rapidjson::SizeType size_of(std::string_view text) {
    return static_cast<rapidjson::SizeType>(text.size());
}

// -1 if it is no hexadecimal digit.
int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// The exponent part of a number ("e", sign, digits), or 0 without one. Cut to what no message's digits can make up for.
std::int64_t exponent_of(std::string_view number) {
    constexpr std::int64_t kLimit = std::int64_t{1} << 40;
    const std::size_t at = number.find_first_of("eE");
    if (at == std::string_view::npos) return 0;
    std::int64_t exponent = 0;
    for (const char c : number.substr(at + 1))
        if (is_digit(c) && exponent < kLimit) exponent = 10 * exponent + (c - '0');
    return number[at + 1] == '-' ? -exponent : exponent;
}

// A number that no double comes near: infinity or zero, with its sign.
double beyond_range(std::string_view number) {
    const auto mantissa = number.substr(0, number.find_first_of("eE"));
    const auto point = std::min(mantissa.find('.'), mantissa.size());
    const auto first = mantissa.find_first_of("123456789");
    const auto order = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first) + exponent_of(number);
    const double size = order > 0 ? std::numeric_limits<double>::infinity() : 0.0;
    return number.front() == '-' ? -size : size;
}

std::string describe(const char* at, const char* end) {
    if (at == end) return "the end of the text";
    const auto byte = static_cast<unsigned char>(*at);
    if (byte > 0x20 && byte < 0x7F) return std::string("'") + *at + "'";
    constexpr std::string_view kHex = "0123456789abcdef";
    return std::string("byte 0x") + kHex[byte >> 4] + kHex[byte & 15U];
}

}  // namespace

// ---- The hot path, inlined into what follows --------------------------------------------------------------------

// Returns the byte after any blanks.
inline char Reader::skip_blanks() {
    if (at_ != end_ && static_cast<unsigned char>(*at_) > ' ') [[likely]]
        return *at_;
    while (at_ != end_ && is_blank(*at_)) ++at_;
    return peek();
}

// Reads the string whose opening quote is at at_ into text_.
inline bool Reader::read_string() {
    const char* start = at_ + 1;
    const char* stop = skip_plain<Run::input>(start, end_);
    if (stop == end_ || *stop != '"') {
        at_ = stop;
        return read_string_with_more(start);
    }
    at_ = stop + 1;
    text_ = {start, static_cast<std::size_t>(stop - start)};
    in_input_ = true;
    return true;
}

// ---- Structure -------------------------------------------------------------------------------------------------

bool Reader::operator()(Document& out) {
    for (;;) {
        switch (value(out)) {
            case Step::value_next:
                break;
            case Step::complete:
                return true;
            case Step::failed:
                return false;
        }
    }
}

Reader::Step Reader::value(Document& out) {
    bool done = false;
    switch (skip_blanks()) {
        case '{':
            return open_object(out);
        case '[':
            return open_array(out);
        case '"':
            done = string(out);
            break;
        case 't':
            done = word("true") && out.Bool(true);
            break;
        case 'f':
            done = word("false") && out.Bool(false);
            break;
        case 'n':
            done = word("null") && out.Null();
            break;
        case 'N':
            done = word("NaN") && out.Double(std::numeric_limits<double>::quiet_NaN());
            break;
        case 'I':
            done = word("Infinity") && out.Double(std::numeric_limits<double>::infinity());
            break;
        case '-':
        case '0':
        case '1':
        case '2':
        case '3':
        case '4':
        case '5':
        case '6':
        case '7':
        case '8':
        case '9':
            done = number(out);
            break;
        default:
            return refuse("expected a value");
    }
    return done ? after_value(out) : Step::failed;
}

// Closes what ends here, until another value is due or the document is complete.
Reader::Step Reader::after_value(Document& out) {
    while (depth_ > 0) {
        Frame& frame = frames_[depth_ - 1];
        const char next = skip_blanks();
        if (next == ',') {
            ++at_;
            ++frame.count;
            return !frame.is_object || key(out) ? Step::value_next : Step::failed;
        }
        if (next != (frame.is_object ? '}' : ']'))
            return refuse(frame.is_object ? "expected ',' or '}' after a member"
                                          : "expected ',' or ']' after an element");
        ++at_;
        close(out);
    }
    return finish();
}

Reader::Step Reader::finish() {
    skip_blanks();
    return at_ == end_ ? Step::complete : refuse("expected nothing more after the document");
}

Reader::Step Reader::open_object(Document& out) {
    out.StartObject();
    ++at_;
    if (skip_blanks() == '}') {
        ++at_;
        out.EndObject(0);
        return after_value(out);
    }
    return open(true) && key(out) ? Step::value_next : Step::failed;
}

Reader::Step Reader::open_array(Document& out) {
    out.StartArray();
    ++at_;
    if (skip_blanks() == ']') {
        ++at_;
        out.EndArray(0);
        return after_value(out);
    }
    return open(false) ? Step::value_next : Step::failed;
}

bool Reader::open(bool is_object) {
    if (depth_ == kMaxDepth) return fail("arrays and objects are nested too deeply (more than 500 levels)");
    frames_[depth_++] = {is_object, 1, keys_.open()};
    return true;
}

void Reader::close(Document& out) {
    const Frame& frame = frames_[--depth_];
    if (frame.is_object) {
        keys_.close(frame.keys);
        out.EndObject(frame.count);
    } else {
        out.EndArray(frame.count);
    }
}

bool Reader::key(Document& out) {
    if (skip_blanks() != '"') return fail("expected a key in double quotes");
    if (!read_string()) return false;
    keys_.add(frames_[depth_ - 1].keys, text_);
    out.Key(text_.data(), size_of(text_), copy_ || !in_input_);
    if (skip_blanks() != ':') return fail("expected ':' after a key");
    ++at_;
    return true;
}

bool Reader::word(std::string_view word) {
    if (!std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(word))
        return fail("expected a value (words are true, false, null, NaN, Infinity, -Infinity)");
    at_ += word.size();
    return true;
}

// ---- Strings ---------------------------------------------------------------------------------------------------

bool Reader::string(Document& out) {
    return read_string() && out.String(text_.data(), size_of(text_), copy_ || !in_input_);
}

// The general case: plain bytes from `start` to at_, then an escape, non-ASCII or an error.
bool Reader::read_string_with_more(const char* start) {
    in_input_ = true;
    for (;; at_ = skip_plain<Run::input>(at_, end_)) {
        if (at_ == end_) return fail("expected '\"' at the end of a string");
        const char c = *at_;
        if (c == '"') break;
        if (c == '\\') {
            if (in_input_) decoded_.clear();
            in_input_ = false;
            decoded_.append(start, at_);
            if (!escape()) return false;
            start = at_;
        } else if (static_cast<unsigned char>(c) >= 0x80) {
            if (!non_ascii()) return false;
        } else {
            return fail("a control character in a string must be written as an escape");
        }
    }
    if (in_input_) {
        text_ = {start, static_cast<std::size_t>(at_ - start)};
    } else {
        decoded_.append(start, at_);
        text_ = decoded_;
    }
    ++at_;
    return true;
}

// Appends what the escape at at_ stands for.
bool Reader::escape() {
    ++at_;
    char decoded = 0;
    switch (peek()) {
        case 'u':
            ++at_;
            return unicode_escape();
        case '"':
            decoded = '"';
            break;
        case '\\':
            decoded = '\\';
            break;
        case '/':
            decoded = '/';
            break;
        case 'b':
            decoded = '\b';
            break;
        case 'f':
            decoded = '\f';
            break;
        case 'n':
            decoded = '\n';
            break;
        case 'r':
            decoded = '\r';
            break;
        case 't':
            decoded = '\t';
            break;
        default:
            return fail("expected one of \" \\ / b f n r t u after a backslash");
    }
    ++at_;
    decoded_ += decoded;
    return true;
}

// A high surrogate and a low one directly after it are one character; any other surrogate stays as it is.
bool Reader::unicode_escape() {
    std::uint32_t unit = 0;
    if (!hex4(unit)) return false;
    if (is_high_surrogate(unit) && end_ - at_ >= 6 && at_[0] == '\\' && at_[1] == 'u') {
        const char* second = at_;
        at_ += 2;
        std::uint32_t low = 0;
        if (!hex4(low)) return false;
        if (is_low_surrogate(low))
            unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        else
            at_ = second;
    }
    utf8::append(decoded_, unit);
    return true;
}

bool Reader::hex4(std::uint32_t& unit) {
    for (int i = 0; i < 4; ++i, ++at_) {
        const int digit = hex_value(peek());
        if (digit < 0) return fail("expected four hexadecimal digits after \\u");
        unit = (unit << 4) | static_cast<std::uint32_t>(digit);
    }
    return true;
}

// Passes a run of non-ASCII bytes. No UTF-8 sequence reaches beyond such a run, so it can be judged by itself.
bool Reader::non_ascii() {
    const char* start = at_;
    while (at_ != end_ && static_cast<unsigned char>(*at_) >= 0x80) ++at_;
    if (utf8::is_valid({start, static_cast<std::size_t>(at_ - start)})) return true;
    at_ = start;
    return fail("expected UTF-8");
}

// ---- Numbers ---------------------------------------------------------------------------------------------------

bool Reader::number(Document& out) {
    const char* start = at_;
    if (*at_ == '-' && ++at_ != end_ && *at_ == 'I')
        return word("Infinity") && out.Double(-std::numeric_limits<double>::infinity());
    const char* first = at_;
    std::uint64_t low_digits = 0;
    const char* at = at_;
    for (; at != end_ && is_digit(*at); ++at) low_digits = 10 * low_digits + static_cast<std::uint64_t>(*at - '0');
    at_ = at;
    if (at == first) return fail("expected a digit");
    if (*first == '0' && at - first > 1) {
        at_ = first + 1;
        return fail("expected no further digit after a leading 0");
    }
    const char next = peek();
    if (next == '.' || next == 'e' || next == 'E') return real(out, start);
    return integer(out, start, first, low_digits);
}

// `low_digits` is the absolute value if it fits 64 bits, which 19 digits always do.
bool Reader::integer(Document& out, const char* start, const char* first, std::uint64_t low_digits) {
    constexpr std::uint64_t kMinimum = std::uint64_t{1} << 63;
    const bool negative = start != first;
    if (at_ - first > 19) {
        const auto [stop, problem] = std::from_chars(first, at_, low_digits);
        if (problem != std::errc()) return big_integer(out, start);
    }
    if (!negative) return out.Uint64(low_digits);
    if (low_digits > kMinimum) return big_integer(out, start);
    return out.Int64(static_cast<std::int64_t>(0 - low_digits));
}

bool Reader::big_integer(Document& out, const char* start) {
    const std::size_t digits = static_cast<std::size_t>(at_ - start) - (*start == '-' ? 1 : 0);
    if (digits > kMaxIntegerDigits) {
        at_ = start;
        return fail("an integer has too many digits (more than 4300)");
    }
    decoded_.assign(1, kBigIntegerMark).append(start, at_);
    return out.String(decoded_.data(), size_of(decoded_), true);
}

// From the '.' or 'e' on. Too large numbers become infinite, too small ones zero.
bool Reader::real(Document& out, const char* start) {
    if (peek() == '.') {
        ++at_;
        if (!is_digit(peek())) return fail("expected a digit after '.'");
        skip_digits();
    }
    if (peek() == 'e' || peek() == 'E') {
        ++at_;
        if (peek() == '+' || peek() == '-') ++at_;
        if (!is_digit(peek())) return fail("expected a digit in the exponent");
        skip_digits();
    }
    double number = 0;
    const auto [stop, problem] = std::from_chars(start, at_, number);
    if (problem == std::errc::result_out_of_range) number = beyond_range({start, at_});
    return out.Double(number);
}

void Reader::skip_digits() {
    while (is_digit(peek())) ++at_;
}

// ---- Errors ----------------------------------------------------------------------------------------------------

bool Reader::fail(const char* problem) {
    problem_ = problem;
    return false;
}

Reader::Step Reader::refuse(const char* problem) {
    fail(problem);
    return Step::failed;
}

Error Reader::error() const {
    const std::string_view before(begin_, static_cast<std::size_t>(at_ - begin_));
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const auto last_line = before.substr(before.rfind('\n') + 1);
    const auto column = std::count_if(last_line.begin(), last_line.end(),
                                      [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }) +
                        1;
    return failure("line " + std::to_string(line) + ", column " + std::to_string(column) + " (byte " +
                   std::to_string(before.size()) + "): " + problem_ + ", not " + describe(at_, end_));
}

}  // namespace fedmsg::json
