#include "badges/rules/yaml_file.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>

#include "badges/rules/any_subject.hpp"

namespace badges {
namespace {

constexpr int kMaxNesting = 64;
constexpr std::size_t kMaxKeys = 1000;  // of one mapping

[[noreturn]] void refuse_depth(int line) {
    throw FileError(line, "", "nested deeper than " + std::to_string(kMaxNesting) + " levels");
}

// Brackets and dashes that follow each other: what makes yaml-cpp's scanner pile up tokens before it gives any event.
// Brackets in texts are counted as well; texts with that many of them open are no rules.
void scan_nesting(std::string_view text) {
    int line = 1;
    int brackets = 0;
    int dashes = 0;
    bool is_at_start = true;
    for (const char c : text) {
        if (c == '\n') {
            ++line;
            dashes = 0;
            is_at_start = true;
            continue;
        }
        if (is_at_start && (c == '-' || c == '?' || c == ':')) ++dashes;
        is_at_start = is_at_start && (c == '-' || c == '?' || c == ':' || c == ' ');
        if (c == '[' || c == '{') ++brackets;
        if (c == ']' || c == '}') brackets = std::max(0, brackets - 1);
        if (brackets > kMaxNesting || (dashes > kMaxNesting && !is_at_start)) refuse_depth(line);
        if (dashes > 2 * kMaxNesting) refuse_depth(line);
    }
}

void check_bytes(std::string_view text, std::size_t max_bytes) {
    if (text.size() > max_bytes)
        throw FileError(0, "", "the file is larger than " + std::to_string(max_bytes / 1024) + " KiB");
    const auto bad = std::find_if(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t';
    });
    if (bad == text.end()) return;
    const int line = 1 + static_cast<int>(std::count(text.begin(), bad, '\n'));
    throw FileError(line, "", "a control character stands here: is the file a text?");
}

bool is_known_tag(const std::string& tag) {
    static constexpr std::string_view kPrefix = "tag:yaml.org,2002:";
    if (tag.empty() || tag == "?" || tag == "!") return true;
    if (!tag.starts_with(kPrefix)) return false;
    static constexpr std::array<std::string_view, 7> kNames = {"str", "int", "bool", "float", "null", "seq", "map"};
    return std::find(kNames.begin(), kNames.end(), tag.substr(kPrefix.size())) != kNames.end();
}

// Builds the tree from yaml-cpp's events.
class Builder final : public YAML::EventHandler {
public:
    YamlNode take() { return std::move(root_); }
    bool is_empty() const { return !has_root_; }

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { scalar(mark, "", anchor, "", false); }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        throw FileError(line_of(mark), "", "aliases (*name) are not supported: write the value out");
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        scalar(mark, tag, anchor, value, tag == "!" || tag == "tag:yaml.org,2002:str");
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, YamlNode::Kind::list);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, YamlNode::Kind::map);
    }
    void OnMapEnd() override { close(); }

