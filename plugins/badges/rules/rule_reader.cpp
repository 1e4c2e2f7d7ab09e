#include "badges/rules/rule_reader.hpp"

#include <algorithm>
#include <array>

#include "badges/rules/read_node.hpp"
#include "badges/rules/rule_parts.hpp"
#include "badges/rules/yaml_file.hpp"

namespace badges {
namespace {

constexpr std::array<std::pair<const char*, Converter>, 6> kConverters = {{
    {"recipient_openid2fas", Converter::openid2fas},
    {"recipient_distgit2fas", Converter::distgit2fas},
    {"recipient_krb2fas", Converter::krb2fas},
    {"recipient_github2fas", Converter::github2fas},
    {"recipient_nick2fas", Converter::nick2fas},
    {"recipient_email2fas", Converter::email2fas},
}};

std::vector<std::string> known_keys(int dialect) {
    std::vector<std::string> keys = {"name",      "image_url", "description", "creator",       "discussion",
                                     "issuer_id", "trigger",   "recipient",   "recipient_key", "tags"};
    for (const auto& [key, converter] : kConverters) keys.emplace_back(key);
    if (dialect == 1) keys.emplace_back("criteria");
    if (dialect == 2) keys.insert(keys.end(), {"condition", "previous"});
    return keys;
}

// Reads one file, key by key.
class Reader {
public:
    Reader(std::string file, const YamlNode& root, const Limits& limits)
        : file_(std::move(file)), root_(root), limits_(limits) {}

    RulePtr run() {
        if (!root_.is_map())
            throw FileError(root_.line, "", "a rule is a mapping: name, image_url, ..., trigger, criteria");
        dialect_ = root_.find("criteria") != nullptr ? 1 : 2;
        check_dialect();
        check_keys(root_, "", known_keys(dialect_));
        Badge badge = read_badge();
        parts_->trigger = read_trigger(required("trigger"), "trigger", limits_);
        read_recipients();
        read_converters();
        dialect_ == 1 ? read_first() : read_second();
        finish();
        return std::make_shared<const Rule>(file_, dialect_, std::move(badge), std::move(parts_));
    }

private:
    const YamlNode& required(const std::string& key) const {
        const YamlNode* value = root_.find(key);
        if (value == nullptr || value->is_null())
            throw FileError(value != nullptr ? value->line : root_.line, key, "the key is missing");
        return *value;
    }

    // Keys of the other dialect get a message of their own.
    void check_dialect() const {
        if (dialect_ == 2) return;
        for (const char* key : {"condition", "previous"})
            if (const YamlNode* value = root_.find(key))
                throw FileError(value->line, key,
                                "it belongs to rules without `criteria` (dialect 2); this one has `criteria`");
    }

    Badge read_badge() const {
        Badge badge;
        badge.name = read_text(required("name"), "name");
        badge.image_url = read_text(required("image_url"), "image_url");
        badge.description = read_text(required("description"), "description");
        badge.creator = read_text(required("creator"), "creator");
        badge.discussion = read_text(required("discussion"), "discussion");
        badge.issuer_id = read_text(required("issuer_id"), "issuer_id");
        badge.id = badge_id(badge.name);
        badge.trigger = required("trigger").value();
        if (dialect_ == 1) badge.criteria = required("criteria").value();
        if (const YamlNode* tags = root_.find("tags")) badge.tags = read_tags(*tags);
        if (badge.id.empty()) throw FileError(required("name").line, "name", "nothing of it is left for a badge id");
        return badge;
    }

    static std::vector<std::string> read_tags(const YamlNode& node) {
        std::vector<std::string> tags;
        if (node.is_list())
            for (const YamlNode& tag : node.items) tags.push_back(read_text(tag, "tags"));
        if (node.is_map()) throw FileError(node.line, "tags", "it wants a list, or texts with commas between them");
        std::string_view rest = node.text;
        while (!rest.empty()) {
            const auto comma = rest.find(',');
            if (const std::string tag = trimmed(rest.substr(0, comma)); !tag.empty()) tags.push_back(tag);
            rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
        }
        return tags;
    }

