#include "twitterbot/service/picture.hpp"

#include <algorithm>
#include <numeric>

namespace twitterbot {

namespace {

constexpr std::size_t kLargest = 5'000'000;    // bytes of one picture
constexpr std::size_t kMostKept = 20'000'000;  // bytes of all
constexpr std::size_t kMostEntries = 64;
constexpr double kDay = 24 * 3600;
constexpr double kBadFor = 600;

}  // namespace

std::optional<std::string> picture_type(std::string_view bytes) {
    using namespace std::string_view_literals;
    if (bytes.substr(0, 8) == "\x89PNG\r\n\x1a\n"sv) return "image/png";
    if (bytes.substr(0, 3) == "\xff\xd8\xff"sv) return "image/jpeg";
    if (bytes.substr(0, 6) == "GIF87a"sv || bytes.substr(0, 6) == "GIF89a"sv) return "image/gif";
    if (bytes.substr(0, 4) == "RIFF"sv && bytes.size() >= 12 && bytes.substr(8, 4) == "WEBP"sv) return "image/webp";
    return std::nullopt;
}

PictureCache::Result PictureCache::get(const std::string& url, double now) {
    const auto is_fresh = [&](const Entry& entry) {
        return entry.url == url && now - entry.time < (entry.result.problem.empty() ? kDay : kBadFor);
    };
    const auto found = std::find_if(entries_.begin(), entries_.end(), is_fresh);
    if (found != entries_.end()) {
        entries_.splice(entries_.begin(), entries_, found);
        return entries_.front().result;
    }
    entries_.remove_if([&url](const Entry& entry) { return entry.url == url; });
    const Result result = fetched(url);
    if (!result.is_cancelled) keep({url, result, now});
    return result;
}

PictureCache::Result PictureCache::fetched(const std::string& url) const {
    fedmsg_plugins::HttpRequest request;
    request.url = url;
    request.redirects = 3;
    request.connect_limit = std::chrono::seconds(5);
    request.time_limit = std::chrono::seconds(10);
    request.size_limit = kLargest;
    fedmsg_plugins::HttpResponse response = send_(request);
    const bool is_cancelled = response.problem == fedmsg_plugins::HttpProblem::cancelled;
    if (!response.is_success()) return {{}, {}, response.describe(), is_cancelled};
    const auto type = picture_type(response.body);
    if (!type) return {{}, {}, "it is no PNG, JPEG, GIF or WebP", false};
    return {std::move(response.body), *type, {}, false};
}

void PictureCache::keep(Entry entry) {
    entries_.push_front(std::move(entry));
    const auto size = [this] {
        return std::accumulate(entries_.begin(), entries_.end(), std::size_t{0},
                               [](std::size_t sum, const Entry& one) { return sum + one.result.bytes.size(); });
    };
    while (entries_.size() > kMostEntries || (entries_.size() > 1 && size() > kMostKept)) entries_.pop_back();
}

}  // namespace twitterbot
