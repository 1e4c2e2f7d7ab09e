// Property: whatever value there is, all its JSON forms read back as the same, and the forms agree with each other.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>

#include "bus/base/utf8.hpp"
#include "bus/json/python_text.hpp"
#include "bus/json/writer.hpp"

namespace fedmsg::json {
namespace {

// Values of every kind, with the awkward ones over-represented.
class Generator {
public:
    Generator(unsigned seed, Pool& pool) : random_(seed), pool_(pool) {}

    Value value(int depth = 0) {
        switch (random_() % (depth < 6 ? 9 : 7)) {
            case 0:
                return Value();
            case 1:
                return Value(random_() % 2 == 0);
            case 2:
                return Value(static_cast<std::int64_t>(random_()) >> random_() % 64);
            case 3:
                return Value(static_cast<std::uint64_t>(random_()));
            case 4:
                return real();
            case 5:
                return make_text(text(), pool_);
            case 6:
                return big_integer();
            case 7:
                return array(depth);
            default:
                return object(depth);
        }
    }

private:
    Value real() {
        const std::uint64_t bits = random_();
        double number = 0;
        std::memcpy(&number, &bits, sizeof number);
        return Value(number);
    }

    Value big_integer() {
        std::string digits(1, kBigIntegerMark);
        if (random_() % 2 == 0) digits += '-';
        digits += '7';
        for (auto left = 20 + random_() % 40; left > 0; --left) digits += static_cast<char>('0' + random_() % 10);
        return make_text(digits, pool_);
    }

    Value array(int depth) {
        Value array(rapidjson::kArrayType);
        for (auto left = random_() % 6; left > 0; --left) array.PushBack(value(depth + 1), pool_);
        return array;
    }

    Value object(int depth) {
        Value object(rapidjson::kObjectType);
        for (auto left = random_() % 8; left > 0; --left) {
            const auto key = text();
            if (find(object, key) == nullptr) object.AddMember(make_text(key, pool_), value(depth + 1), pool_);
        }
        return object;
    }

    std::uint32_t code_point() {
        constexpr std::uint32_t kAwkward[] = {0,      '"',    '\\',   '\n',   0x1F,   0x7F,   0x80,    0xA0,    0x2028,
                                              0xD7FF, 0xD800, 0xDBFF, 0xDC00, 0xE000, 0xFFFF, 0x1F600, 0x10FFFF};
        if (random_() % 2 == 0) return kAwkward[random_() % std::size(kAwkward)];
        return static_cast<std::uint32_t>('a' + random_() % 26);
    }

    // No low surrogate directly after a high one: as escapes they would read back as one character.
    std::string text() {
        std::string text;
        bool after_high = false;
        for (auto left = random_() % 24; left > 0; --left) {
            const auto point = code_point();
            if (after_high && point == 0xDC00) continue;
            after_high = point == 0xD800 || point == 0xDBFF;
            utf8::append(text, point);
        }
        return text;
    }

    std::mt19937_64 random_;
    Pool& pool_;
};

class AnyValue : public testing::TestWithParam<unsigned> {};

TEST_P(AnyValue, ReadsBackFromEachOfItsForms) {
    Document document;
    Generator generator(GetParam(), document.GetAllocator());
    for (int round = 0; round < 400; ++round) {
        const Value value = generator.value();
        const auto text = canonical(value);
        ASSERT_TRUE(std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; })) << text;
        for (const auto& form : {text, relayed(value), pretty(value), pretty(value, Keys::sorted)}) {
            const auto back = parse(form);
            ASSERT_TRUE(back.has_value()) << back.error().text << " in " << form;
            ASSERT_EQ(canonical(*back), text);
        }
        ASSERT_EQ(relayed(*parse(relayed(value))), relayed(value));
        ASSERT_EQ(canonical(copy(value, document.GetAllocator())), text);
    }
}

TEST_P(AnyValue, ReadsTheSameWhetherStringsAreCopiedOrBorrowed) {
    Document document;
    Generator generator(GetParam(), document.GetAllocator());
    for (int round = 0; round < 200; ++round) {
        const auto text = relayed(generator.value());
        Document borrowed;
        ASSERT_TRUE(parse(text, borrowed, Strings::borrow));
        ASSERT_EQ(relayed(borrowed), text);
    }
}

TEST_P(AnyValue, HasPythonFormsThatAreUtf8) {
    Document document;
    Generator generator(GetParam(), document.GetAllocator());
    for (int round = 0; round < 200; ++round) {
        const Value value = generator.value();
        for (const auto& form : {python_text(value), python_bare(value), python_pretty(value)})
            ASSERT_TRUE(utf8::is_valid(form)) << canonical(value);
    }
}

// Each text cut at each place is refused, unless it is a shorter number.
TEST_P(AnyValue, IsRefusedWhenItsEndIsMissing) {
    Document document;
    Generator generator(GetParam(), document.GetAllocator());
    for (int round = 0; round < 20; ++round) {
        const Value value = generator.value();
        if (value.IsNumber() || is_big_integer(value)) continue;
        const auto text = canonical(value);
        for (std::size_t size = 0; size < text.size(); ++size) ASSERT_FALSE(parse(text.substr(0, size))) << text;
    }
}

INSTANTIATE_TEST_SUITE_P(OfSeed, AnyValue, testing::Values(1U, 2U, 3U, 4U, 5U));

}  // namespace
}  // namespace fedmsg::json
