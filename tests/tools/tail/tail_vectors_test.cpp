// data/tail/tail.jsonl.
#include <gtest/gtest.h>

#include "bus/json/writer.hpp"
#include "tests/support/vectors.hpp"
#include "tests/tools/tail/tail_fixture.hpp"

namespace fedmsg::tools {
namespace {

// The configuration keys that a line's arguments set.
std::vector<std::pair<std::string, std::string>> keys_of(const json::Value& arguments) {
    const std::map<std::string, std::string> flags{
        {"--pretty", "pretty"}, {"--really-pretty", "really_pretty"}, {"--terse", "terse"}, {"--cowsay", "cowsay"}};
    const std::map<std::string, std::string> options{
        {"--query", "query"}, {"--exclude", "exclusive_regexp"}, {"--include", "inclusive_regexp"},
        {"--users", "users"}, {"--packages", "packages"},        {"--topic", "topic"}};
    std::vector<std::pair<std::string, std::string>> keys;
    for (rapidjson::SizeType i = 0; i < arguments.Size(); ++i) {
        const std::string name(json::text_of(arguments[i]));
        if (flags.count(name) != 0)
            keys.emplace_back(flags.at(name), "true");
        else
            keys.emplace_back(options.at(name), json::canonical(arguments[++i]));
    }
    return keys;
}

// White space may be coloured or not, by the version of the highlighter: its pairs do not count.
std::string without_blank_pairs(std::string text) {
    constexpr std::string_view kStart = "\x1b[37m";
    constexpr std::string_view kEnd = "\x1b[39;49;00m";
    for (auto at = text.find(kStart); at != std::string::npos; at = text.find(kStart)) {
        const auto end = text.find(kEnd, at);
        text.erase(end, kEnd.size());
        text.erase(at, kStart.size());
    }
    return text;
}

bool agrees(const json::Value& line) {
    const test::TestTail tail(keys_of(line["args"]));
    std::vector<std::string> shown;
    for (const auto& message : line["messages"].GetArray())
        if (auto text =
                tail.show(std::string(json::text_of(message["topic"])), std::string(json::text_of(message["wire"]))))
            shown.push_back(without_blank_pairs(*text));
    // Where the original ends with an exception, going on is all that is asked.
    if (line.HasMember("python")) return true;
    std::vector<std::string> expected;
    for (const auto& text : line["output"].GetArray())
        expected.push_back(without_blank_pairs(std::string(json::text_of(text))));
    EXPECT_EQ(shown, expected) << json::text_of(line["name"]);
    return shown == expected;
}

TEST(TailVectors, AreShownAsTheOriginalShowsThem) {
    const auto file = fedmsg::test::vector_path("tail/tail.jsonl");
    if (!file) GTEST_SKIP() << "no vectors here";
    const auto lines = fedmsg::test::lines_of(*file);
    std::size_t passed = 0;
    for (const auto& line : lines) passed += agrees(json::parse(line).value()) ? 1 : 0;
    EXPECT_EQ(passed, lines.size());
    fedmsg::test::report_vectors("tail", passed, lines.size());
}

}  // namespace
}  // namespace fedmsg::tools
