#include "support/http_client.hpp"

#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <new>
#include <stdexcept>

#include "support/address_filter.hpp"
#include "support/url.hpp"

namespace fedmsg_plugins {

namespace {

constexpr int kPollMs = 50;

struct EasyDeleter {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct MultiDeleter {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
struct ListDeleter {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct MimeDeleter {
    void operator()(curl_mime* mime) const { curl_mime_free(mime); }
};
using Easy = std::unique_ptr<CURL, EasyDeleter>;
using Multi = std::unique_ptr<CURLM, MultiDeleter>;
using List = std::unique_ptr<curl_slist, ListDeleter>;
using Mime = std::unique_ptr<curl_mime, MimeDeleter>;

// libcurl counts these; it is never cleaned up, since other libraries in the process may use it.
void initialise_curl() {
    static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (code != CURLE_OK) throw std::runtime_error(std::string("libcurl cannot be used: ") + curl_easy_strerror(code));
}

template <class Value>
void set(CURL* easy, CURLoption option, Value value) {
    const CURLcode code = curl_easy_setopt(easy, option, value);
    if (code == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
    if (code != CURLE_OK)
        throw std::runtime_error("libcurl refuses option " + std::to_string(option) + ": " + curl_easy_strerror(code));
}

void expect_ok(CURLcode code) {
    if (code != CURLE_OK) throw std::runtime_error(std::string("libcurl: ") + curl_easy_strerror(code));
}

std::string lowered(std::string_view text) {
    std::string out(text);
    for (char& character : out)
        if (character >= 'A' && character <= 'Z') character = static_cast<char>(character - 'A' + 'a');
    return out;
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

bool is_header_safe(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

HttpProblem problem_of(CURLcode code) {
    switch (code) {
        case CURLE_URL_MALFORMAT:
        case CURLE_UNSUPPORTED_PROTOCOL:
            return HttpProblem::bad_url;
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_RESOLVE_PROXY:
            return HttpProblem::unresolved;
        case CURLE_COULDNT_CONNECT:
            return HttpProblem::unreachable;
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_CIPHER:
        case CURLE_SSL_ISSUER_ERROR:
            return HttpProblem::tls;
        case CURLE_OPERATION_TIMEDOUT:
            return HttpProblem::timed_out;
        case CURLE_SEND_ERROR:
        case CURLE_RECV_ERROR:
        case CURLE_GOT_NOTHING:
        case CURLE_PARTIAL_FILE:
            return HttpProblem::connection_lost;
        case CURLE_TOO_MANY_REDIRECTS:
            return HttpProblem::too_many_redirects;
        default:
            return HttpProblem::other;
    }
}

// An easy handle that belongs to a multi handle as long as this lives.
class Added {
public:
    Added(CURLM* multi, CURL* easy) : multi_(multi), easy_(easy) {
        if (curl_multi_add_handle(multi, easy) != CURLM_OK) throw std::runtime_error("libcurl takes no transfer");
    }
    Added(const Added&) = delete;
    Added& operator=(const Added&) = delete;
    ~Added() { curl_multi_remove_handle(multi_, easy_); }

private:
    CURLM* multi_;
    CURL* easy_;
};

// One request under way: what libcurl's callbacks write into. Lives as long as the transfer.
class Transfer {
public:
    Transfer(const HttpOptions& options, const HttpRequest& request) : options_(options), request_(request) {}
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    HttpResponse run(CURLM* multi, CURL* easy) {
        if (!is_request_sound()) return std::move(response_);
        configure(easy);
        const Added added(multi, easy);
        const CURLcode code = drive(multi);
        look_at(easy);
        conclude(code);
        return std::move(response_);
    }

private:
    static Transfer& of(void* self) { return *static_cast<Transfer*>(self); }

    // What libcurl would take without a word.
    bool is_request_sound() {
        for (const auto& [name, value] : request_.headers)
            if (!is_header_safe(name) || !is_header_safe(value) || name.empty() || name.find(':') != std::string::npos)
                return refuse("a header has a line break or a NUL in it");
        if (request_.url.find('\0') != std::string::npos) return refuse("there is a NUL in the URL");
        return true;
    }
    bool refuse(const std::string& why) {
        response_.problem = HttpProblem::bad_url;
        response_.error = readable_url(request_.url) + ": " + why;
        return false;
    }

    void configure(CURL* easy) {
        curl_easy_reset(easy);
        set(easy, CURLOPT_URL, request_.url.c_str());
        set_method(easy);
        set_headers(easy);
        set_limits(easy);
        set_security(easy);
        set_callbacks(easy);
    }

    void set_method(CURL* easy) {
        const std::string& method = request_.method;
        const bool is_reading = method == "GET" || method == "HEAD";
        set(easy, CURLOPT_FRESH_CONNECT, is_reading ? 0L : 1L);
        set(easy, CURLOPT_FORBID_REUSE, is_reading ? 0L : 1L);
        if (!request_.parts.empty())
            set_parts(easy);
        else if (!request_.body.empty() || method == "POST" || method == "PUT" || method == "PATCH")
            set_body(easy);
        if (method == "HEAD")
            set(easy, CURLOPT_NOBODY, 1L);
        else
            set(easy, CURLOPT_CUSTOMREQUEST, method.c_str());
    }
    void set_body(CURL* easy) {
        set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
        set(easy, CURLOPT_POSTFIELDS, request_.body.data());
    }
    void set_parts(CURL* easy) {
        mime_.reset(curl_mime_init(easy));
        if (!mime_) throw std::bad_alloc();
        for (const HttpPart& part : request_.parts) {
            curl_mimepart* out = curl_mime_addpart(mime_.get());
            if (out == nullptr) throw std::bad_alloc();
            expect_ok(curl_mime_name(out, part.name.c_str()));
            expect_ok(curl_mime_data(out, part.content.data(), part.content.size()));
            if (!part.file_name.empty()) expect_ok(curl_mime_filename(out, part.file_name.c_str()));
            if (!part.content_type.empty()) expect_ok(curl_mime_type(out, part.content_type.c_str()));
        }
        set(easy, CURLOPT_MIMEPOST, mime_.get());
    }

    void set_headers(CURL* easy) {
        add_header("Expect:");  // or libcurl waits a second for a "100 Continue" before a long body
        bool has_type = !request_.parts.empty();
        for (const auto& [name, value] : request_.headers) {
            has_type = has_type || lowered(name) == "content-type";
            add_header(value.empty() ? name + ";" : name + ": " + value);
        }
        if (!has_type) add_header("Content-Type:");
        set(easy, CURLOPT_HTTPHEADER, headers_.get());
        set(easy, CURLOPT_USERAGENT, options_.user_agent.c_str());
    }
    void add_header(const std::string& line) {
        curl_slist* longer = curl_slist_append(headers_.get(), line.c_str());
        if (longer == nullptr) throw std::bad_alloc();
        static_cast<void>(headers_.release());  // `longer` begins with what it owned
        headers_.reset(longer);
    }

    void set_limits(CURL* easy) const {
        set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.connect_limit.count()));
        set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request_.time_limit.count()));
        set(easy, CURLOPT_FOLLOWLOCATION, request_.redirects > 0 ? 1L : 0L);
        set(easy, CURLOPT_MAXREDIRS, static_cast<long>(request_.redirects));
        set(easy, CURLOPT_NOSIGNAL, 1L);
        set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    }

