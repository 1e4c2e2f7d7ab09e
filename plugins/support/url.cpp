#include "support/url.hpp"

#include <curl/curl.h>

#include <memory>
#include <stdexcept>

namespace fedmsg_plugins {

namespace {

bool is_unreserved(char character) {
    const bool is_letter = (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z');
    const bool is_digit = character >= '0' && character <= '9';
    return is_letter || is_digit || std::string_view("-._~").find(character) != std::string_view::npos;
}

// -1 if it is no hexadecimal digit.
int digit_of(char character) {
    if (character >= '0' && character <= '9') return character - '0';
    if (character >= 'A' && character <= 'F') return character - 'A' + 10;
    if (character >= 'a' && character <= 'f') return character - 'a' + 10;
    return -1;
}

std::string decode_form_text(std::string_view text) {
    std::string blanks(text);
    for (char& character : blanks)
        if (character == '+') character = ' ';
    return percent_decode(blanks);
}

Parameter decode_pair(std::string_view pair) {
    const auto equals = pair.find('=');
    const auto value = equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
    return {decode_form_text(pair.substr(0, equals)), decode_form_text(value)};
}

struct CurlUrlDeleter {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using CurlUrl = std::unique_ptr<CURLU, CurlUrlDeleter>;

std::string part(CURLU* url, CURLUPart what) {
    char* text = nullptr;
    if (curl_url_get(url, what, &text, 0) != CURLUE_OK) return {};
    const std::unique_ptr<char, decltype(&curl_free)> owner(text, &curl_free);
    return text;
}

std::string lowered(std::string text) {
    for (char& character : text)
        if (character >= 'A' && character <= 'Z') character = static_cast<char>(character - 'A' + 'a');
    return text;
}

bool is_default_port(const Url& url) {
    return (url.scheme == "http" && url.port == "80") || (url.scheme == "https" && url.port == "443");
}

[[noreturn]] void refuse(std::string_view text, const std::string& why) {
    throw std::invalid_argument("\"" + readable_url(text) + "\" is no URL that can be used: " + why);
}

}  // namespace

std::string percent_encode(std::string_view text) {
    static constexpr char kDigits[] = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    for (const char character : text) {
        if (is_unreserved(character)) {
            out.push_back(character);
            continue;
        }
        const auto byte = static_cast<unsigned char>(character);
        out.append({'%', kDigits[byte >> 4], kDigits[byte & 0xF]});
    }
    return out;
}

std::string percent_decode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool is_escape = text[at] == '%' && at + 2 < text.size();
        const int high = is_escape ? digit_of(text[at + 1]) : -1;
        const int low = is_escape ? digit_of(text[at + 2]) : -1;
        if (high < 0 || low < 0) {
            out.push_back(text[at]);
            continue;
        }
        out.push_back(static_cast<char>(high * 16 + low));
        at += 2;
    }
    return out;
}

std::string form_encode(const Parameters& parameters) {
    std::string out;
    for (const auto& [name, value] : parameters)
        out.append(out.empty() ? "" : "&").append(percent_encode(name)).append("=").append(percent_encode(value));
    return out;
}

Parameters form_decode(std::string_view text) {
    Parameters out;
    while (!text.empty()) {
        const auto end = text.find('&');
        if (end != 0) out.push_back(decode_pair(text.substr(0, end)));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return out;
}

std::string Url::origin() const {
    return scheme + "://" + host + (port.empty() ? "" : ":" + port);
}

Url parse_url(std::string_view text) {
    if (text.find('\0') != std::string_view::npos) refuse(text, "it contains a NUL");
    const CurlUrl url(curl_url());
    if (!url) throw std::bad_alloc();
    const CURLUcode code = curl_url_set(url.get(), CURLUPART_URL, std::string(text).c_str(), CURLU_NON_SUPPORT_SCHEME);
    if (code != CURLUE_OK) refuse(text, curl_url_strerror(code));
    if (!part(url.get(), CURLUPART_USER).empty() || !part(url.get(), CURLUPART_PASSWORD).empty())
        refuse(text, "it holds a user name or password; put them into a credentials file");
    Url out{lowered(part(url.get(), CURLUPART_SCHEME)), lowered(part(url.get(), CURLUPART_HOST)),
            part(url.get(), CURLUPART_PORT), part(url.get(), CURLUPART_PATH), part(url.get(), CURLUPART_QUERY)};
    if (out.host.empty()) refuse(text, "it names no host");
    if (out.path.empty()) out.path = "/";
    if (is_default_port(out)) out.port.clear();
    return out;
}

std::string readable_url(std::string_view text) {
    text = text.substr(0, text.find_first_of("?#"));
    const auto scheme = text.find("://");
    const auto host = scheme == std::string_view::npos ? 0 : scheme + 3;
    const auto path = text.find('/', host);
    const auto at = text.substr(0, path).rfind('@');
    if (at == std::string_view::npos || at < host) return std::string(text);
    return std::string(text.substr(0, host)).append(text.substr(at + 1));
}

std::string join_url(std::string_view base, std::string_view path) {
    while (!base.empty() && base.back() == '/') base.remove_suffix(1);
    while (!path.empty() && path.front() == '/') path.remove_prefix(1);
    return std::string(base).append("/").append(path);
}

}  // namespace fedmsg_plugins
