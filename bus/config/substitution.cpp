#include "bus/config/substitution.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "bus/config/loader.hpp"

namespace fedmsg::config {
namespace {

constexpr std::string_view kKnown = "${host}, ${fqdn}, ${id}, ${env:NAME}";
constexpr std::string_view kKnownInPatterns = "${host}, ${fqdn}, ${id}, ${env:NAME}, ${topic_prefix}, ${environment}";

bool is_late(std::string_view name) {
    return name == "topic_prefix" || name == "environment";
}

// `${` in a value must not be read as a variable when the pattern is expanded later.
std::string escaped(std::string_view value) {
    std::string out;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] == '$' && value.substr(i, 2) == "${") out += '$';
        out += value[i];
    }
    return out;
}

Result<std::string> replacement(std::string_view name, const Variables& variables, std::string_view known) {
    const auto value = variables(name);
    if (!value) return value.error();
    if (*value) return **value;
    return failure(fmt::format("${{{}}} is not known here; there are {}; a literal ${{ is written $${{", name, known));
}

class Walk {
public:
    Walk(const Variables& variables, const std::string& file, std::vector<Problem>& problems)
        : plain_(variables), file_(file), problems_(problems) {
        in_pattern_ = [this](std::string_view name) -> Result<std::optional<std::string>> {
            if (is_late(name)) return std::optional(fmt::format("${{{}}}", name));
            auto value = plain_(name);
            if (value && *value) return std::optional(escaped(**value));
            return value;
        };
    }

    // `depth` counts the keys above: consumers / NAME / topics.
    void node(Node& node, int depth, bool in_consumers, bool in_topics) {
        if (node.kind == Node::Kind::scalar && node.text.find("${") != std::string::npos)
            text(node.text, node, in_topics);
        for (Node& item : node.items) this->node(item, depth + 1, false, in_topics);
        for (Member& member : node.members) {
            Node at = Node{Node::Kind::scalar, member.line, "", true, {}, {}};
            if (member.key.find("${") != std::string::npos) text(member.key, at, false);
            const bool below = depth == 0 ? member.key == "consumers" : in_consumers;
            this->node(member.value, depth + 1, below, in_consumers && depth == 2 && member.key == "topics");
        }
    }

private:
    void text(std::string& text, Node& scalar, bool is_pattern) {
        auto replaced = is_pattern ? pattern(text) : substitute(text, plain_, kKnown);
        if (!replaced) {
            problems_.push_back({{file_, scalar.line}, replaced.error().text});
            return;
        }
        text = *replaced;
        scalar.quoted = true;  // a text stays a text, whatever it now looks like
    }

    // Like substitute(), but leaves `$${` for the second pass.
    Result<std::string> pattern(std::string_view text) const {
        std::string out;
        for (;;) {
            const std::size_t at = text.find("$${");
            auto piece = substitute(text.substr(0, at), in_pattern_, kKnownInPatterns);
            if (!piece) return piece;
            out += *piece;
            if (at == std::string_view::npos) return out;
            out += "$${";
            text.remove_prefix(at + 3);
        }
    }

    const Variables& plain_;
    Variables in_pattern_;
    const std::string& file_;
    std::vector<Problem>& problems_;
};

}  // namespace

Result<std::string> substitute(std::string_view text, const Variables& variables, std::string_view known) {
    std::string out;
    while (!text.empty()) {
        const std::size_t at = text.find("${");
        if (at == std::string_view::npos) return out.append(text);
        if (at > 0 && text[at - 1] == '$') {
            out.append(text.substr(0, at - 1)).append("${");
            text.remove_prefix(at + 2);
            continue;
        }
        const std::size_t end = text.find('}', at);
        if (end == std::string_view::npos) return failure("a ${ is not closed by }; a literal ${ is written $${");
        out.append(text.substr(0, at));
        const auto value = replacement(text.substr(at + 2, end - at - 2), variables, known);
        if (!value) return value.error();
        out.append(*value);
        text.remove_prefix(end + 1);
    }
    return out;
}

void substitute_all(Node& root, const Variables& variables, const std::string& file, std::vector<Problem>& problems) {
    Walk(variables, file, problems).node(root, 0, false, false);
}

Result<std::string> expand_pattern(std::string_view text, const Configuration& configuration) {
    const Variables variables = [&](std::string_view name) -> Result<std::optional<std::string>> {
        if (name == "topic_prefix") return std::optional(configuration.text(name, "org.fedoraproject"));
        if (name == "environment") return std::optional(configuration.text(name, "dev"));
        return std::optional<std::string>();
    };
    return substitute(text, variables, "${topic_prefix} and ${environment}");
}

}  // namespace fedmsg::config
