// Where rights and members come from: a server, files, the machine's own group database.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fedmsg_hub/testing.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "genacls/fetcher.hpp"
#include "genacls/groups.hpp"

namespace {

using namespace genacls;

fedmsg_hub::ParsedJson parsed(std::string_view text) {
    return {fedmsg_hub::testing::json_functions(), text};
}

// What a call throws as an InputError, or "nothing".
template <class Call>
std::string refusal_of(Call call) {
    try {
        call();
        return "nothing";
    } catch (const InputError& error) {
        return error.what();
    }
}

// Python's own server, on a port that the system chooses, with answers for the paths below.
constexpr char kServer[] = R"py(
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        kind = "application/json; charset=utf-8"
        body, status, promised = b'{"people": [["ann", "mail", "Ann", "user"], ["bob"]]}', 200, None
        if self.path == "/html": kind, body = "text/html", b"<html>"
        if self.path == "/broken": status = 500
        if self.path == "/cut": promised = 1000
        if self.path == "/login": body = str(self.headers["Authorization"]).encode()
        if self.path == "/group/two%20words": body = b'{"members": ["cid"]}'
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(promised or len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *arguments): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
)py";

class Server {
public:
    Server() {
        int ends[2];
        if (::pipe(ends) != 0) return;
        pid_ = ::fork();
        if (pid_ == 0) {
            ::dup2(ends[1], 1);
            ::execl("/usr/bin/python3", "python3", "-c", kServer, nullptr);
            ::_exit(127);
        }
        ::close(ends[1]);
        char port[16] = {};
        if (::read(ends[0], port, sizeof port - 1) > 0) base_ = "http://127.0.0.1:" + std::to_string(std::atoi(port));
        ::close(ends[0]);
    }
    ~Server() {
        if (pid_ <= 0) return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    const std::string& base() const { return base_; }

private:
    pid_t pid_ = -1;
    std::string base_;
};

class ASource : public ::testing::Test {
protected:
    ASource() {
        std::string name = (std::filesystem::temp_directory_path() / "genacls-source-XXXXXX").string();
        if (::mkdtemp(name.data()) != nullptr) directory_ = name;
    }
    ~ASource() override { std::filesystem::remove_all(directory_); }
    std::string put(const std::string& name, const std::string& text) const {
        std::ofstream(directory_ / name) << text;
        return (directory_ / name).string();
    }

    std::filesystem::path directory_;
    std::unique_ptr<Fetcher> fetcher_ = make_fetcher({});
};

class AServer : public ASource {
protected:
    void SetUp() override { ASSERT_NE(server_.base(), "") << "the stub server did not start"; }
    Names members(const std::string& address, const std::string& group) {
        return make_group_source({.backend = "http", .file = "", .address = address}, *fetcher_, parsed)
            ->members_of(group);
    }

