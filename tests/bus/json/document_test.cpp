// What a parsed document can be asked, copies of it, errors in full, and texts of unusual size.
#include "bus/json/document.hpp"

#include <gtest/gtest.h>

#include "bus/json/python_text.hpp"
#include "bus/json/writer.hpp"

namespace fedmsg::json {
namespace {

std::string error_of(const std::string& text) {
    const auto document = parse(text);
    return document ? "none" : document.error().text;
}

TEST(AnError, NamesLineColumnByteWhatWasExpectedAndWhatIsThere) {
    EXPECT_EQ(error_of("{\n  \"\xC3\xA9\": tru\n}"),
              "line 2, column 8 (byte 10): expected a value (words are true, false, null, NaN, Infinity, -Infinity), "
              "not 't'");
    EXPECT_EQ(error_of("[1 2]"), "line 1, column 4 (byte 3): expected ',' or ']' after an element, not '2'");
    EXPECT_EQ(error_of("{\"a\":1"),
              "line 1, column 7 (byte 6): expected ',' or '}' after a member, not the end of the text");
    EXPECT_EQ(error_of("\"a\xFF\""), "line 1, column 3 (byte 2): expected UTF-8, not byte 0xff");
    EXPECT_EQ(error_of(""), "line 1, column 1 (byte 0): expected a value, not the end of the text");
}

TEST(AnError, LeavesTheDocumentNull) {
    Document document;
    ASSERT_TRUE(parse("[1]", document));
    ASSERT_FALSE(parse("[1", document));
    EXPECT_TRUE(document.IsNull());
    ASSERT_TRUE(parse("[2]", document));
    EXPECT_EQ(canonical(document), "[2]");
}

TEST(ALimit, IsNamedInItsError) {
    EXPECT_NE(error_of(std::string(1000, '[')).find("more than 500 levels"), std::string::npos);
    EXPECT_NE(error_of(std::string(5000, '1')).find("more than 4300"), std::string::npos);
}

TEST(AMember, IsFoundByItsWholeKey) {
    const auto document = parse(R"({"a":1,"a\u0000b":2,"":3})");
    EXPECT_EQ(find(*document, "a")->GetInt(), 1);
    EXPECT_EQ(find(*document, std::string_view("a\0b", 3))->GetInt(), 2);
    EXPECT_EQ(find(*document, "")->GetInt(), 3);
    EXPECT_EQ(find(*document, "b"), nullptr);
    EXPECT_EQ(find(*parse("[1]"), "a"), nullptr);
}

TEST(AText, IsNoBigInteger) {
    const auto document = parse(R"(["t",99999999999999999999,1,null,""])");
    EXPECT_EQ(text_of((*document)[0]), "t");
    EXPECT_EQ(text_of((*document)[1]), "");
    EXPECT_FALSE(is_text((*document)[2]));
    EXPECT_EQ(text_of((*document)[3]), "");
    EXPECT_TRUE(is_text((*document)[4]));
}

TEST(AMadeText, IsACopy) {
    Document document;
    std::string source = "long enough not to be held in the value itself";
    const auto value = make_text(source, document.GetAllocator());
    source.assign(source.size(), '-');
    EXPECT_EQ(text_of(value), "long enough not to be held in the value itself");
    EXPECT_TRUE(is_text(make_text({}, document.GetAllocator())));
}

TEST(ACopy, OwnsItsStringsAlsoThoseThatTheOriginalBorrowed) {
    const std::string expected =
        R"({"a key that is long enough to be borrowed":["a value that is long enough too",1.5,-1,null,true,{}]})";
    Document copied;
    {
        std::string text = expected;
        Document original;
        ASSERT_TRUE(parse(text, original, Strings::borrow));
        static_cast<Value&>(copied) = copy(original, copied.GetAllocator());
        text.assign(text.size(), '-');
    }
    EXPECT_EQ(canonical(copied), expected);
}

TEST(ACopy, KeepsNumbersOfEverySize) {
    const std::string text = "[18446744073709551615,-9223372036854775808,1e+400,100000000000000000000,-0.0,NaN]";
    Document document;
    EXPECT_EQ(canonical(copy(*parse(text), document.GetAllocator())),
              "[18446744073709551615,-9223372036854775808,Infinity,100000000000000000000,-0.0,NaN]");
}

// A number has no length that is too much for it, except as an integer.
TEST(AReal, MayHaveAnyNumberOfDigits) {
    EXPECT_EQ(parse("0." + std::string(5000, '0') + "1e5001")->GetDouble(), 1.0);
    EXPECT_EQ(parse("1" + std::string(5000, '0') + "e-5000")->GetDouble(), 1.0);
    EXPECT_EQ(canonical(*parse("1e99999999999999999999999999")), "Infinity");
    EXPECT_EQ(canonical(*parse("-1e-99999999999999999999999999")), "-0.0");
    EXPECT_EQ(canonical(*parse("0e99999999999999999999999999")), "0.0");
    EXPECT_EQ(canonical(*parse("[2e-324,3e-324,1.7976931348623159e308]")), "[0.0,5e-324,Infinity]");
}

TEST(AnEmptyView, IsRefusedLikeAnEmptyText) {
    Document document;
    EXPECT_FALSE(parse(std::string_view(), document));
}

// A text of a few kilobytes can be indented to gigabytes: two blanks a level on each of its lines.
TEST(AnIndentedForm, IsGivenUpForOneLineWhenItGrowsTooLarge) {
    const std::size_t depth = 450;
    std::string text = std::string(depth, '[') + "1";
    for (int i = 0; i < 90'000; ++i) text += ",1";
    const auto document = parse(text + std::string(depth, ']'));
    EXPECT_EQ(pretty(*document), relayed(*document));
    const auto wide = parse("{\"" + std::string(20'000, 'k') + "\":[1" + text.substr(depth + 1, 20'000) + "]}");
    EXPECT_EQ(python_pretty(*wide), python_text(*wide));
}

// wire level of KF-048: 20,000 names in 1.5 MB, and one string of 5 MB. Storing, finding and cutting them is not this
// part's: "Stored, found", "text output is cut with '... and N others'", "notification below the channel's limit".
TEST(KnownFailures, KF_048_VeryLargeMessagesAreReturnedIntact) {
    std::string names;
    for (int i = 0; i < 20'000; ++i)
        names.append(names.empty() ? "" : ",").append("\"" + std::string(60, 'p') + "-" + std::to_string(i) + "\"");
    const std::string message = R"({"msg":{"log":")" + std::string(5'000'000, 'x') + R"(","names":[)" + names + "]}}";
    const auto document = parse(message);
    ASSERT_TRUE(document.has_value());
    EXPECT_EQ(text_of((*document)["msg"]["names"][19'998]), std::string(60, 'p') + "-19998");
    EXPECT_EQ(canonical(*document), message);
}

}  // namespace
}  // namespace fedmsg::json
