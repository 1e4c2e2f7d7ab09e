// The host's two tables as a plugin sees them.
#include "daemon/plugin/guard.hpp"
#include "daemon/plugin/host_table.hpp"
#include "daemon/plugin/json_table.hpp"
#include "tests/daemon/plugin/plugin_fixture.hpp"

namespace fedmsg::hub::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

void keep_text(void* out, fedmsg_hub_text text) {
    *static_cast<std::string*>(out) = view_of(text);
}
void keep_each(void* out, fedmsg_hub_text text) {
    static_cast<std::vector<std::string>*>(out)->emplace_back(view_of(text));
}
void throw_it(void*, fedmsg_hub_text) {
    throw 42;
}

class TheJsonTable : public testing::Test {
protected:
    const fedmsg_hub_value* member(const char* key) { return table.member(root(), text_from(key)); }
    const fedmsg_hub_value* root() { return handle_of(document); }
    std::string written(const fedmsg_hub_value* value, std::int32_t form) {
        std::string out;
        table.write(value, form, &keep_text, &out);
        return out;
    }

    const fedmsg_hub_json& table = json_table();
    json::Document document =
        parsed(R"({"null": null, "yes": true, "no": false, "small": -5, "big": 12345678901234567890,
        "huge": 123456789012345678901234567890, "real": 1.5, "text": "\u00e4\ud800", "list": [1, "two"], "map": {"b": 1, "a": 2}})");
};

TEST_F(TheJsonTable, NamesEachType) {
    EXPECT_EQ(table.type(root()), FEDMSG_HUB_OBJECT);
    EXPECT_EQ(table.type(member("null")), FEDMSG_HUB_NULL);
    EXPECT_EQ(table.type(member("yes")), FEDMSG_HUB_BOOLEAN);
    EXPECT_EQ(table.type(member("no")), FEDMSG_HUB_BOOLEAN);
    EXPECT_EQ(table.type(member("small")), FEDMSG_HUB_INTEGER);
    EXPECT_EQ(table.type(member("big")), FEDMSG_HUB_INTEGER);
    EXPECT_EQ(table.type(member("huge")), FEDMSG_HUB_INTEGER);
    EXPECT_EQ(table.type(member("real")), FEDMSG_HUB_REAL);
    EXPECT_EQ(table.type(member("text")), FEDMSG_HUB_STRING);
    EXPECT_EQ(table.type(member("list")), FEDMSG_HUB_ARRAY);
}

TEST_F(TheJsonTable, ReadsNumbersAndTruth) {
    EXPECT_EQ(table.boolean(member("yes")), 1);
    EXPECT_EQ(table.boolean(member("no")), 0);
    std::int64_t number = 0;
    EXPECT_EQ(table.integer(member("small"), &number), FEDMSG_HUB_OK);
    EXPECT_EQ(number, -5);
    EXPECT_EQ(table.real(member("real")), 1.5);
    EXPECT_EQ(table.real(member("small")), -5.0);
    EXPECT_EQ(table.real(member("huge")), 123456789012345678901234567890.0);
}

TEST_F(TheJsonTable, RefusesIntegersThatDoNotFit) {
    std::int64_t number = 7;
    EXPECT_EQ(table.integer(member("big"), &number), FEDMSG_HUB_INVALID);
    EXPECT_EQ(table.integer(member("huge"), &number), FEDMSG_HUB_INVALID);
    EXPECT_EQ(table.integer(member("real"), &number), FEDMSG_HUB_INVALID);
    EXPECT_EQ(table.integer(member("text"), &number), FEDMSG_HUB_INVALID);
    EXPECT_EQ(number, 7);
    EXPECT_EQ(written(member("huge"), FEDMSG_HUB_CANONICAL), "123456789012345678901234567890");
}

TEST_F(TheJsonTable, GivesTheBytesOfStrings) {
    EXPECT_EQ(view_of(table.string(member("text"))), "\xc3\xa4\xed\xa0\x80");
    EXPECT_EQ(table.string(member("huge")).size, 0U);
    EXPECT_EQ(table.string(member("list")).size, 0U);
}

TEST_F(TheJsonTable, WalksArraysAndObjectsInReceivedOrder) {
    const fedmsg_hub_value* list = member("list");
    EXPECT_EQ(table.size(list), 2U);
    EXPECT_EQ(view_of(table.string(table.element(list, 1))), "two");
    EXPECT_EQ(table.element(list, 2), nullptr);
    const fedmsg_hub_value* map = member("map");
    EXPECT_EQ(table.size(map), 2U);
    fedmsg_hub_text key{};
    ASSERT_NE(table.member_at(map, 0, &key), nullptr);
    EXPECT_EQ(view_of(key), "b");
    EXPECT_EQ(table.member_at(map, 2, &key), nullptr);
    EXPECT_EQ(table.member(map, text_from("c")), nullptr);
}

