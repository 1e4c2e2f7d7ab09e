#include "daemon/telemetry/monitoring_socket.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/temporary.hpp"
#include "tests/support/wait.hpp"

namespace fedmsg::hub {
namespace {

class AMonitoringSocket : public testing::Test {
protected:
    zmq::context_t context{1};
    test::TemporaryDirectory directory;
    std::string file = directory / "monitoring.socket";
};

TEST_F(AMonitoringSocket, SendsOneFrame) {
    auto socket = MonitoringSocket::bind(context, "ipc://" + file, "");
    ASSERT_TRUE(socket) << socket.error().text;
    zmq::socket_t reader(context, zmq::socket_type::sub);
    reader.set(zmq::sockopt::subscribe, "");
    reader.set(zmq::sockopt::rcvtimeo, 50);
    reader.set(zmq::sockopt::linger, 0);
    reader.connect("ipc://" + file);
    zmq::message_t frame;
    ASSERT_TRUE(test::wait_for([&] {
        socket->send("{\"consumers\": []}");
        return reader.recv(frame).has_value();
    }));
    EXPECT_EQ(frame.to_string(), "{\"consumers\": []}");
    EXPECT_FALSE(frame.more());
}

TEST_F(AMonitoringSocket, SetsTheModeOfItsFile) {
    auto socket = MonitoringSocket::bind(context, "ipc://" + file, "620");
    ASSERT_TRUE(socket) << socket.error().text;
    struct stat info {};
    ASSERT_EQ(::stat(file.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0620U);
}

TEST_F(AMonitoringSocket, RefusesAModeThatIsNotOctal) {
    for (const auto* mode : {"rwx", "9", "7777", "77x"}) {
        auto socket = MonitoringSocket::bind(context, "ipc://" + file, mode);
        ASSERT_FALSE(socket) << mode;
        EXPECT_NE(socket.error().text.find("moksha.monitoring.socket.mode"), std::string::npos);
    }
}

TEST_F(AMonitoringSocket, SaysWhyItCannotBind) {
    auto socket = MonitoringSocket::bind(context, "ipc://" + (directory / "missing/x"), "");
    ASSERT_FALSE(socket);
    EXPECT_NE(socket.error().text.find("missing/x"), std::string::npos) << socket.error().text;
}

}  // namespace
}  // namespace fedmsg::hub
