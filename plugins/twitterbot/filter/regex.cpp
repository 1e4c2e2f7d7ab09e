#define PCRE2_CODE_UNIT_WIDTH 8
#include "twitterbot/filter/regex.hpp"

#include <pcre2.h>

#include <array>
#include <new>
#include <stdexcept>

namespace twitterbot {

namespace {

constexpr std::uint32_t kMostSteps = 100'000;

struct ContextDeleter {
    void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
};
struct DataDeleter {
    void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};

PCRE2_SPTR units(std::string_view text) {
    return reinterpret_cast<PCRE2_SPTR>(text.data());
}

}  // namespace

struct Regex::Code {
    explicit Code(pcre2_code* compiled) : code(compiled) {}
    Code(const Code&) = delete;
    Code& operator=(const Code&) = delete;
    ~Code() { pcre2_code_free(code); }

    pcre2_code* code;
};

Regex::Regex(const std::string& pattern) : pattern_(pattern) {
    int error = 0;
    std::size_t offset = 0;
    pcre2_code* code =
        pcre2_compile(units(pattern), pattern.size(), PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C, &error, &offset, nullptr);
    if (code == nullptr) {
        std::array<PCRE2_UCHAR, 256> text{};
        pcre2_get_error_message(error, text.data(), text.size());
        throw std::invalid_argument("the regular expression \"" + pattern + "\" is wrong at character " +
                                    std::to_string(offset + 1) + ": " + reinterpret_cast<const char*>(text.data()));
    }
    code_ = std::make_shared<const Code>(code);
}

bool Regex::is_in(std::string_view text) const {
    const std::unique_ptr<pcre2_match_context, ContextDeleter> context(pcre2_match_context_create(nullptr));
    const std::unique_ptr<pcre2_match_data, DataDeleter> data(
        pcre2_match_data_create_from_pattern(code_->code, nullptr));
    if (!context || !data) throw std::bad_alloc();
    pcre2_set_match_limit(context.get(), kMostSteps);
    return pcre2_match(code_->code, units(text), text.size(), 0, 0, data.get(), context.get()) >= 0;
}

}  // namespace twitterbot
