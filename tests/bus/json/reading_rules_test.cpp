// What is accepted, and what it means: wire-and-crypto.md 4.3, rule by rule.
#include <gtest/gtest.h>

#include "bus/json/document.hpp"
#include "bus/json/writer.hpp"

namespace fedmsg::json {
namespace {

// The canonical form of a text, or "refused".
std::string read(const std::string& text) {
    const auto document = parse(text);
    return document ? canonical(*document) : "refused";
}

std::string why(const std::string& text) {
    return parse(text).error().text;
}

TEST(AReader, AcceptsTheBareWordsOfPythonInExactlyTheirSpelling) {
    EXPECT_EQ(read("[NaN,Infinity,-Infinity]"), "[NaN,Infinity,-Infinity]");
    for (const auto* word : {"Inf", "-Inf", "-NaN", "+1", "nan", "infinity", "+Infinity", "INFINITY", "NaNs", "--1",
                             "True", "None", "tru", "nul", "falsee"})
        EXPECT_EQ(read(word), "refused") << word;
}

TEST(AReader, AcceptsWhiteSpaceOfFourKinds) {
    EXPECT_EQ(read(" \t\r\n[ \t\r\n1 , 2 ] \n"), "[1,2]");
    for (const std::string space : {"\v", "\f", "\xC2\xA0", "\xE2\x80\xA8"}) EXPECT_EQ(read(space + "1"), "refused");
}

TEST(AReader, RefusesAByteOrderMark) {
    EXPECT_EQ(read("\xEF\xBB\xBF{}"), "refused");
}

TEST(AReader, RefusesANulAnywhereOutsideAnEscape) {
    EXPECT_EQ(read(std::string("1\0", 2)), "refused");
    EXPECT_EQ(read(std::string("\0001", 2)), "refused");
    EXPECT_EQ(read(std::string("\"a\0b\"", 5)), "refused");
    EXPECT_EQ(read(R"("a\u0000b")"), R"("a\u0000b")");
}

TEST(AReader, RefusesAnythingBehindTheDocument) {
    for (const auto* text : {"1 2", "{} x", "[],", "\"a\"\"b\"", "nullnull"}) EXPECT_EQ(read(text), "refused") << text;
}

TEST(AReader, RefusesWhatIsCutOrEmpty) {
    for (const auto* text : {"",          " ",    "{",          "[",   "\"",  "{\"a\"", "{\"a\":", "{\"a\":1",
                             "{\"a\":1,", "[1",   "[1,",        "-",   "1.",  "1e",     "1e+",     "\"\\",
                             "\"\\u12",   "[1,]", "{\"a\":1,}", "{,}", "[,]", "{1:2}",  "{a:1}",   "'a'"})
        EXPECT_EQ(read(text), "refused") << text;
}

TEST(AReader, RefusesControlCharactersInStringsAndTakesDelete) {
    for (char c = 1; c < 0x20; ++c) EXPECT_EQ(read(std::string("\"") + c + "\""), "refused");
    EXPECT_EQ(read("\"\x7F\""), R"("\u007f")");
}

TEST(AReader, KnowsTheEscapesOfJsonAndNoOthers) {
    EXPECT_EQ(read(R"("\"\\\/\b\f\n\r\t\u00e9\u00E9")"), R"("\"\\/\b\f\n\r\t\u00e9\u00e9")");
    for (const auto* escape :
         {R"("\a")", R"("\v")", R"("\0")", R"("\x41")", R"("\U0001F600")", R"("\u12g4")", R"("\'")", R"("\ ")"})
        EXPECT_EQ(read(escape), "refused") << escape;
}

TEST(AReader, JoinsAPairOfSurrogateEscapesAndKeepsLoneOnes) {
    EXPECT_EQ(read(R"("\ud83d\ude00")"), R"("\ud83d\ude00")");
    EXPECT_EQ(parse(R"("\ud83d\ude00")")->GetStringLength(), 4U);  // one code point
    for (const auto* lone :
         {R"("\ud800")", R"("\udc00")", R"("\udc00\ud800")", R"("\ud800x\udc00")", R"("\ud83d\ud83d\ude00")"})
        EXPECT_EQ(read(lone), lone);
    EXPECT_EQ(parse(R"("\ud800")")->GetStringLength(), 3U);  // WTF-8
}

// A high surrogate that was decoded by itself never joins with a literal character behind it.
TEST(AReader, NeverJoinsSurrogatesThatWereNotAPairOfEscapes) {
    EXPECT_EQ(read("\"\\ud83d\xED\xB8\x80\""), "refused");  // a raw surrogate is no UTF-8
    EXPECT_EQ(read("\"\\ud83d\xC3\xA9\""), R"("\ud83d\u00e9")");
}

TEST(AReader, RefusesStringsThatAreNotUtf8) {
    for (const std::string bad : {"\xFF", "\xC0\x80", "\xED\xA0\x80", "\xE2\x82", "\xF4\x90\x80\x80", "\x80"})
        for (const std::string& text : {"\"" + bad + "\"", "\"0123456789abcdef" + bad + "\"", "{\"" + bad + "\":1}"})
            EXPECT_EQ(read(text), "refused");
}

TEST(AReader, TakesANumberWithoutFractionAndExponentForAnInteger) {
    EXPECT_TRUE(parse("9223372036854775807")->IsInt64());
    EXPECT_TRUE(parse("18446744073709551615")->IsUint64());
    EXPECT_TRUE(is_big_integer(*parse("18446744073709551616")));
    EXPECT_TRUE(is_big_integer(*parse("-9223372036854775809")));
    EXPECT_EQ(big_integer_digits(*parse("-9223372036854775809")), "-9223372036854775809");
    EXPECT_FALSE(is_text(*parse("18446744073709551616")));
    EXPECT_EQ(read("-0"), "0");
    EXPECT_TRUE(parse("-0")->IsInt());
    for (const auto* number : {"01", "-01", "00", ".5", "1.e5", "0x10", "1_000", "- 1", "1.5.5"})
        EXPECT_EQ(read(number), "refused") << number;
}

TEST(AReader, KeepsIntegersOfAnyLengthUpToItsLimit) {
    const std::string longest(kMaxIntegerDigits, '9');
    EXPECT_EQ(read(longest), longest);
    EXPECT_EQ(read("-" + longest), "-" + longest);
    EXPECT_EQ(read(longest + "9"), "refused");
}

TEST(AReader, ReadsRealsAsCorrectlyRoundedDoubles) {
    EXPECT_EQ(parse("0.1")->GetDouble(), 0.1);
    EXPECT_EQ(parse("1E5")->GetDouble(), 1e5);
    EXPECT_EQ(parse("2.2250738585072011e-308")->GetDouble(), 2.2250738585072011e-308);
    EXPECT_EQ(read("1e400"), "Infinity");
    EXPECT_EQ(read("-1e400"), "-Infinity");
    EXPECT_EQ(read("1e-400"), "0.0");
    EXPECT_EQ(read("-1e-400"), "-0.0");
    EXPECT_EQ(read("-0.0"), "-0.0");
    EXPECT_EQ(read("9007199254740993.0"), "9007199254740992.0");
}

TEST(AReader, LetsTheLastOfDuplicateKeysWinInTheFirstOnesPlace) {
    EXPECT_EQ(relayed(*parse(R"({"a":1,"b":2,"a":3})")), R"({"a": 3, "b": 2})");
    EXPECT_EQ(relayed(*parse(R"({"x":{"k":1,"k":{"k":2,"k":3}},"x2":0})")), R"({"x": {"k": {"k": 3}}, "x2": 0})");
    EXPECT_EQ(relayed(*parse(R"({"\u0061":1,"a":2})")), R"({"a": 2})");
    std::string many = "{";
    for (int i = 0; i < 1000; ++i) many += "\"k" + std::to_string(i % 500) + "\":" + std::to_string(i) + ",";
    many.back() = '}';
    const auto document = parse(many);
    EXPECT_EQ(document->MemberCount(), 500U);
    EXPECT_EQ((*document)["k0"].GetInt(), 500);
    EXPECT_STREQ(document->MemberBegin()->name.GetString(), "k0");
}

TEST(AReader, ReadsDeepTextsUpToItsLimitWithoutRecursion) {
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + "1" + std::string(depth, ']'); };
    EXPECT_EQ(read(nested(kMaxDepth)), nested(kMaxDepth));
    EXPECT_EQ(read(nested(kMaxDepth + 1)), "refused");
    EXPECT_EQ(read(std::string(1'000'000, '[')), "refused");
    std::string objects;
    for (int i = 0; i < 1'000'000; ++i) objects += "{\"a\":";
    EXPECT_EQ(read(objects), "refused");
}

TEST(AReader, SaysWhatIsWrongAndWhere) {
    EXPECT_NE(why("{\n  \"a\": 1,\n  \"b\" 2\n}").find("line 3"), std::string::npos);
    EXPECT_NE(why("[1, x]").find("column 5"), std::string::npos);
}

TEST(ABorrowingReader, PointsIntoTheTextWhereItCan) {
    const std::string text = R"({"key":"plain text that is long enough","e":"esc\u00e9"})";
    Document document;
    ASSERT_TRUE(parse(text, document, Strings::borrow));
    const char* plain = document["key"].GetString();
    EXPECT_TRUE(plain >= text.data() && plain < text.data() + text.size());
    EXPECT_EQ(canonical(document), canonical(*parse(text)));
}

TEST(ADocument, CanBeUsedAgainWithItsMemory) {
    char arena[4096];
    Pool pool(arena, sizeof arena);
    Document document(&pool);
    for (int i = 0; i < 1000; ++i) {
        document.SetNull();
        pool.Clear();
        ASSERT_TRUE(parse(R"({"n":[1,2,3],"s":"text"})", document));
        ASSERT_EQ(canonical(document), R"({"n":[1,2,3],"s":"text"})");
    }
    EXPECT_LE(pool.Capacity(), sizeof arena);  // nothing was taken from elsewhere
}

TEST(Truth, IsPythons) {
    for (const auto* text : {"null", "false", "0", "0.0", "-0.0", "\"\"", "[]", "{}"})
        EXPECT_FALSE(is_truthy(*parse(text))) << text;
    for (const auto* text : {"true", "1", "0.1", "NaN", "\"0\"", "[0]", R"({"":0})", "18446744073709551616"})
        EXPECT_TRUE(is_truthy(*parse(text))) << text;
}

}  // namespace
}  // namespace fedmsg::json
