#include "daemon/dispatch/router.hpp"

#include "daemon/dispatch/committer.hpp"
#include "tests/daemon/dispatch/lane_fixture.hpp"

namespace fedmsg::hub::test {
namespace {

class ARouter : public LaneFixture {
protected:
    Lane& add(const std::string& name, const std::vector<std::string>& patterns, bool json_only = false) {
        LaneSettings one;
        one.name = name;
        one.json_only = json_only;
        for (const auto& pattern : patterns) one.patterns.push_back({pattern, topics::Rule::glob});
        lanes.push_back(std::make_unique<Lane>(one, shared()));
        lanes.back()->attach(std::make_unique<ScriptedConsumer>(journalist, [this, name](const Delivery& d) {
            journalist.note(name + " " + std::string(d.message->topic()));
            return Outcome{};
        }));
        EXPECT_TRUE(lanes.back()->start(journal->end()));
        return *lanes.back();
    }
    void commit(const std::vector<std::pair<std::string, std::string>>& messages) {
        std::vector<Lane*> pointers;
        for (const auto& one : lanes) pointers.push_back(one.get());
        Router router(pointers);
        Committer committer(*journal, router);
        std::vector<MutableMessagePtr> batch;
        for (const auto& [topic, body] : messages) batch.push_back(pool.make(topic, body, "e", {}));
        committer.commit(batch);
        EXPECT_EQ(committer.committed(), messages.size());
    }
    std::vector<std::string> finish() {
        for (const auto& one : lanes) one->drain();
        for (const auto& one : lanes) EXPECT_TRUE(one->join(std::chrono::seconds(10)));
        auto lines = journalist.lines();
        std::erase(lines, "start");
        std::erase(lines, "stop");
        std::sort(lines.begin(), lines.end());
        return lines;
    }

    std::vector<std::unique_ptr<Lane>> lanes;
};

TEST_F(ARouter, GivesEachMessageToTheLanesThatWantIt) {
    add("git", {"org.example.dev.git"});
    add("all", {"*"});
    commit({{"org.example.dev.git.push", "{}"}, {"org.example.dev.wiki", "{}"}});
    EXPECT_EQ(finish(), (std::vector<std::string>{"all org.example.dev.git.push", "all org.example.dev.wiki",
                                                  "git org.example.dev.git.push"}));
}

TEST_F(ARouter, KeepsTextThatIsNoJsonFromLanesThatTakeOnlyJson) {
    add("raw", {"*"}, true);
    add("any", {"*"});
    commit({{"a.b", "no json"}, {"a.c", "null"}});
    EXPECT_EQ(finish(), (std::vector<std::string>{"any a.b", "any a.c", "raw a.c"}));
}

TEST_F(ARouter, KF_011_OverlappingTopicsOfOneConsumerDeliverOnce) {
    add("one", {"org.example.*", "org.example.dev.*", "org.example.dev.git.push"});
    commit({{"org.example.dev.git.push", "{}"}});
    EXPECT_EQ(finish(), (std::vector<std::string>{"one org.example.dev.git.push"}));
}

}  // namespace
}  // namespace fedmsg::hub::test