TEST_F(TheJsonTable, AnswersQuestionsThatDoNotFitWithNothing) {
    const fedmsg_hub_value* text = member("text");
    EXPECT_EQ(table.boolean(text), 0);
    EXPECT_EQ(table.real(text), 0);
    EXPECT_EQ(table.size(text), 0U);
    EXPECT_EQ(table.element(text, 0), nullptr);
    EXPECT_EQ(table.member(text, text_from("a")), nullptr);
    EXPECT_EQ(table.member_at(text, 0, nullptr), nullptr);
}

TEST_F(TheJsonTable, ReadsAMissingValueAsNull) {
    EXPECT_EQ(table.type(nullptr), FEDMSG_HUB_NULL);
    EXPECT_EQ(table.string(nullptr).size, 0U);
    EXPECT_EQ(table.member(nullptr, text_from("a")), nullptr);
    EXPECT_EQ(written(nullptr, FEDMSG_HUB_CANONICAL), "null");
}

TEST_F(TheJsonTable, WritesTheThreeForms) {
    EXPECT_EQ(written(member("map"), FEDMSG_HUB_CANONICAL), R"({"a":2,"b":1})");
    EXPECT_EQ(written(member("map"), FEDMSG_HUB_PRETTY), "{\n  \"b\": 1,\n  \"a\": 2\n}");
    EXPECT_EQ(written(member("list"), FEDMSG_HUB_PYTHON), "[1, 'two']");
}

TEST_F(TheJsonTable, ParsesAndReleases) {
    const fedmsg_hub_value* value = table.parse(text_from(R"({"a": [1, 2, 3]})"), nullptr, nullptr);
    ASSERT_NE(value, nullptr);
    EXPECT_EQ(table.size(table.member(value, text_from("a"))), 3U);
    table.release(value);
    table.release(nullptr);
}

TEST_F(TheJsonTable, SaysWhyATextIsNoJson) {
    std::string error;
    EXPECT_EQ(table.parse(text_from("{\"a\": }"), &keep_text, &error), nullptr);
    EXPECT_THAT(error, HasSubstr("1"));
    EXPECT_EQ(table.parse(text_from(""), nullptr, nullptr), nullptr);
}

TEST_F(TheJsonTable, SurvivesPluginFunctionsThatThrow) {
    table.write(root(), FEDMSG_HUB_CANONICAL, &throw_it, nullptr);
    EXPECT_EQ(table.parse(text_from("{"), &throw_it, nullptr), nullptr);
}

class TheHostTable : public testing::Test {
protected:
    FakeServices services;
    fedmsg_hub_context context{services, true};
    const fedmsg_hub_host& host = host_table();
};

TEST_F(TheHostTable, IsComplete) {
    EXPECT_EQ(host.struct_size, sizeof(fedmsg_hub_host));
    EXPECT_EQ(host.abi_minor, static_cast<std::uint32_t>(FEDMSG_HUB_ABI_MINOR));
    EXPECT_EQ(host.json, &json_table());
    // Every entry behind `json` is a function, and none is missing.
    const auto* entries = reinterpret_cast<void* const*>(&host.log);
    const auto* end = reinterpret_cast<void* const*>(&host + 1);
    for (const auto* entry = entries; entry != end; ++entry) EXPECT_NE(*entry, nullptr) << entry - entries;
}

TEST_F(TheHostTable, LogsOneLineAtItsLevel) {
    host.log(&context, FEDMSG_HUB_WARNING, text_from("two\nlines"));
    host.log(&context, 99, text_from("\xff"));
    EXPECT_THAT(services.lines(), ElementsAre("2 two lines", "3 ?"));
}

TEST_F(TheHostTable, CountsAndGauges) {
    EXPECT_EQ(host.counter_add(&context, text_from("seen"), 2), FEDMSG_HUB_OK);
    EXPECT_EQ(host.counter_add(&context, text_from("seen"), 3), FEDMSG_HUB_OK);
    EXPECT_EQ(host.gauge_set(&context, text_from("load"), 0.5), FEDMSG_HUB_OK);
    EXPECT_EQ(host.counter_add(&context, text_from(""), 1), FEDMSG_HUB_INVALID);
    EXPECT_EQ(host.gauge_set(&context, text_from(""), 1), FEDMSG_HUB_INVALID);
    EXPECT_EQ(services.counters["seen"], 5U);
    EXPECT_EQ(services.gauges["load"], 0.5);
}

