// The matcher against the plain reading of the rules: the first line is the pattern, the rest the topic.
#include <cstdlib>

#include "bus/base/utf8.hpp"
#include "bus/topics/matcher.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    using namespace fedmsg;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto end = text.find('\n');
    if (end == std::string_view::npos || size > 4000) return 0;
    const std::string pattern(text.substr(0, end));
    const auto topic = text.substr(end + 1);
    if (!topics::check_pattern(pattern, topics::Rule::glob) || !utf8::is_valid(topic)) return 0;
    const topics::Matcher matcher({{pattern, topics::Rule::glob, 0}});
    const bool matched = !matcher.match(topic).empty();
    if (matched != topics::matches(pattern, topics::Rule::glob, topic)) std::abort();
    if (matched && !topic.starts_with(topics::subscription_prefix(pattern, topics::Rule::glob))) std::abort();
    return 0;
}