    void set_security(CURL* easy) const {
        const char* protocols = options_.allow_plain_http ? "http,https" : "https";
        set(easy, CURLOPT_PROTOCOLS_STR, protocols);
        set(easy, CURLOPT_REDIR_PROTOCOLS_STR, protocols);
        set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
        set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
        set(easy, CURLOPT_PROXY, "");
        set(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
        if (!options_.ca_file.empty()) set(easy, CURLOPT_CAINFO, options_.ca_file.c_str());
    }

    void set_callbacks(CURL* easy) {
        set(easy, CURLOPT_ERRORBUFFER, error_.data());
        set(easy, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
        set(easy, CURLOPT_WRITEDATA, this);
        set(easy, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
        set(easy, CURLOPT_HEADERDATA, this);
        set(easy, CURLOPT_OPENSOCKETFUNCTION, &Transfer::on_socket);
        set(easy, CURLOPT_OPENSOCKETDATA, this);
    }

    static std::size_t on_body(char* data, std::size_t one, std::size_t count, void* self) noexcept {
        Transfer& transfer = of(self);
        try {
            const std::size_t size = one * count;
            if (size > transfer.request_.size_limit - transfer.response_.body.size()) {
                transfer.is_too_large_ = true;
                return 0;
            }
            transfer.response_.body.append(data, size);
            return size;
        } catch (...) {
            return 0;  // out of memory: the transfer ends with an error
        }
    }
    static std::size_t on_header(char* data, std::size_t one, std::size_t count, void* self) noexcept {
        try {
            of(self).take_header(std::string_view(data, one * count));
            return one * count;
        } catch (...) {
            return 0;
        }
    }
    void take_header(std::string_view line) {
        static constexpr std::size_t kMostHeaders = 200;
        if (line.rfind("HTTP/", 0) == 0) {  // a new answer: after a redirect, or after "100 Continue"
            response_.headers.clear();
            response_.body.clear();
            return;
        }
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || response_.headers.size() >= kMostHeaders) return;
        response_.headers.emplace_back(lowered(trimmed(line.substr(0, colon))), trimmed(line.substr(colon + 1)));
    }
    static curl_socket_t on_socket(void* self, curlsocktype, curl_sockaddr* address) noexcept {
        Transfer& transfer = of(self);
        if (!transfer.options_.allow_private_addresses && is_private_address(address->addr)) {
            transfer.is_forbidden_ = true;
            return CURL_SOCKET_BAD;
        }
        return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    }

    bool is_cancelled() { return options_.is_cancelled && options_.is_cancelled(); }

    // Runs the transfer to its end, or until it is cancelled.
    CURLcode drive(CURLM* multi) {
        while (true) {
            int running = 0;
            if (curl_multi_perform(multi, &running) != CURLM_OK) return CURLE_FAILED_INIT;
            if (running == 0) return result_of(multi);
            if ((is_cancelled_ = is_cancelled())) return CURLE_ABORTED_BY_CALLBACK;
            if (curl_multi_poll(multi, nullptr, 0, kPollMs, nullptr) != CURLM_OK) return CURLE_FAILED_INIT;
        }
    }
    static CURLcode result_of(CURLM* multi) {
        int left = 0;
        const CURLMsg* message = curl_multi_info_read(multi, &left);
        return message != nullptr && message->msg == CURLMSG_DONE ? message->data.result : CURLE_FAILED_INIT;
    }

    void look_at(CURL* easy) {
        long status = 0;
        long sent = 0;
        const char* url = nullptr;
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &sent);
        curl_easy_getinfo(easy, CURLINFO_EFFECTIVE_URL, &url);
        response_.status = static_cast<int>(status);
        response_.final_url = readable_url(url != nullptr ? url : request_.url);
        has_sent_ = sent > 0 || status != 0;
    }

    void conclude(CURLcode code) {
        if (code == CURLE_OK && response_.status != 0) {
            response_.fate = HttpFate::answered;
            return;
        }
        response_.fate = has_sent_ ? HttpFate::ambiguous : HttpFate::not_sent;
        response_.problem = is_cancelled_   ? HttpProblem::cancelled
                            : is_too_large_ ? HttpProblem::too_large
                            : is_forbidden_ ? HttpProblem::forbidden_address
                                            : problem_of(code);
        response_.error = readable_url(request_.url) + ": " + reason(code);
    }
    std::string reason(CURLcode code) const {
        if (is_cancelled_) return "given up, because the hub wants to stop";
        if (is_too_large_) return "the answer is larger than " + std::to_string(request_.size_limit) + " bytes";
        if (is_forbidden_) return "it leads to a private address, and those are not allowed";
        if (code == CURLE_TOO_MANY_REDIRECTS) return "more than " + std::to_string(request_.redirects) + " redirects";
        if (code == CURLE_OK) return "no answer";
        return error_.front() != '\0' ? error_.data() : curl_easy_strerror(code);
    }

    const HttpOptions& options_;
    const HttpRequest& request_;
    HttpResponse response_;
    List headers_;
    Mime mime_;
    std::array<char, CURL_ERROR_SIZE> error_{};
    bool is_cancelled_ = false;
    bool is_too_large_ = false;
    bool is_forbidden_ = false;
    bool has_sent_ = false;
};

}  // namespace

// The order matters: an easy handle goes before the multi handle that it was used in.
struct HttpClient::Handles {
    Multi multi{curl_multi_init()};
    Easy easy{curl_easy_init()};
};

HttpClient::HttpClient(HttpOptions options) : options_(std::move(options)) {
    initialise_curl();
    handles_ = std::make_unique<Handles>();
    if (!handles_->multi || !handles_->easy) throw std::bad_alloc();
}

HttpClient::~HttpClient() = default;

HttpResponse HttpClient::send(const HttpRequest& request) {
    return Transfer(options_, request).run(handles_->multi.get(), handles_->easy.get());
}

std::optional<std::string_view> HttpResponse::header(std::string_view name) const {
    const auto found =
        std::find_if(headers.begin(), headers.end(), [name](const auto& it) { return it.first == name; });
    return found != headers.end() ? std::optional<std::string_view>(found->second) : std::nullopt;
}

std::string HttpResponse::describe() const {
    return is_answered() ? "HTTP status " + std::to_string(status) : error;
}

std::string basic_authorization(std::string_view user, std::string_view password) {
    static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const std::string plain = std::string(user) + ":" + std::string(password);
    std::string out = "Basic ";
    for (std::size_t at = 0; at < plain.size(); at += 3) {
        std::uint32_t group = 0;
        const std::size_t size = std::min<std::size_t>(3, plain.size() - at);
        for (std::size_t byte = 0; byte < 3; ++byte)
            group = group << 8 | (byte < size ? static_cast<unsigned char>(plain[at + byte]) : 0u);
        for (std::size_t digit = 0; digit < 4; ++digit)
            out.push_back(digit <= size ? kDigits[(group >> (18 - 6 * digit)) & 0x3F] : '=');
    }
    return out;
}

std::optional<std::chrono::seconds> retry_after(const HttpResponse& response,
                                                std::chrono::system_clock::time_point now) {
    const auto header = response.header("retry-after");
    if (!header || header->empty()) return std::nullopt;
    long long seconds = 0;
    const char* end = header->data() + header->size();
    const auto number = std::from_chars(header->data(), end, seconds);
    if (number.ec == std::errc() && number.ptr == end) return std::chrono::seconds(std::max(seconds, 0LL));
    const time_t date = curl_getdate(std::string(*header).c_str(), nullptr);
    if (date < 0) return std::nullopt;
    const auto wait = std::chrono::system_clock::from_time_t(date) - now;
    return std::max(std::chrono::ceil<std::chrono::seconds>(wait), std::chrono::seconds(0));
}

}  // namespace fedmsg_plugins
