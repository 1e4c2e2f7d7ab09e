// Python's text forms: cli.md 4.2 and 4.3.
#include "bus/json/python_text.hpp"

#include <gtest/gtest.h>

namespace fedmsg::json {
namespace {

std::string text(const std::string& json) {
    return python_text(*parse(json));
}
std::string printed(const std::string& json) {
    return python_pretty(*parse(json));
}

TEST(PythonText, SpellsConstantsAndNumbers) {
    EXPECT_EQ(text("[true,false,null,1,-1.5,1e16,1e-05,NaN,Infinity,-Infinity,18446744073709551616]"),
              "[True, False, None, 1, -1.5, 1e+16, 1e-05, nan, inf, -inf, 18446744073709551616]");
    EXPECT_EQ(text("[[],{}]"), "[[], {}]");
}

TEST(PythonText, ChoosesTheQuoteThatNeedsNoEscape) {
    EXPECT_EQ(text(R"(["a","it's","say \"x\"","'\""])"), R"(['a', "it's", 'say "x"', '\'"'])");
}

TEST(PythonText, EscapesWhatIsNotPrintable) {
    EXPECT_EQ(text(R"(["\\","\n\r\t","\u0000\u001f\u007f","\u00a0","\u200d","\u2028","\ud800","\ue000","\u00ad"])"),
              R"(['\\', '\n\r\t', '\x00\x1f\x7f', '\xa0', '\u200d', '\u2028', '\ud800', '\ue000', '\xad'])");
    EXPECT_EQ(text(R"(["\u00e9\u6f22\ud83d\ude00"])"), "['\xC3\xA9\xE6\xBC\xA2\xF0\x9F\x98\x80']");
    EXPECT_EQ(text(R"(["\udb80\udc00"])"), R"(['\U000f0000'])");
}

TEST(PythonText, KeepsKeysAsReceivedAndShowsABareStringBare) {
    EXPECT_EQ(text(R"({"b":1,"a":"x"})"), "{'b': 1, 'a': 'x'}");
    EXPECT_EQ(python_bare(*parse(R"("it's")")), "it's");
    EXPECT_EQ(python_bare(*parse("[\"x\"]")), "['x']");
}

TEST(PythonPretty, SortsKeysAndStaysOnOneLineWhileItFits) {
    EXPECT_EQ(printed(R"({"b":1,"a":2})"), "{'a': 2, 'b': 1}");
    const std::string fits(76, 'x');  // with brackets and quotes: 80
    EXPECT_EQ(printed("[\"" + fits + "\"]"), "['" + fits + "']");
}

TEST(PythonPretty, BreaksObjectsAndListsOneItemALine) {
    const std::string item(50, 'x');
    EXPECT_EQ(printed("{\"b\":\"" + item + "\",\"a\":\"" + item + "\"}"),
              "{'a': '" + item + "',\n 'b': '" + item + "'}");
    EXPECT_EQ(printed("[\"" + item + "\",\"" + item + "\"]"), "['" + item + "',\n '" + item + "']");
}

TEST(PythonPretty, SplitsLongStringsAtBlanksAndLineEnds) {
    std::string words;
    for (int i = 0; i < 30; ++i) words += "word" + std::to_string(i) + " ";
    const auto shown = printed("{\"a\":\"" + words + "\"}");
    EXPECT_TRUE(shown.starts_with("{'a': 'word0 word1 "));
    for (std::size_t at = 0; at < shown.size();) {
        const auto end = std::min(shown.find('\n', at), shown.size());
        EXPECT_LE(end - at, 80U);
        at = end + 1;
    }
    EXPECT_EQ(printed(R"({"a":"one\ntwo)" + std::string(80, 'x') + "\"}"),
              "{'a': 'one\\n'\n      'two" + std::string(80, 'x') + "'}");
}

}  // namespace
}  // namespace fedmsg::json
