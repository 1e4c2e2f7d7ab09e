// Account directories and the converters that use them.
#include <gtest/gtest.h>

#include <fstream>

#include "badges/directory/cached_directory.hpp"
#include "badges/directory/converters.hpp"
#include "badges/directory/fasjson_directory.hpp"
#include "badges/directory/yaml_directory.hpp"
#include "fasjson_stub.hpp"
#include "temporary_directory.hpp"

namespace badges {
namespace {

using testing::FasjsonStub;
using testing::TemporaryDirectory;

constexpr char kAccounts[] = R"(accounts:
  ann: {emails: [ann@example.org, a@home.example], nicks: [annie], github: ann-codes, created: 2012-03-01,
        groups: {packager: sponsor, docs: member}}
  Bob: {github: shared, groups: {packager: member}}
  cat: {github: Shared}
  dan:
)";

class AYamlDirectory : public ::testing::Test {
protected:
    YamlDirectory open(const std::string& text) {
        std::ofstream(directory_ / "accounts.yaml") << text;
        return YamlDirectory(directory_ / "accounts.yaml");
    }
    std::string problem(const std::string& text) {
        try {
            open(text);
            return "none";
        } catch (const std::exception& error) {
            return std::string(error.what()).substr(directory_.path().size() + 1);
        }
    }

    TemporaryDirectory directory_;
};

TEST_F(AYamlDirectory, FindsAccountsByAllTheirNames) {
    YamlDirectory directory = open(kAccounts);
    EXPECT_EQ(directory.find("ANN")->email, "ann@example.org");
    EXPECT_EQ(directory.find("ann")->created, parse_day("2012-03-01"));
    EXPECT_EQ(parse_day("9999-12-31"), std::nullopt);
    EXPECT_EQ(directory.find("bob")->name, "bob");
    EXPECT_TRUE(directory.find("dan"));
    EXPECT_FALSE(directory.find("zed"));
    EXPECT_EQ(directory.find_by_nick("Annie")->name, "ann");
    EXPECT_EQ(directory.find_by_email("A@home.example")->name, "ann");
    EXPECT_FALSE(directory.find_by_email("b@home.example"));
    EXPECT_EQ(directory.find_by_github("shared").size(), 2u);
}

TEST_F(AYamlDirectory, CountsSponsorsAsMembers) {
    YamlDirectory directory = open(kAccounts);
    EXPECT_EQ(directory.members("packager", Membership::member), (std::vector<std::string>{"ann", "bob"}));
    EXPECT_EQ(directory.members("packager", Membership::sponsor), std::vector<std::string>{"ann"});
    EXPECT_TRUE(directory.members("none", Membership::member).empty());
}

TEST_F(AYamlDirectory, SaysWhereItIsWrong) {
    EXPECT_EQ(problem("people: {}\n"), "accounts.yaml:1: expected a mapping `accounts` of names");
    EXPECT_EQ(problem("accounts:\n  ann: {mail: x}\n").substr(0, 39), "accounts.yaml:2: unknown key mail: know");
    EXPECT_EQ(problem("accounts:\n  ann: {created: soon}\n").substr(0, 24), "accounts.yaml:2: created");
    EXPECT_EQ(problem("accounts: [\n").substr(0, 14), "accounts.yaml:");
}

TEST_F(AYamlDirectory, ThatIsMissingIsNamed) {
    EXPECT_THROW(YamlDirectory("/nonexistent/accounts.yaml"), std::runtime_error);
}

class AConverter : public AYamlDirectory {
protected:
    AConverter() : accounts_(open(kAccounts)) {}
    std::string converted(Converter converter, const std::string& name) {
        return convert(converter, name, accounts_, {}).value_or("(nobody)");
    }
    YamlDirectory accounts_;
};

TEST_F(AConverter, OfOpenIdsTakesTheHost) {
    EXPECT_EQ(converted(Converter::openid2fas, "https://ann.id.fedoraproject.org/"), "ann");
    EXPECT_EQ(converted(Converter::openid2fas, "http://ann.id.fedoraproject.org"), "ann");
    EXPECT_EQ(converted(Converter::openid2fas, "ann"), "ann");
    EXPECT_EQ(converted(Converter::openid2fas, "http://.id.fedoraproject.org"), "http://.id.fedoraproject.org");
}

TEST_F(AConverter, OfPackageSourcesTakesTheLastPart) {
    EXPECT_EQ(converted(Converter::distgit2fas, "https://src.fedoraproject.org/user/ann"), "ann");
    EXPECT_EQ(converted(Converter::distgit2fas, "https://src.example.org/user/ann"),
              "https://src.example.org/user/ann");
}

TEST_F(AConverter, OfKerberosNamesTakesWhatIsBeforeTheSlash) {
    EXPECT_EQ(converted(Converter::krb2fas, "ann/admin"), "ann");
    EXPECT_EQ(converted(Converter::krb2fas, "ann"), "ann");
}

TEST_F(AConverter, OfGithubNamesNeedsExactlyOneHit) {
    EXPECT_EQ(converted(Converter::github2fas, "https://api.github.com/users/ann-codes"), "ann");
    EXPECT_EQ(converted(Converter::github2fas, "https://api.github.com/users/shared"), "(nobody)");
    EXPECT_EQ(converted(Converter::github2fas, "https://api.github.com/users/none"), "(nobody)");
    EXPECT_EQ(converted(Converter::github2fas, "ann"), "ann");
}

TEST_F(AConverter, OfNicksAndAddressesFallsBackToTheInput) {
    EXPECT_EQ(converted(Converter::nick2fas, "annie"), "ann");
    EXPECT_EQ(converted(Converter::nick2fas, "nobody"), "nobody");
    EXPECT_EQ(converted(Converter::email2fas, "a@home.example"), "ann");
    EXPECT_EQ(converted(Converter::email2fas, "zed@home.example"), "zed@home.example");
    EXPECT_EQ(converted(Converter::email2fas, "zed@fedoraproject.org"), "zed");
    EXPECT_EQ(converted(Converter::email2fas, "zed"), "zed");
}

class AFasjsonDirectory : public ::testing::Test {
protected:
    FasjsonDirectory open(const std::string& url) {
        FasjsonSettings settings;
        settings.base_url = url;
        return FasjsonDirectory(settings);
    }
    FasjsonStub stub_;
};

TEST_F(AFasjsonDirectory, TellsAccountsFromUnknownNames) {
    stub_.answer("users/ann/", R"({"result": {"username": "ann", "emails": ["ann@example.org"],
                                              "creation": "2012-03-01T10:00:00Z"}})");
    FasjsonDirectory directory = open(stub_.url());
    EXPECT_EQ(directory.find("Ann")->email, "ann@example.org");
    EXPECT_EQ(directory.find("ann")->created, parse_day("2012-03-01"));
    EXPECT_FALSE(directory.find("zed"));
    EXPECT_FALSE(directory.find("../users/ann"));
    EXPECT_FALSE(directory.find(".."));
}

