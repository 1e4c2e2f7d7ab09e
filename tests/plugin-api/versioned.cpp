// A plugin that says which version it is, and counts in what compilers like to share between libraries: an inline
// variable and a static of an inline function.
#include <fedmsg_hub/plugin.hpp>
#include <map>
#include <string>
#include <vector>

inline int inline_count = 0;

inline int& static_count() {
    static int count = 0;
    return count;
}

class Versioned : public fedmsg_hub::Consumer {
public:
    static auto describe() { return fedmsg_hub::Description("versioned").topics({"*"}); }
    void consume(const fedmsg_hub::Message& message) {
        topics_[std::string(message.topic())].push_back(++static_count());
        log().info("version ", FEDMSG_HUB_PLUGIN_VERSION, ": ", ++inline_count, " and ", static_count(), " after ",
                   topics_.size(), " topics");
        if (message.msg().is_null()) throw std::vector<std::string>{"only this library has such a type on its mind"};
    }

private:
    std::map<std::string, std::vector<int>> topics_;
};
FEDMSG_HUB_CONSUMER(Versioned)
