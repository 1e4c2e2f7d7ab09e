#include <arpa/nameser.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <vector>

#include "bus/base/text.hpp"
#include "bus/config/loader.hpp"

namespace fedmsg::config {
namespace {

const char* reason_of(int resolver_error) {
    switch (resolver_error) {
        case HOST_NOT_FOUND:
            return "there is no such name";
        case NO_DATA:
            return "the name has no SRV record";
        case TRY_AGAIN:
            return "no name server answered in time";
        default:
            return "the name servers could not answer";
    }
}

// The resolver's state, with limits: a dead name server must not hold the start for long.
class Resolver {
public:
    Resolver() {
        std::memset(&state_, 0, sizeof state_);
        if (res_ninit(&state_) != 0) throw std::runtime_error("the resolver cannot be set up");
        if (state_.nscount == 0) {
            res_nclose(&state_);
            throw NoNameServers("no name servers are configured");
        }
        state_.retrans = 2;  // seconds
        state_.retry = 1;
    }
    ~Resolver() { res_nclose(&state_); }
    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;

    std::vector<unsigned char> ask(const std::string& name, int type) {
        std::vector<unsigned char> answer(NS_MAXMSG);
        const int size =
            res_nquery(&state_, name.c_str(), ns_c_in, type, answer.data(), static_cast<int>(answer.size()));
        if (size < 0) throw std::runtime_error(reason_of(state_.res_h_errno));
        answer.resize(std::min(static_cast<std::size_t>(size), answer.size()));
        return answer;
    }

private:
    struct __res_state state_;
};

// One SRV record: priority, weight, port (2 bytes each), name. Nothing for ".", which says that there is no such
// service.
std::optional<std::string> target_of(const ns_msg& message, const ns_rr& record) {
    const unsigned char* data = ns_rr_rdata(record);
    if (ns_rr_rdlen(record) < 7) throw std::runtime_error("a short SRV record");
    char target[NS_MAXDNAME];
    if (ns_name_uncompress(ns_msg_base(message), ns_msg_end(message), data + 6, target, sizeof target) < 0)
        throw std::runtime_error("a broken name in an SRV record");
    std::string host(target);
    if (host.ends_with('.')) host.pop_back();
    if (host.empty()) return std::nullopt;
    return fmt::format("{}:{}", host, ns_get16(data + 4));
}

}  // namespace

std::vector<std::string> targets_of_answer(const std::vector<unsigned char>& answer) {
    ns_msg message;
    if (ns_initparse(answer.data(), static_cast<int>(answer.size()), &message) != 0)
        throw std::runtime_error("the answer cannot be read");
    std::vector<std::string> targets;
    for (int i = 0; i < ns_msg_count(message, ns_s_an); ++i) {
        ns_rr record;
        if (ns_parserr(&message, ns_s_an, i, &record) != 0) throw std::runtime_error("the answer cannot be read");
        if (ns_rr_type(record) != ns_t_srv) continue;
        if (const auto target = target_of(message, record)) targets.push_back(*target);
    }
    return targets;
}

std::vector<std::string> look_up_srv(const std::string& domain) {
    return targets_of_answer(Resolver().ask("_fedmsg._tcp." + domain, ns_t_srv));
}

}  // namespace fedmsg::config
