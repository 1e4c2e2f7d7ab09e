#include "twitterbot/text/text.hpp"

#include <unicode/brkiter.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <memory>
#include <stdexcept>

namespace twitterbot {

namespace {

constexpr char kEllipsis[] = "\u2026";

void expect_ok(UErrorCode code, const char* what) {
    if (U_FAILURE(code)) throw std::runtime_error(std::string(what) + ": " + u_errorName(code));
}

icu::UnicodeString from_utf8(std::string_view text) {
    return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

std::string to_utf8(const icu::UnicodeString& text) {
    std::string out;
    return text.toUTF8String(out);
}

icu::UnicodeString normalized(const icu::UnicodeString& text) {
    UErrorCode code = U_ZERO_ERROR;
    const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(code);
    expect_ok(code, "NFC");
    icu::UnicodeString out = nfc->normalize(text, code);
    expect_ok(code, "NFC");
    return out;
}

// Blanks, line and paragraph separators, control characters.
bool is_space(UChar32 point) {
    return u_isUWhiteSpace(point) || u_charType(point) == U_CONTROL_CHAR;
}

bool turns_direction(UChar32 point) {
    return (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069) || point == 0x200E ||
           point == 0x200F || point == 0x061C;
}

bool is_word_character(UChar32 point) {
    return u_isalnum(point) || point == '_';
}

// One part of a text that is counted as a whole, and never cut.
struct Unit {
    std::int32_t begin = 0;  // UTF-16 positions
    std::int32_t end = 0;
    std::size_t weight = 0;
    bool is_blank = false;
    bool is_url = false;
};

std::size_t weight_of(UChar32 point) {
    const bool is_light = point <= 4351 || (point >= 8192 && point <= 8205) || (point >= 8208 && point <= 8223) ||
                          (point >= 8242 && point <= 8247);
    return is_light ? 1 : 2;
}

bool is_emoji(const icu::UnicodeString& text, std::int32_t begin, std::int32_t end) {
    const UChar32 first = text.char32At(begin);
    if (u_hasBinaryProperty(first, UCHAR_EMOJI_PRESENTATION)) return true;
    if (!u_hasBinaryProperty(first, UCHAR_EMOJI)) return false;
    for (std::int32_t at = text.moveIndex32(begin, 1); at < end; at = text.moveIndex32(at, 1)) {
        const UChar32 point = text.char32At(at);
        if (point == 0xFE0F || point == 0x20E3 || u_hasBinaryProperty(point, UCHAR_EMOJI_MODIFIER)) return true;
    }
    return false;
}

std::size_t weight_of(const icu::UnicodeString& text, std::int32_t begin, std::int32_t end) {
    if (is_emoji(text, begin, end)) return 2;
    std::size_t weight = 0;
    for (std::int32_t at = begin; at < end; at = text.moveIndex32(at, 1)) weight += weight_of(text.char32At(at));
    return weight;
}

bool has_at(const icu::UnicodeString& text, std::int32_t at, const char* what) {
    const icu::UnicodeString wanted(what, -1, US_INV);
    return text.caseCompare(at, wanted.length(), wanted, U_FOLD_CASE_DEFAULT) == 0;
}

// Closing brackets and full stops behind a URL belong to the sentence.
bool ends_a_sentence(UChar32 point) {
    return icu::UnicodeString(".,;:!?'\")]}>", -1, US_INV).indexOf(point) >= 0;
}

// Where the URL that begins here ends, or `at` if none does.
std::int32_t end_of_url(const icu::UnicodeString& text, std::int32_t at) {
    const std::int32_t scheme = has_at(text, at, "https://") ? 8 : has_at(text, at, "http://") ? 7 : 0;
    if (scheme == 0 || (at > 0 && is_word_character(text.char32At(text.moveIndex32(at, -1))))) return at;
    std::int32_t end = at + scheme;
    while (end < text.length() && !is_space(text.char32At(end))) end = text.moveIndex32(end, 1);
    while (end > at + scheme && ends_a_sentence(text.char32At(text.moveIndex32(end, -1))))
        end = text.moveIndex32(end, -1);
    return end > at + scheme ? end : at;
}

std::vector<Unit> units_of(const icu::UnicodeString& text, const LengthRule& rule) {
    UErrorCode code = U_ZERO_ERROR;
    const std::unique_ptr<icu::BreakIterator> breaks(
        icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), code));
    expect_ok(code, "grapheme clusters");
    breaks->setText(text);
    std::vector<Unit> units;
    for (std::int32_t at = 0; at < text.length(); at = units.back().end) {
        if (const std::int32_t end = end_of_url(text, at); end > at) {
            units.push_back({at, end, rule.url, false, true});
            continue;
        }
        const std::int32_t end = breaks->following(at);
        const bool is_weighted = rule.unit == LengthRule::Unit::weighted;
        const std::size_t weight = is_weighted ? weight_of(text, at, end) : 1;
        units.push_back({at, end, weight, is_space(text.char32At(at)), false});
    }
    return units;
}

std::size_t sum(const std::vector<Unit>& units) {
    std::size_t weight = 0;
    for (const Unit& unit : units) weight += unit.weight;
    return weight;
}

// How many units fit into `room`, ending before a blank if that can be.
std::size_t kept(const std::vector<Unit>& units, std::size_t room) {
    std::size_t weight = 0;
    std::size_t hard = 0;
    std::size_t soft = 0;
    for (std::size_t at = 0; at < units.size() && weight + units[at].weight <= room; ++at) {
        weight += units[at].weight;
        hard = at + 1;
        const bool is_border = at + 1 < units.size() && units[at + 1].is_blank && !units[at].is_blank;
        if (is_border) soft = hard;
    }
    return soft > 0 ? soft : hard;
}

std::string_view trimmed_end(std::string_view text) {
    const auto last = text.find_last_not_of(' ');
    return last == std::string_view::npos ? std::string_view() : text.substr(0, last + 1);
}

std::string_view trimmed_begin(std::string_view text) {
    const auto first = text.find_first_not_of(' ');
    return first == std::string_view::npos ? std::string_view() : text.substr(first);
}

// Like clean, but one blank stays where the text began or ended with one: it divides from the link.
std::string cleaned_side(std::string_view text) {
    const std::string marked = clean("|" + std::string(text) + "|");
    return marked.substr(1, marked.size() - 2);
}

std::string joined(std::string_view head, std::string_view link, std::string_view tail) {
    const std::string text = std::string(head).append(link).append(tail);
    return std::string(trimmed_begin(trimmed_end(text)));
}

// "head " with its end cut, the blank before the link kept.
std::string cut_side(const std::string& head, std::size_t most, const LengthRule& rule) {
    const bool has_gap = !head.empty() && head.back() == ' ';
    if (most < 1 + (has_gap ? 1 : 0)) return {};
    std::string core = cut(trimmed_end(head), most - (has_gap ? 1 : 0), rule);
    return core.empty() || !has_gap ? core : core + " ";
}

}  // namespace

