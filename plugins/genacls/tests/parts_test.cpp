// The parts that only compute: names, collections, answers, the written file, the guard, the list of changes.
#include <gtest/gtest.h>

#include "genacls/names.hpp"
#include "genacls/testing.hpp"

namespace {

using namespace genacls;
using namespace genacls::testing;

TEST(AName, OfAUserIsAWord) {
    for (const char* good : {"ralph", "4ever", "a.b_c@d+e-f"}) EXPECT_TRUE(is_user_name(good)) << good;
    for (const char* bad : {"", "-x", "@all", "user::name", "$(touch x)", "a b", "a\nb", "a#b", "\xC3\xA4nne"})
        EXPECT_FALSE(is_user_name(bad)) << bad;
    EXPECT_FALSE(is_user_name(std::string(256, 'a')));
}

TEST(AName, OfAGroupIsNotThatOfEverybody) {
    EXPECT_TRUE(is_group_name("gtk-sig"));
    EXPECT_FALSE(is_group_name("all"));
}

TEST(AName, OfARepositoryIsACleanPath) {
    for (const char* good : {"rpms/geany", "rpms/libstdc++", "a"}) EXPECT_TRUE(is_repository_name(good)) << good;
    for (const char* bad : {"rpms/b&d", "rpms/../x", "rpms//x", "/rpms", "rpms/", "@all", "rpms/x y", "rpms/x*"})
        EXPECT_FALSE(is_repository_name(bad)) << bad;
}

TEST(ABranch, BecomesAPatternForItselfAlone) {
    EXPECT_EQ(branch_pattern("master"), "master$");
    EXPECT_EQ(branch_pattern("el6.2+x"), "el6\\.2\\+x$");
    EXPECT_EQ(branch_pattern("a(b)[c]{d}*?^|\\$"), "a\\(b\\)\\[c\\]\\{d\\}\\*\\?\\^\\|\\\\\\$$");
}

TEST(ACollection, StandsForABranch) {
    const Collections collections({{"RHL-9", "rhl9"}, {"devel", "rawhide"}});
    EXPECT_EQ(Collections().branch_of("devel"), "master");
    EXPECT_EQ(collections.branch_of("devel"), "rawhide");
    EXPECT_EQ(collections.branch_of("F-11"), "f11");
    EXPECT_EQ(collections.branch_of("EL-6"), "el6");
    EXPECT_EQ(collections.branch_of("OLPC-2"), "olpc2");
    EXPECT_EQ(collections.branch_of("epel7"), "epel7");
    EXPECT_EQ(collections.branch_of("RHL-9"), "rhl9");
    EXPECT_EQ(collections.branch_of("FC-6"), "");
    EXPECT_EQ(collections.branch_of("f 20"), "");
}

TEST(ATranslation, CountsWhatItLeavesOut) {
    RawRights raw;
    raw.namespaces["rpms"]["geany"]["FC-6"].people = {"ann"};
    raw.namespaces["rpms"]["geany"]["f20"].groups = {"gone"};
    const Translation made = translate(raw, Collections(), {{"gone", {}}, {"sig", {"ann", "b c"}}});
    EXPECT_TRUE(made.rights.repositories.at("rpms/geany").at("f20").is_empty());
    EXPECT_EQ(made.rights.groups, (std::map<std::string, Names>{{"sig", {"ann"}}}));
    EXPECT_EQ(
        made.left_out.lines(),
        (std::vector<std::string>{"left out the member \"b c\" of group sig: the name is not allowed",
                                  "left out the branches of collection \"FC-6\" (1): it is not in genacls.collections",
                                  "the group gone has no members: left out of 1 rules"}));
}

void expect_refused(const std::string& answer) {
    EXPECT_THROW(read_rights(parsed(answer).root()), InputError) << answer;
}

TEST(AnAnswer, OfAnotherShapeIsRefusedAsAWhole) {
    for (const char* answer :
         {R"([])", R"({})", R"({"title": "x"})", R"({"rpms": []})", R"({"rpms": {"geany": 1}})",
          R"({"rpms": {"geany": {"f20": {}}}})", R"({"rpms": {"geany": {"f20": {"commit": {"people": []}}}}})",
          R"({"rpms": {"geany": {"f20": {"commit": {"people": [1], "groups": []}}}}})"})
        expect_refused(answer);
    for (const char* answer :
         {R"({"groups": ["a"]})", R"({"groups": ["a"], "total_groups": 2})", R"({"total_groups": 0})"})
        EXPECT_THROW(read_groups(parsed(answer).root()), InputError) << answer;
}

TEST(AnAnswer, InTextEndsWithAWholeLine) {
    const RawRights rights =
        read_rights_text("# who may\navail | @sig,ann | docker/httpd/master\navail | | geany/f20\n");
    EXPECT_EQ(rights.namespaces.at("docker").at("httpd").at("master"), (Committers{{"ann"}, {"sig"}}));
    EXPECT_TRUE(rights.namespaces.at("rpms").at("geany").at("f20").is_empty());
    for (const char* text : {"", "avail | ann | rpms/geany/f20", "avail | ann\n", "avail | ann | geany\n",
                             "away | ann | rpms/geany/f20\n", "avail | ann | a/b/c/d\n"})
        EXPECT_THROW(read_rights_text(text), InputError) << text;
}

constexpr char kExample[] = R"(@admins = ausil kevin
@gtk-sig = mclasen
@provenpackager = ralph spot

repo @all
    -    VREF/update-block-push-origin = @all
    RWC               = @admins
    R                 = @all

repo rpms/geany
    RWC  f20$         = @provenpackager pingou
    RWC  master$      = @gtk-sig @provenpackager pingou
    -    f[0-9][0-9]$ = @all
    RWC  refs/tags/   = @gtk-sig @provenpackager pingou
    RWC               = @gtk-sig @provenpackager pingou
)";

