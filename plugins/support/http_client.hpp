// HTTP for plugins, on libcurl: one request at a time, bounded in time and size, and always with an answer to the
// question that matters to those who act outward: can the server have got the request?
//
//     HttpClient client({.user_agent = "fedmsg-hub badges/0.1"});
//     HttpRequest request{.url = "https://history.example.org/raw?rows_per_page=100"};
//     const HttpResponse response = client.send(request);
//     if (!response.is_success()) ... response.describe() ...
//
// Nothing is thrown for what networks and servers do: see HttpFate. One thread at a time per client. A request is never
// repeated by the client itself; only GET and HEAD use an open connection again, because libcurl repeats a request
// whose old connection turns out to be closed. Proxies of the environment are not used. HTTP/1.1.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fedmsg_plugins {

// What is known of a request afterwards.
enum class HttpFate {
    answered,   // status, headers and body are there
    not_sent,   // no byte of it left: bad URL, name not found, connection refused, TLS, forbidden address, cancelled
                // early
    ambiguous,  // it was sent, perhaps in part, and the answer is missing or cut off: the server may have acted
};

enum class HttpProblem {
    none,
    bad_url,            // or a scheme that is not allowed
    unresolved,         // no such name, or no answer from the name servers
    unreachable,        // connection refused, no route
    forbidden_address,  // private, and allow_private_addresses is off
    tls,                // certificate or handshake
    timed_out,
    connection_lost,
    too_large,  // the answer, above size_limit
    too_many_redirects,
    cancelled,
    other,
};

// A part of a multipart/form-data body.
struct HttpPart {
    std::string name;
    std::string content;
    std::string file_name{};     // empty: none, so it is a plain field
    std::string content_type{};  // empty: libcurl's choice
};

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
    std::string method = "GET";
    std::string url{};
    HttpHeaders headers{};
    std::string body{};             // sent if it is not empty, or with POST, PUT and PATCH; set Content-Type yourself
    std::vector<HttpPart> parts{};  // in place of body
    std::chrono::milliseconds connect_limit{10'000};
    std::chrono::milliseconds time_limit{30'000};   // for the whole, name look-up to last byte
    std::size_t size_limit = std::size_t{1} << 20;  // bytes of the answer's body
    int redirects = 0;                              // how many are followed; each is checked like the first URL
};

struct HttpResponse {
    HttpFate fate = HttpFate::not_sent;
    HttpProblem problem = HttpProblem::none;
    int status = 0;       // 0 if no status line came; may be set with HttpFate::ambiguous
    HttpHeaders headers;  // names in lower case; of the last answer, if redirects were followed
    std::string body;
    std::string final_url;  // where redirects led; without user name and query
    std::string error;      // for people, empty if answered; holds neither headers nor queries

    bool is_answered() const { return fate == HttpFate::answered; }
    bool is_success() const { return is_answered() && status >= 200 && status < 300; }
    // The first one of that name (in lower case).
    std::optional<std::string_view> header(std::string_view name) const;
    // "HTTP status 404", or the error.
    std::string describe() const;
};

struct HttpOptions {
    std::string user_agent = "fedmsg-hub";
    std::string ca_file{};                // PEM; empty: the system's
    bool allow_private_addresses = true;  // false for URLs that come from messages
    bool allow_plain_http = true;         // false: https only
    // Asked about every 50 ms during a request; true ends it.
    std::function<bool()> is_cancelled{};
};

class HttpClient {
public:
    explicit HttpClient(HttpOptions options = {});
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;
    ~HttpClient();

    // Throws std::bad_alloc, and std::runtime_error if libcurl cannot be set up; both before anything is sent.
    HttpResponse send(const HttpRequest& request);

private:
    struct Handles;

    HttpOptions options_;
    std::unique_ptr<Handles> handles_;
};

// "Basic dXNlcjpwYXNz" for an Authorization header.
std::string basic_authorization(std::string_view user, std::string_view password);

// Seconds that a Retry-After header asks for: a number, or a date compared with `now`. Nothing if there is none that
// can be read; never negative.
std::optional<std::chrono::seconds> retry_after(const HttpResponse& response,
                                                std::chrono::system_clock::time_point now);

}  // namespace fedmsg_plugins