private:
    struct Open {
        YamlNode node;
        std::optional<YamlNode> key;
    };

    static int line_of(const YAML::Mark& mark) { return mark.line + 1; }

    static void check(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
        if (anchor != 0) throw FileError(line_of(mark), "", "anchors (&name) are not supported");
        if (!is_known_tag(tag)) throw FileError(line_of(mark), "", "the tag " + tag + " is not supported");
    }
    void scalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, std::string text, bool is_text) {
        check(mark, tag, anchor);
        YamlNode node;
        node.line = line_of(mark);
        node.text = std::move(text);
        node.is_quoted = is_text;
        add(std::move(node));
    }
    void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YamlNode::Kind kind) {
        check(mark, tag, anchor);
        if (open_.size() >= static_cast<std::size_t>(kMaxNesting)) refuse_depth(line_of(mark));
        Open one;
        one.node.kind = kind;
        one.node.line = line_of(mark);
        open_.push_back(std::move(one));
    }
    void close() {
        YamlNode done = std::move(open_.back().node);
        open_.pop_back();
        add(std::move(done));
    }
    void add(YamlNode node) {
        if (open_.empty()) {
            root_ = std::move(node);
            has_root_ = true;
            return;
        }
        Open& parent = open_.back();
        if (parent.node.is_list()) return parent.node.items.push_back(std::move(node));
        if (!parent.key) return take_key(parent, std::move(node));
        parent.node.entries.push_back({parent.key->text, parent.key->line, std::move(node)});
        parent.key.reset();
    }
    static void take_key(Open& parent, YamlNode key) {
        if (parent.node.entries.size() >= kMaxKeys)
            throw FileError(key.line, "", "more than " + std::to_string(kMaxKeys) + " keys in one mapping");
        if (!key.is_scalar()) throw FileError(key.line, "", "a key must be a text");
        if (parent.node.find(key.text) != nullptr) throw FileError(key.line, key.text, "the key is there twice");
        parent.key = std::move(key);
    }

    std::vector<Open> open_;
    YamlNode root_;
    bool has_root_ = false;
};

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

template <class Number>
std::optional<Number> number_from(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    Number number{};
    const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || result.ec != std::errc() || result.ptr != text.data() + text.size()) return std::nullopt;
    return number;
}

bool looks_like_number(std::string_view text) {
    return !text.empty() && text.find_first_not_of("+-.0123456789eE") == std::string_view::npos &&
           text.find_first_of("0123456789") != std::string_view::npos;
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
    for (const Entry& entry : entries)
        if (entry.key == key) return &entry.value;
    return nullptr;
}

bool YamlNode::is_null() const {
    return is_scalar() && !is_quoted && is_one_of(text, {"", "~", "null", "Null", "NULL"});
}

std::optional<bool> YamlNode::boolean() const {
    if (!is_scalar()) return std::nullopt;
    if (is_one_of(text, {"yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"})) return true;
    if (is_one_of(text, {"no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"})) return false;
    return std::nullopt;
}

Any YamlNode::value() const {
    if (is_list()) {
        List list;
        for (const YamlNode& item : items) list.push_back(item.value());
        return Any::list(std::move(list));
    }
    if (is_map()) {
        Dict dict;
        for (const Entry& entry : entries) dict.set(entry.key, entry.value.value());
        return Any::dict(std::move(dict));
    }
    if (is_quoted) return text;
    if (is_null()) return {};
    if (is_one_of(text, {"true", "True", "TRUE", "false", "False", "FALSE"})) return *boolean();
    if (!looks_like_number(text)) return text;
    if (const auto integer = number_from<std::int64_t>(text)) return *integer;
    if (const auto real = number_from<double>(text)) return *real;
    return text;
}

fedmsg_plugins::Datum YamlNode::datum() const {
    if (is_list()) {
        fedmsg_plugins::Datum::List list;
        for (const YamlNode& item : items) list.push_back(item.datum());
        return list;
    }
    if (is_map()) {
        fedmsg_plugins::Datum::Object object;
        for (const Entry& entry : entries) object.emplace_back(entry.key, entry.value.datum());
        return object;
    }
    return datum_of(value());
}

YamlNode parse_yaml(std::string_view text, std::size_t max_bytes) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    check_bytes(text, max_bytes);
    scan_nesting(text);
    std::istringstream stream{std::string(text)};
    Builder builder;
    try {
        YAML::Parser parser(stream);
        parser.HandleNextDocument(builder);
        Builder second;
        if (!builder.is_empty() && parser.HandleNextDocument(second) && !second.is_empty())
            throw FileError(0, "", "there is a second document: write one rule per file");
    } catch (const YAML::Exception& error) {
        throw FileError(error.mark.line + 1, "", "this is not YAML: " + error.msg);
    }
    if (builder.is_empty()) throw FileError(0, "", "the file is empty");
    return builder.take();
}

}  // namespace badges
