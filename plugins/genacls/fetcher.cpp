#include "genacls/fetcher.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "genacls/files.hpp"
#include "support/http_client.hpp"

namespace genacls {
namespace {

using fedmsg_plugins::HttpClient;
using fedmsg_plugins::HttpRequest;
using fedmsg_plugins::HttpResponse;

// "Application/JSON; charset=utf-8" is "application/json".
std::string media_type(std::string_view header) {
    std::string type(header.substr(0, header.find(';')));
    while (!type.empty() && type.back() == ' ') type.pop_back();
    for (char& c : type)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return type;
}

class SystemFetcher : public Fetcher {
public:
    explicit SystemFetcher(FetcherOptions options)
        : authorization_(std::move(options.authorization)),
          client_({.user_agent = "fedmsg-hub genacls",
                   .ca_file = std::move(options.ca_file),
                   .is_cancelled = std::move(options.is_cancelled)}) {}

    Fetched get(const std::string& address) override {
        return is_web_address(address) ? from_web(address) : from_disk(path_of(address));
    }

private:
    Fetched from_web(const std::string& address) {
        HttpRequest request;
        request.url = address;
        request.time_limit = std::chrono::minutes(5);
        request.size_limit = kMostBytes;
        if (!authorization_.empty()) request.headers.emplace_back("Authorization", authorization_);
        HttpResponse response = client_.send(request);
        if (!response.is_success()) throw InputError(address + ": " + response.describe());
        const std::string type = media_type(response.header("content-type").value_or(""));
        return {std::move(response.body), type};
    }

    static Fetched from_disk(const std::string& path) {
        std::optional<std::string> text;
        try {
            text = read_file(path);
        } catch (const FileError& error) {
            throw InputError(error.what());
        }
        if (!text) throw InputError("there is no file " + path);
        return {std::move(*text), path.ends_with(".json") ? "application/json" : "text/plain"};
    }

    std::string authorization_;
    HttpClient client_;
};

}  // namespace

std::unique_ptr<Fetcher> make_fetcher(FetcherOptions options) {
    return std::make_unique<SystemFetcher>(std::move(options));
}

bool is_web_address(const std::string& address) {
    return address.starts_with("http://") || address.starts_with("https://");
}

std::string path_of(const std::string& address) {
    static constexpr std::string_view kScheme = "file://";
    return address.starts_with(kScheme) ? address.substr(kScheme.size()) : address;
}

std::string percent_encoded(const std::string& word) {
    static constexpr char kDigits[] = "0123456789ABCDEF";
    static constexpr std::string_view kPlain = "-._~";
    std::string out;
    for (const char c : word) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                              kPlain.find(c) != std::string_view::npos;
        if (is_plain)
            out.push_back(c);
        else
            out.append({'%', kDigits[byte >> 4], kDigits[byte & 15]});
    }
    return out;
}

}  // namespace genacls
