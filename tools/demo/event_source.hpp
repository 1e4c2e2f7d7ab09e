// Made-up events of a distribution's services, in the shapes such services publish: 40 topics, messages whose bodies
// have 0.3 to 6 kB. The same seed gives the same events. One thread.
#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <string_view>

namespace fedmsg::demo {

struct Event {
    std::string_view topic;  // relative: "git.receive"
    std::string msg;         // the payload, JSON text
};

class EventSource {
public:
    explicit EventSource(unsigned seed) : random_(seed) {}

    Event next();

    static std::size_t topic_count();

private:
    // What a letter after '$' in a shape stands for.
    void append_placeholder(std::string& out, char letter);
    void append_words(std::string& out, std::size_t length);
    void append_packages(std::string& out);
    void append_hex(std::string& out, int digits);
    int number(int low, int high);
    std::string_view pick(const std::string_view* words, std::size_t count);

    std::mt19937 random_;
};

}  // namespace fedmsg::demo