    Server server_;
};

TEST_F(AServer, IsBelievedWhenItsAnswerIsWhole) {
    const Fetched answer = fetcher_->get(server_.base() + "/good");
    EXPECT_EQ(answer.content_type, "application/json");
    EXPECT_TRUE(answer.is_json());
    EXPECT_TRUE(answer.body.starts_with("{\"people\""));
}

TEST_F(AServer, IsNotBelievedWithoutAWholeAnswer) {
    EXPECT_NE(refusal_of([&] { fetcher_->get(server_.base() + "/broken"); }).find("HTTP status 500"),
              std::string::npos);
    EXPECT_NE(refusal_of([&] { fetcher_->get(server_.base() + "/cut"); }), "nothing");
    EXPECT_FALSE(fetcher_->get(server_.base() + "/html").is_json());
    EXPECT_NE(refusal_of([&] { fetcher_->get("http://127.0.0.1:1/"); }), "nothing");
}

TEST_F(AServer, IsToldWhoAsks) {
    EXPECT_EQ(fetcher_->get(server_.base() + "/login").body, "None");
    EXPECT_EQ(make_fetcher({.ca_file = "", .authorization = "Basic eA==", .is_cancelled = {}})
                  ->get(server_.base() + "/login")
                  .body,
              "Basic eA==");
}

TEST_F(AServer, IsLeftAloneWhenTheHubStops) {
    const auto cancelled = make_fetcher({.ca_file = "", .authorization = "", .is_cancelled = [] { return true; }});
    EXPECT_NE(refusal_of([&] { cancelled->get(server_.base() + "/good"); }), "nothing");
}

TEST_F(AServer, TellsTheMembersOfAGroup) {
    EXPECT_EQ(members(server_.base() + "/{group}", "good"), (Names{"ann", "bob"}));
    EXPECT_EQ(members(server_.base() + "/group/{group}", "two words"), Names{"cid"});
    EXPECT_NE(refusal_of([&] { members(server_.base() + "/{group}", "html"); }).find("expected application/json"),
              std::string::npos);
}

TEST_F(ASource, MayBeAFileGivenByPathOrAddress) {
    const std::string path = put("vcs.json", "{}");
    EXPECT_TRUE(fetcher_->get(path).is_json());
    EXPECT_EQ(fetcher_->get("file://" + path).body, "{}");
    EXPECT_EQ(fetcher_->get(put("vcs.txt", "x")).content_type, "text/plain");
    EXPECT_NE(refusal_of([&] { fetcher_->get(directory_ / "none.json"); }).find("there is no file"), std::string::npos);
}

TEST_F(ASource, MayBeAFileOfMembers) {
    const GroupOptions options{
        .backend = "file", .file = put("members", "# who\nadmins: kevin ausil\n\nempty:\n"), .address = ""};
    const auto source = make_group_source(options, *fetcher_, parsed);
    EXPECT_EQ(source->members_of("admins"), (Names{"ausil", "kevin"}));
    EXPECT_EQ(source->members_of("empty"), Names());
    EXPECT_EQ(source->members_of("unknown"), Names());
}

// The line says where, because there are many.
TEST_F(ASource, OfMembersIsRefusedWhenALineMakesNoSense) {
    EXPECT_NE(refusal_of([] { read_group_file("a: b\nno colon\n"); }).find("line 2"), std::string::npos);
}

TEST_F(ASource, MayBeTheGroupDatabaseOfTheMachine) {
    const auto source = make_group_source({}, *fetcher_, parsed);
    EXPECT_EQ(source->members_of("no-such-group-anywhere"), Names());
    EXPECT_NO_THROW(source->members_of("root"));
}

TEST(MembersInAnAnswer, HaveThreeShapes) {
    EXPECT_EQ(read_members(parsed(R"({"people": [["ann", "a@example.org"], ["bob"]]})").root()), (Names{"ann", "bob"}));
    EXPECT_EQ(read_members(parsed(R"({"result": [{"username": "ann"}]})").root()), Names{"ann"});
    EXPECT_EQ(read_members(parsed(R"({"members": ["ann"]})").root()), Names{"ann"});
    EXPECT_EQ(read_members(parsed(R"({"members": []})").root()), Names());
}

TEST(MembersInAnAnswer, AreRefusedAsAWholeWhereOneHasNoName) {
    for (const char* text : {R"({"people": [["ann"], []]})", R"({"members": ["ann", null]})", R"({"result": [{}]})",
                             R"({"error": "no"})", "[]", "null"})
        EXPECT_THROW(read_members(parsed(text).root()), InputError) << text;
}

TEST(AnAddress, IsOfTheWebOrOfADisk) {
    EXPECT_TRUE(is_web_address("https://example.org/pkgdb"));
    EXPECT_FALSE(is_web_address("file:///srv/x"));
    EXPECT_FALSE(is_web_address("/srv/x"));
    EXPECT_EQ(path_of("file:///srv/x"), "/srv/x");
    EXPECT_EQ(percent_encoded("a/b c?"), "a%2Fb%20c%3F");
}

}  // namespace
