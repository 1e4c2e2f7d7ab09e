// JSON as the bus has it (wire-and-crypto.md 4): read into RapidJSON's DOM by the rules of Python's json module.
//
// Strings hold WTF-8, since escapes can make unpaired surrogates. An integer beyond 64 bits is a string node whose
// first byte is 0xFF, which no text can contain, followed by its decimal digits: ask is_big_integer() before
// is-a-string. Threads: a Document belongs to one thread; a finished one may be read from any.
#pragma once

#include <rapidjson/document.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bus/base/result.hpp"

namespace fedmsg::json {

using Value = rapidjson::Value;
using Document = rapidjson::Document;
using Pool = Document::AllocatorType;

inline constexpr std::size_t kMaxDepth = 500;
inline constexpr std::size_t kMaxIntegerDigits = 4300;
inline constexpr char kBigIntegerMark = '\xFF';

enum class Strings {
    copy,    // the document owns all its strings
    borrow,  // strings without escapes point into the parsed text, which must outlive the document
};

// Replaces the document's value by the parsed text. The error says what is wrong and where (line, column, byte).
// Refuses texts that are not UTF-8, deeper than kMaxDepth, or with integers of more than kMaxIntegerDigits; the
// document is null then.
//
// To parse many texts into the same memory, give the document a pool over a buffer of yours (what does not fit comes
// from the heap) and empty both before the next text, which ends all values of the last one:
//     Pool pool(buffer, size);  Document document(&pool);
//     ...  document.SetNull();  pool.Clear();  parse(text, document);
Status parse(std::string_view text, Document& document, Strings strings = Strings::copy);

// The same into a new document.
Result<Document> parse(std::string_view text);

bool is_big_integer(const Value& value);
std::string_view big_integer_digits(const Value& value);  // with '-' if negative; only if is_big_integer

// A string that is text, not a big integer.
bool is_text(const Value& value);
// Its bytes; empty if it is none.
std::string_view text_of(const Value& value);

// The member of an object, or null if `value` is no object or has no such key.
const Value* find(const Value& value, std::string_view key);

// Python's truth: false for null, false, zero, and empty strings, arrays and objects.
bool is_truthy(const Value& value);

// A deep copy that owns all its strings, also those that the original borrows (RapidJSON's own copies would borrow
// too).
Value copy(const Value& value, Pool& pool);

// A string value that copies the text into the pool.
Value make_text(std::string_view text, Pool& pool);

}  // namespace fedmsg::json
