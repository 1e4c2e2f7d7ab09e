#include "bus/config/yaml_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <random>

#include "bus/config/yaml_scan.hpp"

namespace fedmsg::config {
namespace {

using ::testing::HasSubstr;

std::string repeated(const std::string& text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) all += text;
    return all;
}

struct Refusal {
    int line = -1;  // -1: not refused
    std::string text;
};

Refusal refusal_of(const std::string& yaml) {
    try {
        read_yaml(yaml);
    } catch (const SyntaxError& error) {
        return {error.line, error.what()};
    }
    return {};
}

void expect_refused(const std::string& yaml, int line, const std::string& gist) {
    const Refusal refusal = refusal_of(yaml);
    EXPECT_EQ(refusal.line, line) << yaml.substr(0, 200) << "\n" << refusal.text;
    EXPECT_THAT(refusal.text, HasSubstr(gist)) << yaml.substr(0, 200);
}

void expect_accepted(const std::string& yaml) {
    const Refusal refusal = refusal_of(yaml);
    EXPECT_EQ(refusal.line, -1) << yaml.substr(0, 200) << "\n" << refusal.text;
}

TEST(AYamlReader, KeepsTextsAndTheLinesOfKeysAndItems) {
    const Node root = read_yaml("# first\na: 1\nb:\n  c: 'x'\n  d: [p,\n      q]\ne:\n");
    ASSERT_EQ(root.members.size(), 3U);
    EXPECT_EQ(root.members[0].key, "a");
    EXPECT_EQ(root.members[0].line, 2);
    EXPECT_FALSE(root.members[0].value.quoted);
    const Node& b = root.members[1].value;
    EXPECT_EQ(b.members[0].line, 4);
    EXPECT_TRUE(b.members[0].value.quoted);
    EXPECT_EQ(b.members[1].value.items[1].text, "q");
    EXPECT_EQ(b.members[1].value.items[1].line, 6);
    EXPECT_EQ(root.members[2].value.text, "");
    EXPECT_EQ(root.members[2].value.line, 7);
}

TEST(AYamlReader, TakesAnEmptyTextForNoKeys) {
    for (const char* text : {"", "\n\n", "# only this\n", "---\n", "--- # nothing\n...\n", "~\n"})
        EXPECT_TRUE(read_yaml(text).members.empty()) << text;
}

TEST(AYamlReader, DropsTheByteOrderMarkOfUtf8) {
    EXPECT_EQ(read_yaml("\xEF\xBB\xBF"
                        "a: 1\n")
                  .members[0]
                  .key,
              "a");
}

TEST(AYamlReader, RefusesUtf16WithAndWithoutMark) {
    expect_refused(std::string("\xFF\xFE"
                               "a\0:\0",
                               6),
                   1, "UTF-16");
    expect_refused(std::string("\xFE\xFF\0a\0:", 6), 1, "UTF-16");
    expect_refused(std::string("a\0:\0", 4), 1, "UTF-16");
}

TEST(AYamlReader, RefusesBytesThatAreNoText) {
    expect_refused(std::string("a: 1\nb: x\0y\n", 12), 2, "NUL");
    expect_refused("a: 1\nb: \x1b[0m\n", 2, "0x1b");
    expect_refused("a: 1\n\nb: \xC3\x28\n", 3, "UTF-8");
}

TEST(AYamlReader, RefusesTabsAsIndentation) {
    expect_refused("a:\n\tb: 1\n", 2, "tab");
    expect_refused("a:\n  b: 1\n \tc: 2\n", 3, "tab");
    expect_accepted("a: |\n  \tindented by a tab within the text\nb: 1\t# a tab here is no indentation\n\t\nc: 1\n");
}

TEST(AYamlReader, NamesTheLineWhereAnUnclosedQuoteOpens) {
    expect_refused("a: 1\nb: \"never closed\nc: 2\n", 2, "never closed");
    expect_refused("a: 1\nb: 'it''s\nc: 2\n", 2, "never closed");
    expect_accepted("a: \"over\n  lines \\\" and 'more\"\nb: 'it''s \"fine'\n");
}

TEST(AYamlReader, NamesTheLineOfAnUnclosedBracket) {
    const Refusal refusal = refusal_of("a: 1\nb: [1,\n  2\n");
    EXPECT_GE(refusal.line, 2);
    EXPECT_THAT(refusal.text, HasSubstr("bracket"));
}

TEST(AYamlReader, RefusesAnchorsAndAliasesOutsideTexts) {
    expect_refused("a: &x 1\n", 1, "anchor");
    expect_refused("a: 1\nb: *x\n", 2, "alias");
    expect_refused("topics: *\n", 1, "quotes");
    expect_refused("a: [1, *x]\n", 1, "alias");
    expect_refused("&x a: 1\n", 1, "anchor");
    expect_refused("- &x\n- *x\n", 1, "anchor");
}

TEST(AYamlReader, LeavesStarsAndAmpersandsWithinTextsAlone) {
    expect_accepted("a: org.*.git.*\nb: '*'\nc: \"&x\"\nd: a && b # *x &y\ne: >\n  *x\n  &y\nf: x\n  *y\n");
    EXPECT_EQ(read_yaml("f: x\n  *y\n").members[0].value.text, "x *y");
}

TEST(AYamlReader, RefusesNestingOverSixtyFourLevels) {
    expect_accepted("a: " + repeated("[", 63) + repeated("]", 63) + "\n");
    expect_refused("a: " + repeated("[", 65) + repeated("]", 65) + "\n", 1, "nesting");
    expect_refused("a: 1\nb: " + repeated("{x: ", 65) + "1" + repeated("}", 65) + "\n", 2, "nesting");
    expect_refused(repeated("- ", 70) + "x\n", 1, "nesting");
    std::string block;
    for (int i = 0; i < 70; ++i) block += repeated(" ", static_cast<std::size_t>(i)) + "k:\n";
    const Refusal refusal = refusal_of(block);
    EXPECT_THAT(refusal.text, HasSubstr("nesting"));
    EXPECT_EQ(refusal.line, 65);
}

TEST(AYamlReader, DoesNotCountBracketsWithinTexts) {
    const std::string many = repeated("[", 100);
    expect_accepted("a: '" + many + "'\nb: \"" + many + "\"\nc: x" + many + "\n# " + many + "\nd: |\n  " + many + "\n");
}

TEST(AYamlReader, CountsListsAtTheIndentationOfTheirKeyToo) {
    std::string block;
    std::string indentation;
    for (int i = 0; i < 40; ++i) {
        block += indentation + "k:\n" + indentation + "- ";
        indentation += "  ";
        block += "x: 1\n" + indentation;
        block.resize(block.size() - indentation.size());
    }
    EXPECT_THAT(refusal_of(block).text, HasSubstr("nesting"));
}

TEST(AYamlReader, RefusesFilesOverTheLimitOfSize) {
    expect_accepted("a: " + std::string(kMaxFileBytes - 4, 'x') + "\n");
    expect_refused("a: " + std::string(kMaxFileBytes - 3, 'x') + "\n", 0, "256 KiB");
}

TEST(AYamlReader, RefusesASecondDocument) {
    expect_refused("a: 1\n---\nb: 2\n", 2, "second document");
    expect_accepted("---\na: 1\n...\n");
}

TEST(AYamlReader, RefusesListsAndTextsAtTheTop) {
    expect_refused("- a\n- b\n", 1, "list at the top");
    expect_refused("just words\n", 1, "text at the top");
    expect_refused("[1, 2]\n", 1, "list at the top");
}

TEST(AYamlReader, RefusesTagsAndStructuredKeys) {
    expect_refused("a: !!python/object:os.system x\n", 1, "tag");
    expect_refused("a: 1\n? [x]\n: y\n", 2, "cannot be a key");
    EXPECT_TRUE(read_yaml("a: !!str 5\n").members[0].value.quoted);
}

TEST(AYamlReader, ExplainsWhatElseIsNoYaml) {
    expect_refused("a: 1\nb: `x`\n", 2, "not YAML");
    expect_refused("a: 1\n b: 2\nc\n", 2, "not YAML");
    expect_refused("a: b: c\n", 1, "not YAML");
    expect_refused("endpoints\n  x: 1\n", 2, "not YAML");
}

TEST(AYamlReader, TakesCarriageReturnsAsLineEnds) {
    const Node root = read_yaml("a: 1\r\nb: 2\r\n");
    EXPECT_EQ(root.members[1].line, 2);
    EXPECT_EQ(root.members[0].value.text, "1");
}

// Each of these is a worst case of some scanner: what matters is that the answer comes soon.
TEST(AYamlReader, AnswersSoonWhateverTheTextIs) {
    const auto begin = std::chrono::steady_clock::now();
    for (const char* piece :
         {"[",      "{",      "- ",  "? ",  ": ",   "a: ", "[a,",        "{a: ",  "\"",   "'",  "a\n",
          "a: b\n", "- a\n",  "[\n", "!a ", "&a ",  "*a ", "a: |\n b\n", "# x\n", "[a: ", "[?", "- - [",
          "{? ",    "\"a\" ", "\n",  "\\",  "a: {", "[]",  "(a \"b",     " ",     "  \n", "'' "}) {
        std::string text;
        while (text.size() < kMaxFileBytes) text += piece;
        text.resize(kMaxFileBytes);
        const auto started = std::chrono::steady_clock::now();
        refusal_of(text);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
        EXPECT_LT(took.count(), 5) << piece;
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    EXPECT_LT(took.count(), 60);
}

// Damaged configurations end in a tree or a SyntaxError, never in anything else.
TEST(AYamlReader, SurvivesDamagedTexts) {
    const std::string good =
        "# sample\ntopic_prefix: org.example\nendpoints:\n  a: ['tcp://127.0.0.1:1', \"tcp://b:2\"]\n  b: {x: [1, "
        "2.5]}\n"
        "logging: |\n  text [ { *\n  more\nplain: many\n  words & more\n'q': ~\n";
    const std::string marks = "[]{}'\"&*!|>#:-?,\n\t \\%@`~a1\x01\xC3";
    std::mt19937 random(20240);  // NOLINT: the same texts in every run
    std::size_t accepted = 0;
    for (int round = 0; round < 3000; ++round) {
        std::string text = good;
        for (unsigned edits = 1 + random() % 4; edits > 0; --edits) {
            const std::size_t at = random() % text.size();
            const char mark = marks[random() % marks.size()];
            if (random() % 3 == 0)
                text.erase(at, 1 + random() % 3);
            else
                text.insert(at, 1, mark);
        }
        accepted += refusal_of(text).line < 0 ? 1 : 0;
    }
    EXPECT_GT(accepted, 100U);
    EXPECT_LT(accepted, 2900U);
}

}  // namespace
}  // namespace fedmsg::config
