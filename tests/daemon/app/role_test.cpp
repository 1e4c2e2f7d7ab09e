#include "daemon/app/role.hpp"

#include <gtest/gtest.h>

namespace fedmsg::hub {
namespace {

TEST(ARole, FollowsFromTheNameOfTheProgram) {
    EXPECT_EQ(role_from_program("/usr/bin/fedmsg-hub"), Role::hub);
    EXPECT_EQ(role_from_program("fedmsg-relay"), Role::relay);
    EXPECT_EQ(role_from_program("./fedmsg-signing-relay"), Role::signing_relay);
    EXPECT_EQ(role_from_program("/x/fedmsg-gateway"), Role::gateway);
    EXPECT_EQ(role_from_program("fedmsg-irc"), Role::irc);
    EXPECT_EQ(role_from_program("anything"), Role::hub);
    EXPECT_EQ(role_from_program(""), Role::hub);
}

TEST(ARole, IsFoundByItsName) {
    EXPECT_EQ(role_from_name("gateway"), Role::gateway);
    EXPECT_EQ(role_from_name("Gateway"), std::nullopt);
}

TEST(AnId, IsTheRoleOrTheRoleAtTheInstance) {
    EXPECT_EQ(id_of(Role::hub, ""), "hub");
    EXPECT_EQ(id_of(Role::signing_relay, ""), "signing-relay");
    EXPECT_EQ(id_of(Role::hub, "mail"), "hub@mail");
}

TEST(AnInstanceName, IsSafeInPaths) {
    for (const auto* good : {"mail", "Mail_2", "a.b-c"}) EXPECT_TRUE(is_instance_name(good)) << good;
    for (const auto* bad : {"", ".", "..", "../x", "a/b", "-x", "a b", "\xC3\xA9"})
        EXPECT_FALSE(is_instance_name(bad)) << bad;
}

}  // namespace
}  // namespace fedmsg::hub
