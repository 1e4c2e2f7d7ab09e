#include "tests/bus/config/loading.hpp"

namespace fedmsg::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ADerivedValue : public Machine {};

TEST_F(ADerivedValue, IsThePrefixExpression) {
    EXPECT_EQ(load_text(with_endpoints("topic_prefix: com.example.bus\n")).text("topic_prefix_re", ""),
              R"(com\.example\.bus\.[^\W\d_]+)");
    EXPECT_EQ(load_text(with_endpoints("topic_prefix: ex\n")).text("topic_prefix_re", ""), R"(ex\.[^\W\d_]+)");
    EXPECT_EQ(load_text(with_endpoints("topic_prefix_re: ^com.*\n")).text("topic_prefix_re", ""), "^com.*");
}

TEST_F(ADerivedValue, IsTheListOfServersInTheNameService) {
    std::vector<std::string> asked;
    look_up = [&](const std::string& domain) -> std::vector<std::string> {
        asked.push_back(domain);
        return {"a." + domain + ":9940", "b." + domain + ":9941"};
    };
    const auto configuration = load_text("endpoints: {x: 'tcp://h:1'}\nsrv_endpoints: [example.org, example.net]\n");
    EXPECT_THAT(asked, ElementsAre("example.org", "example.net"));
    EXPECT_EQ(json_of(configuration, "endpoints"),
              R"({"example.net":["tcp://a.example.net:9940","tcp://b.example.net:9941"],)"
              R"("example.org":["tcp://a.example.org:9940","tcp://b.example.org:9941"],"x":["tcp://h:1"]})");
}

TEST_F(ADerivedValue, ThatIsNotFoundIsAWarning) {
    std::vector<std::string> asked;
    look_up = [&](const std::string& domain) -> std::vector<std::string> {
        asked.push_back(domain);
        if (domain == "bad.example") throw std::runtime_error("there is no such name");
        return {"h:1"};
    };
    etc("a.yaml", "endpoints: {}\nsrv_endpoints: [bad.example, good.example]\n");
    const Loaded loaded = load_all();
    EXPECT_THAT(lines(loaded.warnings),
                ElementsAre("a.yaml:2: srv_endpoints: looking up _fedmsg._tcp.bad.example failed: "
                            "there is no such name"));
    EXPECT_EQ(json_of(loaded.configuration, "endpoints"), R"({"good.example":["tcp://h:1"]})");
    EXPECT_EQ(asked.size(), 2U);
}

TEST_F(ADerivedValue, IsNotAskedForAgainWithoutNameServers) {
    int asked = 0;
    look_up = [&](const std::string&) -> std::vector<std::string> {
        ++asked;
        throw NoNameServers("no name servers are configured");
    };
    etc("a.yaml", "endpoints: {}\nsrv_endpoints: [a.example, b.example]\n");
    EXPECT_EQ(load_all().warnings.size(), 1U);
    EXPECT_EQ(asked, 1);
}

TEST_F(ADerivedValue, MakesUpForMissingEndpoints) {
    look_up = [](const std::string&) { return std::vector<std::string>{"h:1"}; };
    EXPECT_EQ(json_of(load_text("srv_endpoints: [example.org]\n"), "endpoints"), R"({"example.org":["tcp://h:1"]})");
}

// A DNS answer as a name server sends it: header, question, records.
class AnAnswer {
public:
    AnAnswer& bytes(std::initializer_list<int> bytes) {
        for (const int byte : bytes) data_.push_back(static_cast<unsigned char>(byte));
        return *this;
    }
    AnAnswer& name(const std::vector<std::string>& labels) {
        for (const std::string& label : labels) {
            data_.push_back(static_cast<unsigned char>(label.size()));
            data_.insert(data_.end(), label.begin(), label.end());
        }
        return bytes({0});
    }
    AnAnswer& header(int records) {
        return bytes({0, 1, 0x81, 0x80, 0, 1, 0, records, 0, 0, 0, 0})
            .name({"_fedmsg", "_tcp", "example", "org"})
            .bytes({0, 33, 0, 1});
    }
    AnAnswer& srv(int port, const std::vector<std::string>& target) {
        std::size_t length = 7;
        for (const std::string& label : target) length += label.size() + 1;
        bytes({0xC0, 12, 0, 33, 0, 1, 0, 0, 0, 60, 0, static_cast<int>(length), 0, 10, 0, 5, port >> 8, port & 0xFF});
        return name(target);
    }
    const std::vector<unsigned char>& data() const { return data_; }

private:
    std::vector<unsigned char> data_;
};

TEST(AnAnswerOfTheNameService, HoldsTargetsWithoutTheirTrailingDot) {
    AnAnswer answer;
    answer.header(2).srv(9940, {"bus", "example", "org"}).srv(3000, {"b"});
    EXPECT_THAT(targets_of_answer(answer.data()), ElementsAre("bus.example.org:9940", "b:3000"));
}

TEST(AnAnswerOfTheNameService, SaysWithADotThatThereIsNoService) {
    AnAnswer answer;
    answer.header(1).srv(0, {});
    EXPECT_THAT(targets_of_answer(answer.data()), IsEmpty());
}

TEST(AnAnswerOfTheNameService, IsRefusedWhenDamaged) {
    AnAnswer answer;
    answer.header(1).srv(9940, {"bus", "example", "org"});
    for (std::size_t size = 0; size < answer.data().size(); ++size) {
        std::vector<unsigned char> cut(answer.data().begin(),
                                       answer.data().begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_THROW(targets_of_answer(cut), std::runtime_error) << size;
    }
}

}  // namespace
}  // namespace fedmsg::config