TEST_F(AFasjsonDirectory, SearchesByWhatPeopleAreCalledElsewhere) {
    stub_.answer("search/users/?email=a%40home.example", R"({"result": [{"username": "ann"}]})");
    stub_.answer("search/users/?ircnick=two", R"({"result": [{"username": "ann"}, {"username": "bob"}]})");
    stub_.answer("search/users/?github_username=two", R"({"result": [{"username": "ann"}, {"username": "bob"}]})");
    FasjsonDirectory directory = open(stub_.url() + "/");
    EXPECT_EQ(directory.find_by_email("a@home.example")->name, "ann");
    EXPECT_FALSE(directory.find_by_nick("two"));
    EXPECT_EQ(directory.find_by_github("two").size(), 2u);
}

TEST_F(AFasjsonDirectory, ReadsAllPagesOfAGroup) {
    stub_.answer("groups/packager/members/?page_size=1000&page_number=1",
                 R"({"result": [{"username": "ann"}], "page": {"total_pages": 2}})");
    stub_.answer("groups/packager/members/?page_size=1000&page_number=2",
                 R"({"result": [{"username": "Bob"}], "page": {"total_pages": 2}})");
    FasjsonDirectory directory = open(stub_.url());
    EXPECT_EQ(directory.members("packager", Membership::member), (std::vector<std::string>{"ann", "bob"}));
    EXPECT_TRUE(directory.members("none", Membership::sponsor).empty());
}

TEST_F(AFasjsonDirectory, ThatIsDownOrTalksNonsenseIsNotAnUnknownAccount) {
    FasjsonDirectory directory = open(stub_.url());
    stub_.answer("users/ann/", "<html>");
    EXPECT_THROW(directory.find("ann"), DirectoryUnreachable);
    stub_.answer("users/ann/", R"({"result": {}})");
    EXPECT_THROW(directory.find("ann"), DirectoryUnreachable);
    stub_.break_down();
    EXPECT_THROW(directory.find("zed"), DirectoryUnreachable);
    EXPECT_THROW(open("http://127.0.0.1:1/").find("ann"), DirectoryUnreachable);
}

// Counts the questions, and fails while it is told to.
class ACountingDirectory final : public AccountDirectory {
public:
    std::optional<Account> find(const std::string& name) override {
        ++questions;
        if (is_down) throw DirectoryUnreachable("down");
        return name == "ann" ? std::optional(Account{"ann", "", {}}) : std::nullopt;
    }
    std::optional<Account> find_by_nick(const std::string&) override { return std::nullopt; }
    std::optional<Account> find_by_email(const std::string&) override { return std::nullopt; }
    std::vector<Account> find_by_github(const std::string&) override { return {}; }
    std::vector<std::string> members(const std::string&, Membership) override { return {}; }

    int questions = 0;
    bool is_down = false;
};

class ACachedDirectory : public ::testing::Test {
protected:
    ACountingDirectory inner_;
    CachedDirectory::Time now_{};
    CachedDirectory directory_{inner_, [this] { return now_; }};
};

TEST_F(ACachedDirectory, RemembersAccountsLongerThanUnknownNames) {
    for (const int minute : {0, 0, 2, 2}) {
        now_ = CachedDirectory::Time(std::chrono::minutes(minute));
        EXPECT_TRUE(directory_.find("ann"));
        EXPECT_FALSE(directory_.find("zed"));
    }
    EXPECT_EQ(inner_.questions, 3);  // zed twice
    now_ += std::chrono::minutes(10);
    directory_.find("ann");
    EXPECT_EQ(inner_.questions, 4);
}

TEST_F(ACachedDirectory, LeavesADirectoryAloneThatKeepsFailing) {
    inner_.is_down = true;
    for (int at = 0; at < 20; ++at) EXPECT_THROW(directory_.find("ann"), DirectoryUnreachable);
    EXPECT_EQ(inner_.questions, CachedDirectory::kMostFailures);
    now_ += CachedDirectory::kProbeEvery;
    EXPECT_THROW(directory_.find("ann"), DirectoryUnreachable);
    EXPECT_THROW(directory_.find("ann"), DirectoryUnreachable);
    EXPECT_EQ(inner_.questions, CachedDirectory::kMostFailures + 1);
    inner_.is_down = false;
    now_ += CachedDirectory::kProbeEvery;
    EXPECT_TRUE(directory_.find("ann"));
    EXPECT_FALSE(directory_.find("zed"));
}

}  // namespace
}  // namespace badges