    static std::string trimmed(std::string_view text) {
        const auto first = text.find_first_not_of(' ');
        const auto last = text.find_last_not_of(' ');
        return first == std::string_view::npos ? std::string() : std::string(text.substr(first, last - first + 1));
    }

    void read_recipients() {
        const YamlNode* node = root_.find("recipient");
        const YamlNode* synonym = root_.find("recipient_key");
        if (node != nullptr && synonym != nullptr)
            throw FileError(synonym->line, "recipient_key", "it is the same as recipient, which is there as well");
        const std::string key = node != nullptr ? "recipient" : "recipient_key";
        if (node == nullptr) node = synonym;
        Recipients& recipients = parts_->recipients;
        if (node == nullptr) return use_default(recipients);
        recipients.source = read_text(*node, key);
        if (dialect_ == 1)
            recipients.text.emplace(recipients.source);
        else
            recipients.expression = read_expression(*node, key, {"message"}, limits_);
    }

    void use_default(Recipients& recipients) {
        if (dialect_ == 1) {
            parts_->needs_renderer.emplace_back("it has no recipient: all user names of the message are meant");
            return;
        }
        recipients.source = "message.agent_name";
        recipients.expression = expression::Expression::parse(recipients.source, {"message"}, limits_);
    }

    void read_converters() {
        for (const auto& [key, converter] : kConverters) {
            const YamlNode* node = root_.find(key);
            if (node == nullptr) continue;
            const auto is_wanted = node->boolean();
            if (!is_wanted) throw FileError(node->line, key, "it wants yes or no");
            if (*is_wanted) parts_->converters.push_back(converter);
        }
    }

    void read_first() { parts_->criteria = read_criteria(required("criteria"), "criteria", limits_); }

    void read_second() {
        if (const YamlNode* node = root_.find("previous")) parts_->previous = read_previous(*node, "previous", limits_);
        if (const YamlNode* node = root_.find("condition"))
            parts_->condition = read_condition(*node, "condition", limits_);
    }

    void finish() {
        parts_->trigger_wish = parts_->trigger.wish();
        if (parts_->trigger_wish.everything)
            note(parts_->trigger.line, "trigger", "no topic or category limits it: it is asked for every message");
        for_each_trigger(parts_->trigger, [this](const Trigger& one) { need(one.lambda); });
        need(parts_->recipients.expression);
        if (parts_->previous) take(*parts_->previous, "previous");
        if (parts_->criteria)
            for_each_criterion(*parts_->criteria, [this](const Criteria& one) {
                if (one.history) take(*one.history, "criteria.datanommer");
                if (one.ownership) parts_->needs_ownership = true;
            });
    }

    void take(const HistoryQuestion& question, const std::string& key) {
        const TopicWish wish = question.filter.wish(parts_->trigger_wish);
        parts_->history_wish.unite(wish);
        if (wish.everything) note(0, key + ".filter", "no topics limit it: every message must be kept in the history");
        for (const std::string& name : question.filter.ignored)
            note(0, key + ".filter." + name, "ignored: all rows are looked at, whatever their number");
        for (const FilterKey& one : question.filter.keys) {
            if (one.name == "agents" || one.name == "not_agents")
                parts_->needs_renderer.push_back("the filter key " + one.name);
            for (const auto& element : one.elements)
                if (const auto* lambda = std::get_if<expression::Expression>(&element)) need(*lambda);
        }
        need(question.operation.lambda);
    }

    void need(const std::optional<expression::Expression>& expression) {
        if (!expression) return;
        for (const std::string& use : expression->meta_uses()) parts_->needs_renderer.push_back(use);
    }

    void note(int line, std::string key, std::string what) {
        parts_->notes.push_back({line, std::move(key), std::move(what)});
    }

    std::string file_;
    const YamlNode& root_;
    const Limits& limits_;
    int dialect_ = 1;
    std::unique_ptr<RuleParts> parts_ = std::make_unique<RuleParts>();
};

}  // namespace

RulePtr read_rule(const std::string& file, std::string_view text, const Limits& limits) {
    const YamlNode root = parse_yaml(text, limits.file_bytes);
    return Reader(file, root, limits).run();
}

}  // namespace badges
