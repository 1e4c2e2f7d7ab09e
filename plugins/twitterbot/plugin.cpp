// The plugin's entry. Where the configuration enables the old bot (fedmsg.consumers.tweetbot.enabled) and does not name
// this one, that key counts.
#include "twitterbot/twitterbot.hpp"

namespace {

void describe_all(fedmsg_hub::Registrar& registrar) {
    static constexpr char kOldKey[] = "fedmsg.consumers.tweetbot.enabled";
    const fedmsg_hub::Value configuration = registrar.configuration();
    fedmsg_hub::Description description = twitterbot::Twitterbot::describe();
    if (configuration[kOldKey].exists() && !configuration[description.config_key()].exists())
        description.config_key(kOldKey);
    registrar.add<twitterbot::Twitterbot>(description);
}

}  // namespace

FEDMSG_HUB_PLUGIN(describe_all)
