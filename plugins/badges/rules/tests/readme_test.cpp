// The rules of README.md are good rules.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "badges/rules/rule_reader.hpp"

namespace {

std::vector<std::string> yaml_blocks() {
    std::ostringstream text;
    text << std::ifstream(BADGES_RULES_README).rdbuf();
    const std::string page = text.str();
    std::vector<std::string> blocks;
    for (auto at = page.find("```yaml\n"); at != std::string::npos; at = page.find("```yaml\n", at)) {
        at += 8;
        blocks.push_back(page.substr(at, page.find("```", at) - at));
    }
    return blocks;
}

TEST(TheReadme, ShowsRulesThatLoad) {
    const auto blocks = yaml_blocks();
    ASSERT_EQ(blocks.size(), 2u);
    const auto first = badges::read_rule("first.yml", blocks[0], badges::Limits());
    EXPECT_EQ(first->badge().id, "good-word-iii");
    EXPECT_EQ(first->dialect(), 1);
    EXPECT_TRUE(first->needs_renderer().empty());
    const auto second = badges::read_rule("second.yml", blocks[1], badges::Limits());
    EXPECT_EQ(second->dialect(), 2);
    EXPECT_TRUE(second->needs_renderer().empty());
}

}  // namespace
