#include "bus/config/yaml_reader.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <optional>
#include <sstream>

#include "bus/config/yaml_scan.hpp"

namespace fedmsg::config {
namespace {

constexpr std::string_view kStringTag = "tag:yaml.org,2002:str";

int line_of(const YAML::Mark& mark) {
    return mark.line + 1;
}

// Builds the tree from yaml-cpp's events; throws at the first thing that is refused.
class Builder final : public YAML::EventHandler {
public:
    Node take_root() { return std::move(root_); }
    bool has_root() const { return has_root_; }
    int document_line() const { return document_line_; }

    void OnDocumentStart(const YAML::Mark& mark) override { document_line_ = line_of(mark); }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        refuse_anchor(mark, anchor);
        add(Node{Node::Kind::scalar, line_of(mark), "", false, {}, {}});
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuse_anchor(mark, 1); }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        refuse_anchor(mark, anchor);
        refuse_tag(mark, tag);
        add(Node{Node::Kind::scalar, line_of(mark), value, tag != "?" && !tag.empty(), {}, {}});
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        begin(Node::Kind::list, mark, tag, anchor);
    }
    void OnSequenceEnd() override { end(); }

    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        begin(Node::Kind::map, mark, tag, anchor);
    }
    void OnMapEnd() override { end(); }

private:
    struct Open {
        Node node;
        std::optional<Member> member;  // its key is read, its value is not
    };

    static void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
        if (anchor != 0)
            throw SyntaxError(line_of(mark),
                              "anchors and aliases of YAML (&name, *name) are refused: write the value out");
    }

    static void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
        if (!tag.empty() && tag != "?" && tag != "!" && tag != kStringTag)
            throw SyntaxError(line_of(mark),
                              fmt::format("the tag {} is refused: write plain values, and quotes around texts", tag));
    }

    void begin(Node::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
        refuse_anchor(mark, anchor);
        refuse_tag(mark, tag);
        if (open_.size() >= static_cast<std::size_t>(kMaxNesting))
            throw SyntaxError(line_of(mark), fmt::format("the nesting is deeper than {} levels", kMaxNesting));
        if (expects_key()) throw SyntaxError(line_of(mark), "a list or map cannot be a key: keys are texts");
        open_.push_back({Node{kind, line_of(mark), "", false, {}, {}}, std::nullopt});
    }

    void end() {
        Node done = std::move(open_.back().node);
        open_.pop_back();
        add(std::move(done));
    }

    bool expects_key() const {
        return !open_.empty() && open_.back().node.kind == Node::Kind::map && !open_.back().member;
    }

    void add(Node node) {
        if (open_.empty()) {
            root_ = std::move(node);
            has_root_ = true;
        } else if (open_.back().node.kind == Node::Kind::list) {
            open_.back().node.items.push_back(std::move(node));
        } else if (!open_.back().member) {
            begin_member(std::move(node));
        } else {
            finish_member(std::move(node));
        }
    }

    void begin_member(Node key) {
        if (key.text.empty()) throw SyntaxError(key.line, "a key is empty");
        open_.back().member = Member{std::move(key.text), key.line, {}};
    }

    void finish_member(Node value) {
        Open& open = open_.back();
        // yaml-cpp tells a missing value where the next token is.
        if (value.kind == Node::Kind::scalar && value.text.empty()) value.line = open.member->line;
        open.member->value = std::move(value);
        open.node.members.push_back(std::move(*open.member));
        open.member.reset();
    }

    std::vector<Open> open_;
    Node root_;
    bool has_root_ = false;
    int document_line_ = 0;
};

// What to do about it, where yaml-cpp's own words do not tell.
std::string explained(const std::string& message) {
    std::string_view hint = "check indentation, colons, brackets and quotes in this line and the ones before it";
    if (message.find("anchor") != std::string::npos || message.find("alias") != std::string::npos)
        hint = "put quotes around a text that begins with '*' or '&'";
    if (message.find("end of map") != std::string::npos)
        hint = "check the indentation, and that each key has its colon";
    if (message.find("end of sequence flow") != std::string::npos ||
        message.find("end of map flow") != std::string::npos)
        hint = "a bracket that is opened is never closed";
    if (message == "unknown token") hint = "put quotes around a text that begins with a special character";
    return fmt::format("this is not YAML: {} ({})", message, hint);
}

Node parse(std::string_view text) {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    Builder builder;
    if (!parser.HandleNextDocument(builder) || !builder.has_root()) return Node{Node::Kind::map, 1, "", false, {}, {}};
    Builder more;
    if (parser.HandleNextDocument(more))
        throw SyntaxError(more.document_line(), "a second document begins here: write one file per document");
    return builder.take_root();
}

Node parse_guarded(std::string_view text) {
    try {
        return parse(text);
    } catch (const YAML::Exception& error) {
        throw SyntaxError(error.mark.is_null() ? 0 : line_of(error.mark), explained(error.msg));
    }
}

}  // namespace

Node read_yaml(std::string_view text) {
    text = without_byte_order_mark(text);
    check_bytes(text);
    scan_yaml(text);
    Node root = parse_guarded(text);
    const bool is_empty = root.kind == Node::Kind::scalar && !root.quoted && (root.text.empty() || root.text == "~");
    if (is_empty) return Node{Node::Kind::map, root.line, "", false, {}, {}};
    if (root.kind != Node::Kind::map)
        throw SyntaxError(
            root.line, fmt::format("the file holds a {} at the top: it must be a map of keys and values (key: value)",
                                   root.kind == Node::Kind::list ? "list" : "text"));
    return root;
}

}  // namespace fedmsg::config
