// Rule: one rule file, read and checked. Immutable; shared by rule sets of several generations; any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "badges/rules/any.hpp"

namespace badges {

// What a badge is to those who look at it, and to the awards database.
struct Badge {
    std::string id;  // derived from the name: badge_id()
    std::string name;
    std::string image_url;
    std::string description;
    std::string creator;
    std::string discussion;  // the criteria link
    std::string issuer_id;
    std::vector<std::string> tags;
    Any trigger;   // as the file has it, for award messages with publish_rule
    Any criteria;  // None in dialect 2
};

enum class Converter { nick2fas, email2fas, openid2fas, github2fas, distgit2fas, krb2fas };
const char* name_of(Converter converter);

// Lower case; blanks become '-'; " ' ( ) * & ? go.
std::string badge_id(const std::string& name);

struct RuleParts;  // the compiled trees: rule_parts.hpp

class Rule {
public:
    Rule(std::string file, int dialect, Badge badge, std::unique_ptr<const RuleParts> parts);
    ~Rule();

    const std::string& file() const noexcept { return file_; }  // relative to the rule directory
    int dialect() const noexcept { return dialect_; }           // 1 or 2
    const Badge& badge() const noexcept { return badge_; }
    const RuleParts& parts() const noexcept { return *parts_; }
    // In the order in which they are to be applied.
    const std::vector<Converter>& converters() const noexcept;
    // What it needs of the meta layer, in words ("it has no recipient", "fedmsg.meta.msg2usernames"); empty: nothing.
    const std::vector<std::string>& needs_renderer() const noexcept;
    bool needs_ownership() const noexcept;

private:
    std::string file_;
    int dialect_;
    Badge badge_;
    std::unique_ptr<const RuleParts> parts_;
};

using RulePtr = std::shared_ptr<const Rule>;

}  // namespace badges