Rights example() {
    Rights rights;
    rights.groups = {{"admins", {"kevin", "ausil"}}, {"provenpackager", {"ralph", "spot"}}, {"gtk-sig", {"mclasen"}}};
    Branches& geany = rights.repositories["rpms/geany"];
    geany["f20"] = {{"pingou"}, {"provenpackager"}};
    geany["master"] = {{"pingou"}, {"provenpackager", "gtk-sig"}};
    return rights;
}

TEST(AConfiguration, IsWrittenAsTheExampleHasIt) {
    ConfFormat format;
    format.reserved = {"f[0-9][0-9]"};
    format.mirrors.clear();
    EXPECT_EQ(write_conf(example(), format).text, kExample);
}

TEST(AConfiguration, DeniesWhatNobodyIsLeftFor) {
    Rights rights = example();
    rights.repositories["rpms/geany"] = {{"f20", {}}};
    const Conf conf = write_conf(rights, {});
    EXPECT_EQ(conf.denied_rules, 6u) << "the branch, tags and the rest, twice: there is a mirror";
    EXPECT_NE(conf.text.find("    -    f20$         = @all\n"), std::string::npos);
    EXPECT_NE(conf.text.find("    -    refs/tags/   = @all\n    -                 = @all\n"), std::string::npos);
    EXPECT_EQ(conf.text.find("= \n"), std::string::npos);
}

TEST(AConfiguration, IsReadBackForWhatItGrants) {
    const ConfView view = ConfView::of(kExample);
    EXPECT_EQ(view.group_names(), (Names{"admins", "gtk-sig", "provenpackager"}));
    EXPECT_EQ(view.grants.at("rpms/geany").at("f20$"), "@provenpackager pingou");
    EXPECT_EQ(size_of(view).repositories, 1u);
    EXPECT_EQ(size_of(view).pairs, 4u) << "mclasen, pingou, ralph, spot";
}

TEST(AnAliasFile, HasTheBareNames) {
    EXPECT_NE(write_aliases(example()).find("    'geany' => 'rpms/geany',\n"), std::string::npos);
}

TEST(APublication, KeepsTenGenerationsAndTheNewestOfThem) {
    const TemporaryDirectory directory;
    Publication publication;
    publication.target = directory.path() / "gitolite.conf";
    for (int number = 0; number < 13; ++number)
        ASSERT_EQ(publish("text " + std::to_string(number), publication).end, PublishResult::End::published);
    EXPECT_EQ(publish("text 12", publication).end, PublishResult::End::unchanged);
    const Generations generations(publication.target);
    const std::vector<int> kept = generations.numbers();
    ASSERT_EQ(kept.size(), 10u);
    EXPECT_EQ(generations.text_of(kept.front()), "text 2");
    EXPECT_EQ(generations.text_of(kept.back()), "text 11");
}

ConfView with_repositories(int count) {
    ConfView view = ConfView::of("@admins = kevin\n");
    for (int number = 0; number < count; ++number) view.grants["rpms/p" + std::to_string(number)]["master$"] = "ann";
    return view;
}

TEST(TheGuard, AllowsALossUpToItsLimit) {
    const ConfView before = with_repositories(100);
    EXPECT_TRUE(objections(&before, with_repositories(95), {}).empty());
    EXPECT_EQ(objections(&before, with_repositories(94), {}).size(), 2u) << "repositories, and rights";
    EXPECT_TRUE(objections(nullptr, with_repositories(1), {}).empty());
}

TEST(TheGuard, SeesAGroupThatLosesItsMembers) {
    ConfView before = ConfView::of(kExample);
    ConfView after = before;
    after.groups["provenpackager"] = {"ralph"};
    EXPECT_EQ(objections(&before, after, {}),
              (std::vector<std::string>{
                  "the number of rights (user and repository) would fall from 4 to 3, by 25.0 %; genacls.max_shrink "
                  "allows 5.0 %"}));
}

TEST(TheChanges, FollowPeopleThroughTheirGroups) {
    ConfView before = ConfView::of(kExample);
    ConfView after = before;
    after.groups["gtk-sig"] = {"newcomer"};
    const RightsDiff diff = diff_of(before, after);
    EXPECT_EQ(diff.lines, (std::vector<std::string>{"+ newcomer rpms/geany: everything else, master, tags",
                                                    "- mclasen rpms/geany: everything else, master, tags"}));
    EXPECT_EQ(diff.summary(), "3 rights added, 3 removed");
    EXPECT_TRUE(diff_of(before, before).is_empty());
}

TEST(TheChanges, AreCountedBeyondTheFirstFifty) {
    const RightsDiff diff = diff_of({}, with_repositories(200));
    EXPECT_EQ(diff.lines.size(), RightsDiff::kMostLines);
    EXPECT_EQ(diff.added, 200u);
}

}  // namespace
