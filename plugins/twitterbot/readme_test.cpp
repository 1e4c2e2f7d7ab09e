// Performs the worked example of README.md as it stands there, and sees to it that every option is in it.
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>
#include <fedmsg_hub/testing.hpp>

#include <fstream>
#include <sstream>
#include <string>

#include "twitterbot/twitterbot.hpp"

namespace {

using fedmsg_hub::Json;
using fedmsg_hub::testing::FakeHost;
using fedmsg_hub::testing::Incoming;
using twitterbot::Twitterbot;

std::string readme() {
    std::ostringstream out;
    out << std::ifstream(TWITTERBOT_FOLDER "/README.md").rdbuf();
    return out.str();
}

// The first block of that kind.
std::string block(const std::string& kind) {
    const std::string text = readme();
    const auto begin = text.find("```" + kind + "\n") + kind.size() + 4;
    return text.substr(begin, text.find("\n```", begin) - begin);
}

Json as_json(const YAML::Node& node) {
    if (node.IsMap()) {
        Json out = Json::object();
        for (const auto& item : node) out.set(item.first.as<std::string>(), as_json(item.second));
        return out;
    }
    if (node.IsSequence()) {
        Json out = Json::array();
        for (const auto& item : node) out.add(as_json(item));
        return out;
    }
    const auto text = node.as<std::string>();
    return text == "true" || text == "false" ? Json(text == "true") : Json(text);
}

TEST(TheReadme, HasAnExampleThatWorks) {
    Json options = Json::object();
    for (const auto& item : YAML::Load(block("yaml"))["twitterbot"])
        if (item.first.as<std::string>() != "enabled")
            options.set("twitterbot." + item.first.as<std::string>(), as_json(item.second));
    FakeHost<Twitterbot> host(options.text());
    host.deliver(Incoming::with_body("org.example.prod.fedbadges.badge.award", block("json")));
    EXPECT_TRUE(host.logged(block("text")));
}

TEST(TheReadme, NamesEveryOption) {
    const std::string text = readme();
    const auto description = Twitterbot::describe();
    for (const auto& option : description.options())
        EXPECT_NE(text.find("| `" + option.name() + "`"), std::string::npos) << option.name();
}

TEST(TheDefaultConfiguration, IsDisabledAndDry) {
    const YAML::Node node = YAML::LoadFile(TWITTERBOT_FOLDER "/twitterbot.yaml")["twitterbot"];
    EXPECT_FALSE(node["enabled"].as<bool>());
    EXPECT_TRUE(node["dry_run"].as<bool>());
    Json options = Json::object();
    for (const auto& name : {"max_age", "max_queue", "duplicate_window"})
        options.set(std::string("twitterbot.") + name, node[name].as<int>());
    EXPECT_NO_THROW(FakeHost<Twitterbot>{options.text()});
}

}  // namespace
