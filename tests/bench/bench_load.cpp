// Publishes made-up events as fast as possible or at a rate, from one PUB socket that waits for its subscribers.
//
//     bench_load ENDPOINT COUNT RATE TOPICS     RATE 0: as fast as possible; TOPICS 0: those of the demo events,
//                                               N: "bench.t0" to "bench.t<N-1>" by turns
// Bodies are rendered beforehand; only the moment of sending and the end of msg_id are written into each. High-water
// marks are unlimited.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>
#include <zmq.hpp>

#include "bus/base/clock.hpp"
#include "bus/envelope/envelope.hpp"
#include "bus/json/writer.hpp"
#include "tests/bench/bench_time.hpp"
#include "tools/demo/event_source.hpp"

namespace {

using namespace fedmsg;

struct Body {
    std::string topic;
    std::string text;
    std::size_t sent_at = 0;  // of the 18 digits
    std::size_t id_end = 0;   // behind the last of the 12 hexadecimal digits of the msg_id
};

std::vector<Body> render(std::size_t count, std::size_t topics) {
    const SystemClock clock;
    envelope::Builder builder(clock);
    demo::EventSource events(7);
    std::vector<Body> bodies;
    for (std::size_t i = 0; i < count; ++i) {
        const auto event = events.next();
        const std::string topic =
            topics == 0 ? "org.example.dev." + std::string(event.topic) : "bench.t" + std::to_string(i % topics);
        auto body = builder.build(topic, json::parse(event.msg).value());
        json::Value sent(std::int64_t{1'000'000'000'000'000'000});
        body.AddMember("sent_ns", sent, body.GetAllocator());
        Body rendered{topic, json::canonical(body), 0, 0};
        rendered.sent_at = rendered.text.find(bench::kSentKey) + sizeof bench::kSentKey - 1;
        const std::string id(envelope::read(body).msg_id);
        rendered.id_end = rendered.text.find(id) + id.size();
        bodies.push_back(std::move(rendered));
    }
    return bodies;
}

void stamp(Body& body, std::size_t number) {
    char digits[24];
    std::snprintf(digits, sizeof digits, "%018lld", static_cast<long long>(bench::steady_ns()));
    std::memcpy(body.text.data() + body.sent_at, digits, 18);
    std::snprintf(digits, sizeof digits, "%012zx", number);
    std::memcpy(body.text.data() + body.id_end - 12, digits, 12);
}

void send(zmq::socket_t& socket, const Body& body) {
    socket.send(zmq::buffer(body.topic), zmq::send_flags::sndmore);
    socket.send(zmq::buffer(body.text), zmq::send_flags::none);
}

// The subscription messages of an XPUB socket tell that a subscriber is there. One that wants many topics sends many.
void wait_for_subscriber(zmq::socket_t& socket, bool many) {
    zmq::message_t subscription;
    (void)socket.recv(subscription);
    if (!many) return;
    zmq::pollitem_t item{socket.handle(), 0, ZMQ_POLLIN, 0};
    while (zmq::poll(&item, 1, std::chrono::milliseconds(300)) > 0) (void)socket.recv(subscription);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) return std::fputs("usage: bench_load ENDPOINT COUNT RATE TOPICS\n", stderr), 2;
    const auto count = static_cast<std::size_t>(std::atoll(argv[2]));
    const double rate = std::atof(argv[3]);
    const auto topics = static_cast<std::size_t>(std::atoll(argv[4]));
    zmq::context_t context(1);
    zmq::socket_t socket(context, zmq::socket_type::xpub);
    socket.set(zmq::sockopt::sndhwm, 0);
    socket.bind(argv[1]);
    auto bodies = render(topics > 2000 ? topics : 2000, topics);
    wait_for_subscriber(socket, topics > 0);
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < count; ++i) {
        if (rate > 0)
            std::this_thread::sleep_until(start + std::chrono::duration<double>(static_cast<double>(i) / rate));
        auto& body = bodies[i % bodies.size()];
        stamp(body, i);
        send(socket, body);
    }
    socket.close();
    context.close();  // returns when everything has been written
    return 0;
}
