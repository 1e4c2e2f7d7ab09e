// URLs: taking them apart, putting them together, percent-encoding. Pure functions, any thread.
//
// Encoding is that of RFC 3986 (and so of OAuth 1.0a): all but A-Z a-z 0-9 - . _ ~ becomes %XX in upper case.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fedmsg_plugins {

using Parameter = std::pair<std::string, std::string>;  // name and value, not encoded
using Parameters = std::vector<Parameter>;

std::string percent_encode(std::string_view text);
// %XX to bytes; a + stays a +, a broken sequence stays as it is.
std::string percent_decode(std::string_view text);
// name=value&name=value, both encoded; for query strings and form bodies.
std::string form_encode(const Parameters& parameters);
// The other way round, reading + as a blank, as forms do.
Parameters form_decode(std::string_view text);

struct Url {
    std::string scheme;  // lower case
    std::string host;    // lower case; an IPv6 address stands in brackets
    std::string port;    // empty if none is written or it is the scheme's own
    std::string path;    // begins with /, still encoded
    std::string query;   // without ?, still encoded

    bool is_http() const { return scheme == "http" || scheme == "https"; }
    // scheme://host[:port]
    std::string origin() const;
    // scheme://host[:port]/path: what may stand in a log. Queries may hold secrets.
    std::string without_query() const { return origin() + path; }
};

// Throws std::invalid_argument that names the text (without user name, password and query) and what is wrong. User
// names and passwords in URLs are refused: secrets belong into files.
Url parse_url(std::string_view text);

// The text as it may stand in a log, whatever it is: user name, password, query and fragment cut off.
std::string readable_url(std::string_view text);

// A base such as https://example.org/api/ and a path such as /v2/tweets, with one slash between them.
std::string join_url(std::string_view base, std::string_view path);

}  // namespace fedmsg_plugins
