// Clocks and figures that the measuring programs share.
#pragma once

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <vector>

namespace fedmsg::bench {

inline std::int64_t steady_ns() {
    return std::chrono::steady_clock::now().time_since_epoch().count();
}

// CPU time that this process has used, all threads, in seconds.
inline double cpu_seconds() {
    struct rusage usage {};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// The value below which this part of the values lies; sorts them.
inline double percentile(std::vector<double>& values, double part) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1, static_cast<std::size_t>(part * static_cast<double>(values.size())))];
}

// A body carries the moment of sending (steady clock, ns) in a field of fixed width, so that it can be set in place.
inline constexpr char kSentKey[] = "\"sent_ns\":1";  // followed by 18 digits

inline std::int64_t sent_ns(const char* body, std::size_t size) {
    const char* end = body + size;
    const char* at = std::search(body, end, kSentKey, kSentKey + sizeof kSentKey - 1);
    if (at == end) return 0;
    std::int64_t value = 0;
    for (at += sizeof kSentKey - 1; at < end && *at >= '0' && *at <= '9'; ++at) value = value * 10 + (*at - '0');
    return value;
}

}  // namespace fedmsg::bench
