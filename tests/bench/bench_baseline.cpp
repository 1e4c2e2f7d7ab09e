// What the hub is compared with: one thread, a libzmq SUB socket, RapidJSON's parse of each body into a reused arena.
//
//     bench_baseline ENDPOINT COUNT none|dom|strict     prints one JSON line
#include <rapidjson/document.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>
#include <zmq.hpp>

#include "tests/bench/bench_time.hpp"

namespace {

using namespace fedmsg;

constexpr unsigned kStrict =
    rapidjson::kParseFullPrecisionFlag | rapidjson::kParseValidateEncodingFlag | rapidjson::kParseIterativeFlag;

template <unsigned Flags>
bool parses(std::vector<char>& arena, const zmq::message_t& body) {
    rapidjson::MemoryPoolAllocator<> pool(arena.data(), arena.size());
    rapidjson::Document document(&pool);
    document.Parse<Flags>(body.data<char>(), body.size());
    return !document.HasParseError() && document.IsObject() && document.HasMember("topic");
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) return std::fputs("usage: bench_baseline ENDPOINT COUNT none|dom|strict\n", stderr), 2;
    const auto count = static_cast<std::size_t>(std::atoll(argv[2]));
    const std::string_view mode = argv[3];
    zmq::context_t context(1);
    zmq::socket_t socket(context, zmq::socket_type::sub);
    socket.set(zmq::sockopt::rcvhwm, 0);
    socket.set(zmq::sockopt::rcvtimeo, 20000);
    socket.set(zmq::sockopt::subscribe, "");
    socket.connect(argv[1]);
    std::vector<char> arena(256 * 1024);
    std::vector<double> delays;
    delays.reserve(count);
    std::int64_t first = 0;
    double cpu_at_first = 0;
    zmq::message_t topic, body;
    for (std::size_t i = 0; i < count; ++i) {
        if (!socket.recv(topic) || !socket.recv(body)) return std::fputs("lost messages\n", stderr), 1;
        if (i == 0) {
            first = bench::steady_ns();
            cpu_at_first = bench::cpu_seconds();
        }
        if (mode == "dom" && !parses<rapidjson::kParseDefaultFlags>(arena, body)) return 1;
        if (mode == "strict" && !parses<kStrict>(arena, body)) return 1;
        delays.push_back(static_cast<double>(bench::steady_ns() - bench::sent_ns(body.data<char>(), body.size())) /
                         1e3);
    }
    const double seconds = static_cast<double>(bench::steady_ns() - first) / 1e9;
    const double cpu = bench::cpu_seconds() - cpu_at_first;
    std::printf("{\"messages\":%zu,\"per_second\":%.0f,\"cpu_us\":%.3f,\"p50_us\":%.1f,\"p99_us\":%.1f}\n", count,
                static_cast<double>(count) / seconds, cpu * 1e6 / static_cast<double>(count),
                bench::percentile(delays, 0.5), bench::percentile(delays, 0.99));
    return 0;
}
