#include "twitterbot/text/text.hpp"

#include <gtest/gtest.h>

#include <string>

#include "twitterbot/text/template.hpp"

namespace {

using namespace twitterbot;

std::string times(const std::string& text, int count) {
    std::string out;
    for (int at = 0; at < count; ++at) out += text;
    return out;
}

TEST(CleanText, HasSingleBlanksAndNoControlCharacters) {
    EXPECT_EQ(clean("  a\r\n\tb\x01\x7f c\u2028d "), "a b c d");
    EXPECT_EQ(clean("e\u0301"), "\u00e9");
    EXPECT_EQ(clean("safe\u202etxt"), "safetxt");
    EXPECT_EQ(clean(std::string("a\0b", 3)), "a b");
    EXPECT_EQ(clean("a\xff"), "a\ufffd");
    EXPECT_EQ(clean("\u200d"), "\u200d");
}

TEST(Mentions, LoseTheirAt) {
    EXPECT_EQ(without_mentions("@ralph tagged @lmacken's"), "ralph tagged lmacken's");
    EXPECT_EQ(without_mentions("(@a, .@b, @@c)"), "(a, .b, c)");
    EXPECT_EQ(without_mentions("\uff20wide"), "wide");
    EXPECT_EQ(without_mentions("@user@host.example"), "user@host.example");
    EXPECT_EQ(without_mentions("mail a@b.org, 3 @ 5"), "mail a@b.org, 3 @ 5");
}

TEST(LengthOnX, WeighsCodePointsByTheTable) {
    const LengthRule x = LengthRule::x();
    EXPECT_EQ(length_of("abc", x), 3u);
    EXPECT_EQ(length_of("\u2603", x), 2u);  // snowman, above 4351
    EXPECT_EQ(length_of("\u10ff", x), 1u);  // 4351
    EXPECT_EQ(length_of("\u1100", x), 2u);  // 4352
    EXPECT_EQ(length_of("\u2019", x), 1u);  // 8217
    EXPECT_EQ(length_of("\u2026", x), 2u);  // 8230
    EXPECT_EQ(length_of("\u2033", x), 1u);  // 8243
    EXPECT_EQ(length_of("\u65e5\u672c", x), 4u);
    EXPECT_EQ(length_of("e\u0301", x), 1u);  // NFC first
}

TEST(LengthOnX, CountsAnEmojiSequenceAsTwo) {
    const LengthRule x = LengthRule::x();
    EXPECT_EQ(length_of("\U0001F600", x), 2u);
    EXPECT_EQ(length_of("\U0001F468\u200d\U0001F469\u200d\U0001F467\u200d\U0001F466", x), 2u);  // family
    EXPECT_EQ(length_of("\U0001F44D\U0001F3FD", x), 2u);                                        // with skin tone
    EXPECT_EQ(length_of("\U0001F1E9\U0001F1EA", x), 2u);                                        // flag
    EXPECT_EQ(length_of("1\ufe0f\u20e3", x), 2u);                                               // keycap
    EXPECT_EQ(length_of("\u2603\ufe0f", x), 2u);
    EXPECT_EQ(length_of("1", x), 1u);
}

TEST(Urls, CountTheSameWhateverTheirLength) {
    const LengthRule x = LengthRule::x();
    EXPECT_EQ(length_of("https://a.b", x), 23u);
    EXPECT_EQ(length_of("see https://example.org/" + times("x", 200) + ".", x), 4u + 23u + 1u);
    EXPECT_EQ(length_of("xhttps://a.b", x), 12u);
    EXPECT_EQ(length_of("https://", x), 8u);
    EXPECT_EQ(length_of("(http://a.b/c)", LengthRule::mastodon(500, 30)), 32u);
}

TEST(LengthOnMastodon, CountsGraphemeClusters) {
    const LengthRule mastodon = LengthRule::mastodon();
    EXPECT_EQ(length_of("\u65e5\u672c", mastodon), 2u);
    EXPECT_EQ(length_of("\U0001F468\u200d\U0001F469\u200d\U0001F467", mastodon), 1u);
    EXPECT_EQ(length_of("q\u0307", mastodon), 1u);
}

TEST(CutText, EndsAtAWordWithAnEllipsis) {
    const LengthRule x = LengthRule::x();
    EXPECT_EQ(cut("one two three", 13, x), "one two three");
    EXPECT_EQ(cut("one two three", 12, x), "one two\u2026");
    EXPECT_EQ(cut("one two three", 9, x), "one two\u2026");
    EXPECT_EQ(cut("one two three", 8, x), "one\u2026");
    EXPECT_EQ(cut("onetwothree", 8, x), "onetwo\u2026");
    EXPECT_EQ(cut("one", 1, x), "");
}

TEST(CutText, NeverCutsUrlsAndSequences) {
    const LengthRule x = LengthRule::x();
    EXPECT_EQ(cut("go https://example.org/page now", 26, x), "go\u2026");
    EXPECT_EQ(cut("https://example.org/page", 22, x), "");
    EXPECT_EQ(cut(times("\U0001F1E9\U0001F1EA", 5), 6, x), "\U0001F1E9\U0001F1EA\U0001F1E9\U0001F1EA\u2026");
}

TEST(AFittedPost, KeepsItsLinkWhole) {
    const LengthRule x = LengthRule::x();
    const std::string link = "https://example.org/" + times("p", 100);
    const Draft draft{times("word ", 60), link, "", {"fedora"}};
    const std::string text = fit(draft, x);
    EXPECT_LE(length_of(text, x), 280u);
    EXPECT_GE(length_of(text, x), 275u);
    EXPECT_EQ(text.substr(text.size() - link.size() - 13), "word word\u2026 " + link);
}

TEST(AFittedPost, CutsTheTailBeforeTheHead) {
    const Draft draft{"The beginning ", "https://example.org/", times(" tail", 80), {}};
    const std::string text = fit(draft, LengthRule::x());
    EXPECT_EQ(text.rfind("The beginning https://example.org/ tail", 0), 0u);
    EXPECT_LE(length_of(text, LengthRule::x()), 280u);
}

TEST(AFittedPost, HasHashtagsAsFarAsThereIsRoom) {
    EXPECT_EQ(fit({"a ", "https://e.org", "", {"one", "two"}}, LengthRule::x()), "a https://e.org #one #two");
    EXPECT_EQ(fit({"a", "", "", {"one", "two"}}, LengthRule::mastodon(7)), "a #one");
    EXPECT_EQ(fit({"a", "", "", {"toolong", "no"}}, LengthRule::mastodon(6)), "a #no");
}

TEST(AFittedPost, CanBeMadeShorterOnceMore) {
    const Draft draft{times("word ", 80), "", "", {}};
    EXPECT_LE(length_of(fit(draft, LengthRule::x(), 20), LengthRule::x()), 260u);
}

TEST(ATemplate, KnowsFieldsAndBraces) {
    const Template form("{{{msg.a}}} {link}");
    std::string missing;
    const auto text = filled(
        form, [](const std::string& field) { return std::optional("<" + field + ">"); }, &missing);
    EXPECT_EQ(text, "{<msg.a>} <link>");
    EXPECT_TRUE(form.has("link"));
    EXPECT_FALSE(form.has("title"));
}

TEST(ATemplate, NamesTheFieldThatIsMissing) {
    std::string missing;
    EXPECT_EQ(filled(
                  Template("x {y}"), [](const std::string&) { return std::nullopt; }, &missing),
              std::nullopt);
    EXPECT_EQ(missing, "y");
}

TEST(ATemplate, IsRefusedWithLooseBraces) {
    for (const char* text : {"{", "}", "{a", "a}", "{}", "{a{b}}"})
        EXPECT_THROW(Template{text}, std::invalid_argument) << text;
}

}  // namespace
