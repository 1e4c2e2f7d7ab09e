// Configurations for tests, written as YAML and loaded like any other.
#pragma once

#include <string>

#include "bus/config/loader.hpp"
#include "tests/support/temporary.hpp"

namespace fedmsg::hub::test {

// Loads the text as a hub's configuration, with an endpoint and signature checks off unless the text says otherwise.
inline config::Configuration configured(const std::string& yaml, const std::string& id = "hub") {
    const fedmsg::test::TemporaryDirectory directory;
    config::Request request;
    request.id = id;
    request.more_keys_follow = true;
    request.paths = {directory.write("hub.yaml", yaml)};
    auto surroundings = config::Surroundings::from_process();
    surroundings.environment.erase("FEDMSG_CONFIG");
    return std::move(config::load(request, config::built_in_schema(), surroundings).configuration);
}

inline std::string usual() {
    return "endpoints: {a: ['tcp://127.0.0.1:5000']}\nvalidate_signatures: false\n";
}

// All problems of a ConfigError, a line each.
inline std::string problems_of(const config::ConfigError& error) {
    return error.what();
}

}  // namespace fedmsg::hub::test
