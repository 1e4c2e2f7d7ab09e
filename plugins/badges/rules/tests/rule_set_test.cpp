#include "badges/rules/rule_set.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "badges/rules/legacy_suffix.hpp"
#include "badges/rules/rule_reader.hpp"
#include "badges/rules/tests/rule_files.hpp"
#include "badges/rules/yaml_file.hpp"

namespace {

using namespace badges;

Envelope message(const std::string& topic) {
    return Envelope::from_json(R"({"topic": ")" + topic + R"(", "msg_id": "2014-1", "msg": {"user": "ann"}})");
}

std::string problem_of(const RuleSet& rules, const std::string& file) {
    for (const RuleProblem& problem : rules.problems())
        if (problem.file == file && problem.severity == Severity::error) return problem.text();
    return "no problem";
}

std::string refusal(const std::string& text) {
    try {
        read_rule("r.yml", text, Limits());
    } catch (const FileError& error) {
        return std::to_string(error.line()) + ": " + error.key() + ": " + error.what();
    }
    return "accepted";
}

class ARuleDirectory : public testing::Test {
protected:
    RuleFiles files_;
};

TEST(ABadgeId, IsDerivedFromTheName) {
    EXPECT_EQ(badge_id("Trust Me, I Know What I Am Doing"), "trust-me,-i-know-what-i-am-doing");
    EXPECT_EQ(badge_id("It's (a) \"test\" *&?"), "its-a-test-");
    EXPECT_EQ(badge_id("Karma Courier III"), "karma-courier-iii");
}

// "check command exits non-zero": the command is the plugin's; what it takes its exit code from is asserted here.
TEST(KnownFailures, KF_096_OneBrokenFileDoesNotDisturbTheLoading) {
    const RuleFiles files;
    files.write("good.yml", RuleFiles::counting("Good", "git.receive", 1));
    files.write("broken.yml", "name: Broken\ntrigger: {topic: [\n");
    files.write("README", "# Not a rule\n");
    files.write(".good.yml.swp", std::string("b0VIM\0\1\2", 8));
    files.write("empty.yml", "");
    files.write("list.yml", "[]\n");
    files.write("dup.yml", RuleFiles::counting("GOOD", "wiki.article.edit", 1));
    std::string deep;
    for (int level = 0; level < 20'000; ++level) deep += "{a: ";
    files.write("deep.yml", deep);
    std::string dashes;
    for (int level = 0; level < 20'000; ++level) dashes += "- ";
    files.write("deep-dashes.yml", dashes + "a\n");
    std::string block;
    for (int level = 0; level < 300; ++level) block += std::string(static_cast<std::size_t>(level), ' ') + "a:\n";
    files.write("deep-block.yml", block);
    files.write("large.yml", "name: " + std::string(300'000, 'x') + "\n");

    const auto rules = files.load();

    // dup.yml sorts before good.yml: the first one wins, the other one is refused.
    ASSERT_EQ(rules->rules().size(), 1u);
    EXPECT_EQ(rules->rules().front()->file(), "dup.yml");
    EXPECT_TRUE(rules->has_errors());  // from which the check command takes its exit code
    EXPECT_EQ(problem_of(*rules, "good.yml"),
              "good.yml: name: the badge id good belongs to dup.yml already, which stays in force");
    EXPECT_EQ(problem_of(*rules, "broken.yml").find("broken.yml:3: this is not YAML: "), 0u)
        << problem_of(*rules, "broken.yml");
    EXPECT_EQ(problem_of(*rules, "empty.yml"), "empty.yml: the file is empty");
    EXPECT_EQ(problem_of(*rules, "list.yml").find("list.yml:1: a rule is a mapping"), 0u);
    EXPECT_EQ(problem_of(*rules, "deep.yml"), "deep.yml:1: nested deeper than 64 levels");
    EXPECT_EQ(problem_of(*rules, "deep-dashes.yml"), "deep-dashes.yml:1: nested deeper than 64 levels");
    EXPECT_EQ(problem_of(*rules, "deep-block.yml").find("nested deeper than 64 levels") != std::string::npos, true);
    EXPECT_EQ(problem_of(*rules, "large.yml"), "large.yml: the file is larger than 256 KiB");
    for (const RuleProblem& problem : rules->problems()) {
        EXPECT_NE(problem.file, "README");
        EXPECT_NE(problem.file, ".good.yml.swp");
    }
}

// Test vector (j).
TEST_F(ARuleDirectory, KeepsTheOtherFileIfOneHasAnUnknownKey) {
    files_.write("a.yml", RuleFiles::counting("A", "git.receive", 1) + "recipient_nick2faz: yes\n");
    files_.write("sub/b.yaml", RuleFiles::counting("B", "git.receive", 1));
    const auto rules = files_.load();
    ASSERT_EQ(rules->rules().size(), 1u);
    EXPECT_EQ(rules->rules().front()->file(), "sub/b.yaml");
    EXPECT_EQ(
        problem_of(*rules, "a.yml")
            .find("a.yml:14: recipient_nick2faz: unknown key (did you mean recipient_nick2fas?); there are: name, "),
        0u)
        << problem_of(*rules, "a.yml");
}

TEST_F(ARuleDirectory, KeepsTheLastGoodVersionOfAFileThatBecameFaulty) {
    files_.write("a.yml", RuleFiles::counting("A", "git.receive", 1));
    files_.write("b.yml", RuleFiles::counting("B", "git.receive", 1));
    const auto first = files_.load();
    files_.write("a.yml", "name: [\n");
    std::filesystem::remove(files_.directory() / "b.yml");
    const auto second = files_.load(first.get());
    EXPECT_NE(second->by_badge("a"), nullptr);
    EXPECT_EQ(second->by_badge("b"), nullptr);
    EXPECT_EQ(second->kept_files(), std::vector<std::string>{"a.yml"});
    EXPECT_EQ(second->candidates(message("org.x.prod.git.receive")).size(), 1u);
    const auto third = files_.load(second.get());
    EXPECT_NE(third->by_badge("a"), nullptr);
    files_.write("a.yml", RuleFiles::counting("A2", "git.receive", 1));
    const auto fourth = files_.load(third.get());
    EXPECT_TRUE(fourth->kept_files().empty());
    EXPECT_FALSE(fourth->has_errors());
    EXPECT_NE(fourth->by_badge("a2"), nullptr);
}

TEST_F(ARuleDirectory, ShowsByItsFingerprintThatSomethingHasChanged) {
    files_.write("a.yml", "a");
    const std::string before = RuleSet::fingerprint(files_.directory());
    EXPECT_EQ(RuleSet::fingerprint(files_.directory()), before);
    files_.write("README", "nothing that counts");
    EXPECT_EQ(RuleSet::fingerprint(files_.directory()), before);
    files_.write("a.yml", "ab");
    EXPECT_NE(RuleSet::fingerprint(files_.directory()), before);
}

TEST_F(ARuleDirectory, ThatIsMissingIsAProblemAndNoException) {
    const auto rules = RuleSet::load(files_.directory() / "nothing");
    EXPECT_TRUE(rules->rules().empty());
    EXPECT_TRUE(rules->has_errors());
}

TEST_F(ARuleDirectory, CostsAnUnmatchedMessageOneLookUp) {
    for (int number = 0; number < 150; ++number) {
        const std::string topic =
            number % 10 == 0 ? "prod.git.receive" : "service" + std::to_string(number % 37) + ".event";
        files_.write(std::to_string(number) + ".yml", RuleFiles::counting("B" + std::to_string(number), topic, 1));
    }
    const auto rules = files_.load();
    ASSERT_EQ(rules->rules().size(), 150u);
    std::size_t look_ups = 0;
    EXPECT_TRUE(rules->candidates(message("org.x.prod.trac.git.receive"), &look_ups).empty());
    EXPECT_EQ(look_ups, 1u);
    EXPECT_EQ(rules->candidates(message("org.x.prod.git.receive"), &look_ups).size(), 15u);
    EXPECT_EQ(look_ups, 2u);
    EXPECT_FALSE(rules->selects(message("org.x.prod.wiki.article.edit")));
    EXPECT_FALSE(rules->concerns("org.x.prod.wiki.article.edit"));
    EXPECT_TRUE(rules->selects(message("org.x.prod.service1.event")));
    EXPECT_TRUE(rules->concerns("org.x.prod.service1.event"));
}

TEST_F(ARuleDirectory, FindsRulesByTopicEndingAndCategory) {
    const std::string rest =
        "recipient: '%(msg.user)s'\ncriteria: {datanommer: {filter: {msg_id: '%(msg_id)s'}, "
        "operation: count, condition: {greater than or equal to: 0}}}\n";
    files_.write("topic.yml", RuleFiles::head("Topic") + "trigger: {topic: git.receive}\n" + rest);
    files_.write("ending.yml", RuleFiles::head("Ending") + "trigger: {topic: '*.git.receive'}\n" + rest);
    files_.write("category.yml", RuleFiles::head("Category") + "trigger: {category: trac}\n" + rest);
    files_.write("any.yml", RuleFiles::head("Any") + "trigger: {any: [{topic: a.b}, {category: git}]}\n" + rest);
    files_.write("all.yml", RuleFiles::head("All") +
                                "trigger: {all: [{lambda: 'True'}, {topic: a.b}, {not: {topic: c.d}}]}\n" + rest);
    files_.write("every.yml", RuleFiles::head("Every") + "trigger: {not: {topic: git.receive}}\n" + rest);
    const auto rules = files_.load();
    EXPECT_FALSE(rules->has_errors());
    const auto found = [&](const std::string& topic) {
        std::string names;
        for (const RulePtr& rule : rules->candidates(message(topic))) names += rule->badge().id + " ";
        return names;
    };
    EXPECT_EQ(found("org.x.prod.git.receive"), "any ending every topic ");
    EXPECT_EQ(found("org.x.prod.trac.git.receive"), "category ending every ");
    EXPECT_EQ(found("org.x.prod.legit.receive"), "every ");
    EXPECT_EQ(found("org.x.stg.a.b"), "all any every ");
    // Filters for the current message need nothing kept.
    EXPECT_FALSE(rules->selects(message("org.x.prod.git.receive")));
}

TEST_F(ARuleDirectory, KeepsOnlyWhatAFilterCanSelect) {
    const auto write = [this](const std::string& name, const std::string& filter) {
        files_.write(name + ".yml", RuleFiles::head(name) + "trigger: {topic: a.b}\nrecipient: '%(msg.user)s'\n" +
                                        "criteria: {datanommer: {filter: " + filter +
                                        ", operation: count, condition: {greater than: 0}}}\n");
    };
    write("current", "{topics: ['%(topic)s']}");
    write("other", "{topics: [org.x.prod.c.d], users: [ann]}");
    write("category", "{categories: [wiki], users: [ann]}");
    auto rules = files_.load();
    EXPECT_TRUE(rules->selects(message("org.x.prod.a.b")));
    EXPECT_TRUE(rules->selects(message("org.x.prod.c.d")));
    EXPECT_TRUE(rules->selects(message("org.x.prod.wiki.article.edit")));
    EXPECT_FALSE(rules->selects(message("org.x.prod.e.f")));
    write("all", "{users: ['%(msg.user)s'], rows_per_page: 9999}");
    rules = files_.load();
    EXPECT_TRUE(rules->selects(message("org.x.prod.e.f")));
    std::string notes;
    for (const RuleProblem& problem : rules->problems()) notes += problem.text() + "\n";
    EXPECT_EQ(
        notes,
        "all.yml: note: criteria.datanommer.filter: no topics limit it: every message must be kept in the history\n"
        "all.yml: note: criteria.datanommer.filter.rows_per_page: ignored: all rows are looked at, whatever their "
        "number\n");
    EXPECT_FALSE(rules->has_errors());
}

TEST_F(ARuleDirectory, TellsWhichRulesFiredOnOtherTopicsBefore) {
    files_.write("git.yml", RuleFiles::counting("Git", "prod.git.receive", 1));
    files_.write("suffix.yml", RuleFiles::counting("Suffix", "git.receive", 1));
    files_.write("star.yml", RuleFiles::counting("Star", "'*.git.receive'", 1));
    const auto differences =
        legacy_differences(*files_.load(), {"org.x.prod.trac.git.receive", "org.x.prod.git.receive"});
    std::string lines;
    for (const LegacyDifference& one : differences) lines += one.text() + "\n";
    EXPECT_EQ(lines,
              "star.yml:7: topic *.git.receive: did not fire on org.example.prod.git.receive before, fires now\n"
              "star.yml:7: topic *.git.receive: did not fire on org.x.prod.git.receive before, fires now\n"
              "star.yml:7: topic *.git.receive: did not fire on org.x.prod.trac.git.receive before, fires now\n"
              "suffix.yml:7: topic git.receive: fired on org.x.prod.trac.git.receive before, does not fire now\n");
}

TEST(ARuleFile, MayBeginWithAHeaderAndUseTheBooleansOfYaml11) {
    const std::string text = "%YAML 1.2\n# licence\n---\n" + RuleFiles::counting("A", "git.receive", 1) +
                             "recipient_nick2fas: Yes\nrecipient_email2fas: off\nrecipient_krb2fas: TRUE\ntags: a, b\n";
    const RulePtr rule = read_rule("a.yml", text, Limits());
    EXPECT_EQ(rule->dialect(), 1);
    EXPECT_EQ(rule->converters(), (std::vector<Converter>{Converter::krb2fas, Converter::nick2fas}));
    EXPECT_EQ(rule->badge().tags, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(rule->badge().discussion, "https://badges.example.org/ticket/1");
    EXPECT_TRUE(rule->needs_renderer().empty());
}

TEST(ARuleFile, IsOfDialectTwoWithoutCriteria) {
    const RulePtr rule = read_rule("b.yml", RuleFiles::head("B") + "trigger: {topic: a.b}\n", Limits());
    EXPECT_EQ(rule->dialect(), 2);
    EXPECT_EQ(rule->needs_renderer(), std::vector<std::string>{"message.agent_name"});
}

TEST(ARuleFile, WithoutRecipientOrWithMetaFunctionsNeedsTheRenderer) {
    const std::string criteria =
        "criteria: {datanommer: {filter: {topics: ['%(topic)s'], users: [{lambda: "
        "'fedmsg.meta.msg2usernames(msg)'}]}, operation: count, condition: {less than: 5}}}\n";
    const RulePtr rule = read_rule("b.yml", RuleFiles::head("B") + "trigger: {topic: a.b}\n" + criteria, Limits());
    EXPECT_EQ(rule->needs_renderer(),
              (std::vector<std::string>{"it has no recipient: all user names of the message are meant",
                                        "fedmsg.meta.msg2usernames"}));
}

TEST(ARuleFile, IsRefusedWithLineAndKey) {
    const std::string head = RuleFiles::head("A");
    const std::string criteria =
        "criteria: {datanommer: {filter: {topics: ['%(topic)s']}, operation: count, "
        "condition: {greater than: 1}}}\n";
    EXPECT_EQ(refusal("name: A\ntrigger: {topic: a}\ncriteria: {}\n"), "1: image_url: the key is missing");
    EXPECT_EQ(refusal(head + "trigger: {topic: a.b, category: c}\n" + criteria),
              "7: trigger.category: a second key in one node: put an operator around them, all: [...] or any: [...]");
    EXPECT_EQ(refusal(head + "trigger: {category: {all: [{topic: a}]}}\n" + criteria),
              "7: trigger.category: no operator may stand below category: put all: or any: around it");
    EXPECT_EQ(refusal(head + "trigger:\n  all:\n    - topc: a.b\n" + criteria)
                  .find("9: trigger.all.topc: unknown key (did you mean topic?)"),
              0u);
    EXPECT_EQ(refusal(head + "trigger:\n  lambda: msg.get('a').foo()\n" + criteria)
                  .find("8: trigger.lambda: column 14: unknown method .foo()"),
              0u);
    EXPECT_EQ(refusal(head + "trigger: {topic: a.b}\ncriteria: {datanommer: {filter: {}, operation: count}}\n"),
              "8: criteria.datanommer.condition: it is missing");
    EXPECT_EQ(refusal(head + "trigger: {topic: a.b}\ncriteria: {datanommer: {filter: {topic: a}, operation: count, "
                             "condition: {greater than: 1}}}\n")
                  .find("8: criteria.datanommer.filter.topic: unknown key (did you mean topics?)"),
              0u);
    EXPECT_EQ(refusal(head + "trigger: {topic: a.b}\nrecipient_nick2fas: maybe\n" + criteria),
              "8: recipient_nick2fas: it wants yes or no");
    EXPECT_EQ(refusal(head + "trigger: {topic: a.b}\ntrigger: {topic: a.c}\n" + criteria),
              "8: trigger: the key is there twice");
    EXPECT_EQ(refusal(head + "trigger: &a {topic: a.b}\n" + criteria), "7: : anchors (&name) are not supported");
    EXPECT_EQ(refusal(head + "trigger: {topic: a.b}\nprevious: {}\n" + criteria).find("8: previous: it belongs to"),
              0u);
    EXPECT_EQ(refusal(head + "trigger: !!python/object:os.system {topic: a.b}\n").find("7: : the tag"), 0u);
    EXPECT_EQ(refusal(head + "trigger: {match: {path: msg.a, equals: 1}}\n" + criteria)
                  .find("7: trigger.match: equals: no such test"),
              0u);
    EXPECT_EQ(
        refusal(head + "trigger: {topic: a.b}\ncondition: {at least: 1}\n").find("8: condition.at least: unknown key"),
        0u);
    std::string many;
    for (int number = 0; number < 2000; ++number) many += "k" + std::to_string(number) + ":\n";
    EXPECT_EQ(refusal(many), "1001: : more than 1000 keys in one mapping");
    EXPECT_EQ(refusal("a: b\n---\nc: d\n"), "0: : there is a second document: write one rule per file");
}

TEST(ARuleFile, AcceptsRecipientKeyAsASynonym) {
    std::string text = RuleFiles::counting("A", "git.receive", 1);
    text.replace(text.find("recipient:"), 10, "recipient_key:");
    EXPECT_EQ(refusal(text), "accepted");
    EXPECT_EQ(refusal(text + "recipient: x\n").find("8: recipient_key: it is the same as recipient"), 0u)
        << refusal(text + "recipient: x\n");
}

TEST(ARuleFile, OfRandomBytesNeverDoesHarm) {
    std::string text = RuleFiles::counting("A", "git.receive", 1);
    unsigned seed = 1;
    const auto random = [&seed] { return seed = seed * 1103515245U + 12345U, seed >> 8U; };
    const std::string marks = "[]{}:,-'\"&*!%|>\n #?@`\t\\";
    int refused = 0;
    for (int round = 0; round < 3000; ++round) {
        std::string broken = text;
        for (unsigned edits = 1 + random() % 4; edits > 0; --edits)
            broken[random() % broken.size()] =
                random() % 2 == 0 ? static_cast<char>(random()) : marks[random() % marks.size()];
        if (refusal(broken) != "accepted") ++refused;
    }
    EXPECT_GT(refused, 100);
}

}  // namespace
