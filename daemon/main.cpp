// fedmsg-hub, and by other names fedmsg-relay and fedmsg-gateway.
//
// A message's way: Subscriber (bus/subscriber) receives it -> Source hands it to the Gate, which checks and parses it
// once
// -> Committer appends it to the Journal -> Router finds the lanes that want its topic -> Lane calls the consumer.
// docs/life-of-a-message.md walks it; App::steps() in daemon/app/app.cpp is the start-up.
#include <malloc.h>

#include "bus/cli/command_line.hpp"
#include "daemon/app/app.hpp"
#include "daemon/app/command_line.hpp"

int main(int argc, char** argv) {
    using namespace fedmsg;
    ::mallopt(M_ARENA_MAX, 2);  // a lane is a thread: an arena for each would multiply the memory of idle consumers
    const auto line = hub::command_line(argc, argv);
    return cli::run(argc, argv, line, [](cli::Invocation& invocation) {
        const bool check = invocation.has("--check-config");
        const SystemClock clock;
        hub::App app(hub::input_from(invocation), clock);
        return check ? app.check() : app.run();
    });
}
