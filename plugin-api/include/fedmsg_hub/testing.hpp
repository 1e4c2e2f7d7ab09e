// A fake host for unit tests of plugins: no hub, no bus, no files, no waiting. Header-only.
//
//     #include <fedmsg_hub/testing.hpp>
//     #include "my_consumer.cpp"
//
//     TEST(MyConsumer, GreetsTheAuthor) {
//         fedmsg_hub::testing::FakeHost<MyConsumer> host(R"({"my-consumer.greeting": "Hello"})");
//         EXPECT_TRUE(host.deliver("org.example.prod.git.receive", R"({"commit": {"name": "Ada"}})").is_acked());
//         EXPECT_TRUE(host.logged("Hello, Ada"));
//     }
//
// testing/fake_hub.hpp lists what a host can do to a consumer and what it shows of it.
#ifndef FEDMSG_HUB_TESTING_HPP
#define FEDMSG_HUB_TESTING_HPP

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugin.hpp"
#include "testing/fake_hub.hpp"

namespace fedmsg_hub::testing {

// What a plugin's describe function offers under a configuration (a JSON object of flat names); for plugins that end
// with FEDMSG_HUB_PLUGIN(describe_all). Throws Refused with the reason.
inline std::vector<Descriptor> consumers_of(void (*describe_all)(Registrar&), std::string_view configuration = "{}") {
    const Node node = JsonReader(configuration).read();
    DescriptorSink sink;
    const auto status = detail::guarded(sink.sink()->error, sink.sink()->arg, [&] {
        Registrar registrar(json_functions(), handle_of(&node), sink.sink());
        describe_all(registrar);
    });
    if (status != FEDMSG_HUB_OK) throw Refused("describe: " + sink.error());
    return sink.consumers();
}

template <class T>
class FakeHost : public FakeHub {
public:
    // `options`: a JSON object with the full names of those that differ from their defaults.
    // `state`: what state() of an earlier host gave, to play a restart.
    // `directory`: what directory() gives, for the same purpose; empty: a temporary one.
    explicit FakeHost(std::string_view options = "{}", StateMap state = {}, std::string directory = {})
        : FakeHub(consumers_of(&detail::describe_one<T>).front(), options, std::move(state), std::move(directory)) {}
    // Under another description than the class's own.
    FakeHost(const Description& description, std::string_view options, StateMap state = {}, std::string directory = {})
        : FakeHub(described(description), options, std::move(state), std::move(directory)) {}

    // The author's object, for a look at what it remembers.
    T& consumer() { return static_cast<detail::Instance<T>*>(instance())->consumer; }

private:
    static Descriptor described(const Description& description) {
        const Node nothing;
        DescriptorSink sink;
        Registrar registrar(json_functions(), handle_of(&nothing), sink.sink());
        registrar.add<T>(description);
        return sink.consumers().front();
    }
};

}  // namespace fedmsg_hub::testing

#endif