std::string clean(std::string_view text) {
    const icu::UnicodeString in = normalized(from_utf8(text));
    icu::UnicodeString out;
    bool is_blank_due = false;
    for (std::int32_t at = 0; at < in.length(); at = in.moveIndex32(at, 1)) {
        const UChar32 point = in.char32At(at);
        if (turns_direction(point)) continue;
        if (is_space(point)) {
            is_blank_due = !out.isEmpty();
            continue;
        }
        if (is_blank_due) out.append(u' ');
        is_blank_due = false;
        out.append(point);
    }
    return to_utf8(out);
}

std::string without_mentions(std::string_view text) {
    static constexpr UChar32 kWideAt = 0xFF20;
    const icu::UnicodeString in = from_utf8(text);
    icu::UnicodeString out;
    UChar32 before = ' ';
    for (std::int32_t at = 0; at < in.length(); at = in.moveIndex32(at, 1)) {
        const UChar32 point = in.char32At(at);
        const std::int32_t next = in.moveIndex32(at, 1);
        const bool is_at = point == '@' || point == kWideAt;
        const UChar32 after = next < in.length() ? in.char32At(next) : ' ';
        const bool is_mention =
            is_at && !is_word_character(before) && (is_word_character(after) || after == '@' || after == kWideAt);
        if (!is_mention) out.append(point);
        before = is_mention ? ' ' : point;
    }
    return to_utf8(out);
}

std::size_t length_of(std::string_view text, const LengthRule& rule) {
    return sum(units_of(normalized(from_utf8(text)), rule));
}

std::string cut(std::string_view text, std::size_t most, const LengthRule& rule) {
    const icu::UnicodeString whole = normalized(from_utf8(text));
    const std::vector<Unit> units = units_of(whole, rule);
    if (sum(units) <= most) return to_utf8(whole);
    const std::size_t ellipsis = length_of(kEllipsis, rule);
    if (most < ellipsis) return {};
    const std::size_t count = kept(units, most - ellipsis);
    const std::int32_t end = count > 0 ? units[count - 1].end : 0;
    if (end == 0) return {};
    return std::string(trimmed_end(to_utf8(whole.tempSubString(0, end)))) + kEllipsis;
}

std::string Draft::whole() const {
    std::string text = joined(cleaned_side(head), link, cleaned_side(tail));
    for (const std::string& tag : hashtags) text += " #" + tag;
    return text;
}

std::string fit(const Draft& draft, const LengthRule& rule, std::size_t spare) {
    const std::size_t most = rule.limit > spare ? rule.limit - spare : 0;
    std::string head = cleaned_side(draft.head);
    std::string tail = cleaned_side(draft.tail);
    const auto text = [&] { return joined(head, draft.link, tail); };
    if (length_of(text(), rule) > most) {
        const std::size_t rest = length_of(joined(head, draft.link, {}), rule);
        const bool has_gap = !tail.empty() && tail.front() == ' ';
        const std::size_t room = rest + 1 < most ? most - rest - 1 : 0;
        const std::string core = cut(trimmed_begin(tail), room, rule);
        tail = core.empty() ? core : (has_gap ? " " : "") + core;
    }
    if (length_of(text(), rule) > most) {
        const std::size_t link = length_of(draft.link, rule);
        head = cut_side(head, most > link ? most - link : 0, rule);
    }
    std::string out = text();
    for (const std::string& tag : draft.hashtags)
        if (const std::string longer = out + " #" + tag; length_of(longer, rule) <= most) out = longer;
    return out;
}

std::string with_urls_as(std::string_view text, std::string_view mark) {
    const icu::UnicodeString whole = normalized(from_utf8(text));
    std::string out;
    for (const Unit& unit : units_of(whole, LengthRule::x()))
        out += unit.is_url ? std::string(mark) : to_utf8(whole.tempSubStringBetween(unit.begin, unit.end));
    return out;
}

}  // namespace twitterbot