TEST_F(TheHostTable, PublishesUnderAnIdOfThePlugins) {
    std::string error;
    const std::string id = "2026-0a1b2c3d-0000-4000-8000-000000000001";
    EXPECT_EQ(host.publish_with_id(&context, text_from("a.b"), text_from("{}"), text_from(id), &keep_text, &error),
              FEDMSG_HUB_OK);
    EXPECT_THAT(services.published, ElementsAre("a.b {} " + id));
    for (const std::string wrong : {"", "2026", "2026-0A1B2C3D-0000-4000-8000-000000000001"})
        EXPECT_EQ(
            host.publish_with_id(&context, text_from("a.b"), text_from("{}"), text_from(wrong), &keep_text, &error),
            FEDMSG_HUB_INVALID);
    EXPECT_NE(error.find("a message id is a year"), std::string::npos);
    EXPECT_EQ(services.published.size(), 1U);
}

TEST_F(TheHostTable, GivesTheConsumersDirectory) {
    std::string path, error;
    EXPECT_EQ(host.directory(&context, &keep_text, nullptr, &path), FEDMSG_HUB_OK);
    EXPECT_EQ(path, "/directory/of/the/consumer");
    services.is_disk_full = true;
    EXPECT_EQ(host.directory(&context, &keep_text, &keep_text, &error), FEDMSG_HUB_UNAVAILABLE);
    EXPECT_EQ(error, "disk full");
}

TEST_F(TheHostTable, PublishesForThoseThatDeclareIt) {
    std::string error;
    EXPECT_EQ(host.publish(&context, text_from("a.b"), text_from("{}"), &keep_text, &error), FEDMSG_HUB_OK);
    EXPECT_THAT(services.published, ElementsAre("a.b {}"));
    EXPECT_EQ(host.publish(&context, text_from("unreachable"), text_from("{}"), &keep_text, &error),
              FEDMSG_HUB_UNAVAILABLE);
    EXPECT_EQ(error, "no peer is connected");
    context.may_publish = false;
    EXPECT_EQ(host.publish(&context, text_from("a.b"), text_from("{}"), &keep_text, &error), FEDMSG_HUB_INVALID);
    EXPECT_THAT(error, HasSubstr("does not declare the capability PUBLISHES"));
    EXPECT_THAT(services.published, SizeIs(1));
}

TEST_F(TheHostTable, KeepsState) {
    std::string value;
    EXPECT_EQ(host.state_get(&context, text_from("k"), &keep_text, &value), FEDMSG_HUB_NOT_FOUND);
    EXPECT_EQ(host.state_put(&context, text_from("k"), text_from("v")), FEDMSG_HUB_OK);
    EXPECT_EQ(host.state_get(&context, text_from("k"), &keep_text, &value), FEDMSG_HUB_OK);
    EXPECT_EQ(value, "v");
    std::vector<std::string> keys;
    EXPECT_EQ(host.state_keys(&context, text_from(""), &keep_each, &keys), FEDMSG_HUB_OK);
    EXPECT_THAT(keys, ElementsAre("k"));
    EXPECT_EQ(host.state_delete(&context, text_from("k")), FEDMSG_HUB_OK);
    EXPECT_EQ(host.state_delete(&context, text_from("k")), FEDMSG_HUB_NOT_FOUND);
    EXPECT_EQ(host.state_sync(&context), FEDMSG_HUB_OK);
}

TEST_F(TheHostTable, RefusesStateOutsideTheLimits) {
    const std::string long_key(1025, 'k'), long_value(8 * 1024 * 1024 + 1, 'v');
    EXPECT_EQ(host.state_put(&context, text_from(""), text_from("v")), FEDMSG_HUB_INVALID);
    EXPECT_EQ(host.state_put(&context, text_from(long_key), text_from("v")), FEDMSG_HUB_INVALID);
    EXPECT_EQ(host.state_put(&context, text_from("k"), text_from(long_value)), FEDMSG_HUB_INVALID);
    EXPECT_EQ(host.state_put(&context, text_from("k"), {nullptr, 5}), FEDMSG_HUB_INVALID);
    EXPECT_THAT(services.state, IsEmpty());
}

