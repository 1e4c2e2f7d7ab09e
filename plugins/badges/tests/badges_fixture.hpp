// What the tests of the whole plugin share: rule files, accounts, a host, and messages with ids of the test's own.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <fedmsg_hub/testing.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "badges/badges.hpp"
#include "temporary_directory.hpp"

namespace badges::testing {

using fedmsg_hub::Json;
using fedmsg_hub::testing::FakeHost;
using fedmsg_hub::testing::Incoming;
using Host = FakeHost<BadgesPlugin>;

inline constexpr char kPushTopic[] = "org.example.prod.git.receive";
inline constexpr char kCommentTopic[] = "org.example.prod.bodhi.update.comment";

class ABadgeAwarder : public ::testing::Test {
protected:
    ABadgeAwarder() {
        std::filesystem::create_directories(directory_ / "rules");
        std::filesystem::create_directories(directory_ / "state");
        accounts("accounts:\n  ann: {nicks: [annie]}\n  bob:\n  cat:\n  dan:\n");
    }

    void accounts(const std::string& text) const { std::ofstream(directory_ / "accounts.yaml") << text; }
    void file(const std::string& name, const std::string& text) const {
        std::ofstream(directory_ / ("rules/" + name)) << text;
    }
    // `rest`: trigger, recipient, criteria.
    void rule(const std::string& name, const std::string& rest) const {
        file(name + ".yml",
             "name: " + name + "\nimage_url: https://badges.example.org/" + name +
                 ".png\ndescription: You did it\ncreator: ann\ndiscussion: https://badges.example.org/t/" + name +
                 "\nissuer_id: example\n" + rest);
    }
    // Pushes of one's own, counted.
    void push_rule(const std::string& name, int threshold) const {
        rule(name, R"(trigger: {topic: git.receive}
recipient: "%(msg.user)s"
criteria:
  datanommer:
    filter: {topics: ["%(topic)s"], users: ["%(msg.user)s"]}
    operation: count
    condition: {greater than or equal to: )" +
                       std::to_string(threshold) + "}\n");
    }

    Json options() const {
        return Json::object(
            {{"badges.config_directory", directory_.path()},
             {"badges.yaml.directory", "rules"},
             {"badges_global.database_uri", "sqlite:///" + directory_ / "state/awards.sqlite"},
             {"badges_global.badge_issuer",
              Json::object({{"issuer_name", "Example"}, {"issuer_origin", "https://badges.example.org"}})},
             {"badges.accounts_file", directory_ / "accounts.yaml"},
             {"badges.email_domain", "example.org"},
             {"badges.database_wait", 0.0}});
    }
    std::unique_ptr<Host> host(const Json& with) const {
        return std::make_unique<Host>(with.text(), fedmsg_hub::testing::StateMap{}, directory_ / "state");
    }
    std::unique_ptr<Host> host() const { return host(options()); }

    // `at`: seconds after the beginning of 2026, when the clock of the host starts.
    static Incoming message(const std::string& id, const std::string& topic, const std::string& msg, int at = 0) {
        return Incoming::with_body(topic, Json::object({{"topic", topic},
                                                        {"msg_id", id},
                                                        {"i", 1},
                                                        {"timestamp", 1'767'225'600 + at},
                                                        {"username", "apache"},
                                                        {"msg", Json::from_text(msg)}})
                                              .text());
    }
    static Incoming push(const std::string& id, const std::string& user) {
        return message(id, kPushTopic, Json::object({{"user", user}}).text());
    }
    // The badges that somebody holds, as the command prints them.
    static std::set<std::string> held(Host& host, const std::string& user) {
        std::set<std::string> ids;
        std::istringstream lines(host.command({"list", "--user", user}).out);
        for (std::string line; std::getline(lines, line);) ids.insert(line.substr(0, line.find('\t')));
        return ids;
    }
    static std::vector<std::string> published(Host& host, const std::string& topic) {
        std::vector<std::string> ids;
        for (const auto& message : host.published())
            if (message.topic == topic) ids.push_back(message.msg_id);
        return ids;
    }
    static std::size_t awards_published(Host& host) { return published(host, "fedbadges.badge.award").size(); }

    TemporaryDirectory directory_;
};

}  // namespace badges::testing
