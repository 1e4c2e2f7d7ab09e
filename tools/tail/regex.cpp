#define PCRE2_CODE_UNIT_WIDTH 8
#include "tools/tail/regex.hpp"

#include <fmt/format.h>
#include <pcre2.h>

namespace fedmsg::tools {
namespace {

std::string message_of(int code) {
    unsigned char text[200] = "";
    pcre2_get_error_message(code, text, sizeof text);
    return reinterpret_cast<const char*>(text);
}

// Only a line feed is a line end, as for Python, whatever this PCRE2 was built with.
class CompileContext {
public:
    CompileContext() { pcre2_set_newline(context_, PCRE2_NEWLINE_LF); }
    ~CompileContext() { pcre2_compile_context_free(context_); }
    CompileContext(const CompileContext&) = delete;
    CompileContext& operator=(const CompileContext&) = delete;
    pcre2_compile_context* get() const { return context_; }

private:
    pcre2_compile_context* const context_ = pcre2_compile_context_create(nullptr);
};

// Python's \Z is the very end; PCRE2 writes that \z.
std::string with_python_end(std::string pattern) {
    for (std::size_t i = 0; i + 1 < pattern.size(); ++i) {
        if (pattern[i] != '\\') continue;
        ++i;
        if (pattern[i] == 'Z') pattern[i] = 'z';
    }
    return pattern;
}

PCRE2_SPTR bytes_of(std::string_view text) {
    return reinterpret_cast<PCRE2_SPTR>(text.data());
}

}  // namespace

// A pattern that needs absurdly many steps on a topic counts as not found, rather than holding everything up.
struct Regex::Code {
    static constexpr std::uint32_t kMatchLimit = 1'000'000;

    explicit Code(pcre2_code* compiled)
        : code(compiled), match(pcre2_match_data_create_from_pattern(compiled, nullptr)) {
        pcre2_set_match_limit(context, kMatchLimit);
    }
    ~Code() {
        pcre2_match_context_free(context);
        pcre2_match_data_free(match);
        pcre2_code_free(code);
    }
    Code(const Code&) = delete;
    Code& operator=(const Code&) = delete;

    pcre2_code* const code;
    pcre2_match_data* const match;
    pcre2_match_context* const context = pcre2_match_context_create(nullptr);
};

Result<Regex> Regex::compile(const std::string& pattern) {
    int error = 0;
    PCRE2_SIZE position = 0;
    const CompileContext context;
    const std::string translated = with_python_end(pattern);
    auto* compiled =
        pcre2_compile(bytes_of(translated), translated.size(), PCRE2_UTF | PCRE2_UCP, &error, &position, context.get());
    if (compiled == nullptr)
        return failure(
            fmt::format("regular expression \"{}\": {} (at character {})", pattern, message_of(error), position + 1));
    return Regex(std::make_shared<const Code>(compiled));
}

bool Regex::is_found_in(std::string_view text) const {
    return pcre2_match(code_->code, bytes_of(text), text.size(), 0, 0, code_->match, code_->context) >= 0;
}

std::vector<std::string> Regex::groups_of(std::string_view text) const {
    const int count =
        pcre2_match(code_->code, bytes_of(text), text.size(), 0, PCRE2_ANCHORED, code_->match, code_->context);
    std::vector<std::string> groups;
    const PCRE2_SIZE* bounds = pcre2_get_ovector_pointer(code_->match);
    for (int i = 0; i < count; ++i) {
        const bool is_set = bounds[2 * i] != PCRE2_UNSET;
        groups.emplace_back(is_set ? text.substr(bounds[2 * i], bounds[2 * i + 1] - bounds[2 * i])
                                   : std::string_view());
    }
    return groups;
}

}  // namespace fedmsg::tools