TEST_F(TheHostTable, SaysWhenStateIsUnavailable) {
    std::string value;
    EXPECT_EQ(host.state_get(&context, text_from("broken"), &keep_text, &value), FEDMSG_HUB_UNAVAILABLE);
    EXPECT_EQ(host.state_put(&context, text_from("broken"), text_from("v")), FEDMSG_HUB_UNAVAILABLE);
    EXPECT_EQ(host.state_delete(&context, text_from("broken")), FEDMSG_HUB_UNAVAILABLE);
    services.is_disk_full = true;
    EXPECT_EQ(host.state_sync(&context), FEDMSG_HUB_UNAVAILABLE);
}

TEST_F(TheHostTable, SchedulesAndCancels) {
    EXPECT_EQ(host.schedule(&context, 250, 1), FEDMSG_HUB_OK);
    EXPECT_EQ(host.schedule(&context, UINT64_MAX, 2), FEDMSG_HUB_OK);
    EXPECT_EQ(services.timers[1].count(), 250);
    EXPECT_GT(services.timers[2], std::chrono::hours(24 * 365));
    EXPECT_EQ(host.cancel(&context, 1), FEDMSG_HUB_OK);
    EXPECT_EQ(host.cancel(&context, 1), FEDMSG_HUB_NOT_FOUND);
}

TEST_F(TheHostTable, FinishesMessages) {
    fedmsg_hub_result result{};
    result.outcome = FEDMSG_HUB_RETRY;
    result.delay_ms = 20;
    result.reason = text_from("busy");
    EXPECT_EQ(host.finish(&context, 9, &result), FEDMSG_HUB_OK);
    EXPECT_EQ(host.finish(&context, 404, &result), FEDMSG_HUB_NOT_FOUND);
    EXPECT_EQ(host.finish(&context, 9, nullptr), FEDMSG_HUB_INVALID);
    result.outcome = FEDMSG_HUB_LATER;
    EXPECT_EQ(host.finish(&context, 9, &result), FEDMSG_HUB_INVALID);
    ASSERT_THAT(services.finished(), SizeIs(1));
    EXPECT_EQ(services.finished()[0].first, 9U);
    EXPECT_EQ(services.finished()[0].second.kind, Outcome::Kind::retry);
    EXPECT_EQ(services.finished()[0].second.delay.count(), 20);
    EXPECT_EQ(services.finished()[0].second.reason, "busy");
}

TEST_F(TheHostTable, TellsTimeAndTheWishToStop) {
    EXPECT_EQ(host.now_ns(&context), 1'790'000'000'000'000'000);
    EXPECT_EQ(host.stop_requested(&context), 0);
    services.stop = true;
    EXPECT_EQ(host.stop_requested(&context), 1);
    EXPECT_EQ(host.render(&context, nullptr, 0, nullptr, nullptr), FEDMSG_HUB_UNSUPPORTED);
}

TEST_F(TheHostTable, SurvivesPluginFunctionsThatThrow) {
    services.state["k"] = "v";
    EXPECT_EQ(host.state_get(&context, text_from("k"), &throw_it, nullptr), FEDMSG_HUB_FAILED);
    EXPECT_EQ(host.state_keys(&context, text_from(""), &throw_it, nullptr), FEDMSG_HUB_FAILED);
    EXPECT_EQ(host.publish(&context, text_from("unreachable"), text_from("{}"), &throw_it, nullptr), FEDMSG_HUB_FAILED);
}

struct Unprintable {};

TEST(AnException, IsDescribedByTypeAndText) {
    const auto described = [](auto thrown) { return guarded("f", [&] { throw thrown; }).error().text; };
    EXPECT_EQ(described(std::runtime_error("why")), "f threw std::runtime_error: why");
    EXPECT_EQ(described(42), "f threw int: 42");
    EXPECT_EQ(described(std::string("text")).substr(0, 8), "f threw ");
    EXPECT_THAT(described(std::string("text")), HasSubstr(": text"));
    EXPECT_THAT(described("literal"), HasSubstr(": literal"));
    EXPECT_THAT(described(Unprintable{}), HasSubstr("Unprintable"));
}

TEST(ALineForTheLog, HasNoControlCharactersAndAnEnd) {
    EXPECT_EQ(one_line("a\nb\tc\x7f"), "a b c ");
    EXPECT_EQ(one_line("\xc3\xa4"), "\xc3\xa4");
    EXPECT_EQ(one_line("\xff ok"), "? ok");
    const std::string umlauts = [] {
        std::string text = "x";
        for (int i = 0; i < 4096; ++i) text += "\xc3\xa4";
        return text;
    }();
    EXPECT_EQ(one_line(umlauts), umlauts.substr(0, 4095));
}

}  // namespace
}  // namespace fedmsg::hub::test
