// The operator commands of `fedmsg-badges` (badges.md section 6). They work beside a running hub: both wait for each
// other's database transactions. What they give is published by the hub.
#pragma once

#include <fedmsg_hub/plugin.hpp>

#include <functional>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "badges/engine.hpp"

namespace badges {

// Exit codes.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 2;

// One call of a command: "--user ann" is options["user"], "--apply" is options["apply"] = "", the rest are words.
struct Invocation {
    std::string name;
    std::vector<std::string> words;
    std::map<std::string, std::string> options;
    std::ostream& out;
    std::ostream& error;

    bool has(const std::string& option) const { return options.count(option) != 0; }
    std::string option(const std::string& name_of_it, const std::string& fallback = "") const {
        const auto found = options.find(name_of_it);
        return found != options.end() ? found->second : fallback;
    }
};

// `make_engine`: makes one from the configured settings, passed through its argument.
int run_tool(const std::function<std::unique_ptr<Engine>(const std::function<Settings(Settings)>&)>& make_engine,
             const std::vector<std::string>& arguments, std::ostream& out, std::ostream& error);

// What `--check` finds: rule files, databases, the account directory. Changes nothing.
void check_all(Engine& engine, fedmsg_hub::Problems& problems);

// rule_tools.cpp
int check_rules(Engine& engine, const Invocation& invocation);
int explain_rule(Engine& engine, const Invocation& invocation);
int convert_expressions(Engine& engine, const Invocation& invocation);
// replay.cpp
int replay(Engine& engine, const Invocation& invocation);

}  // namespace badges
