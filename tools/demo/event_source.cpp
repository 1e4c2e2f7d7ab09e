#include "tools/demo/event_source.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include "tools/demo/shapes.hpp"

namespace fedmsg::demo {
namespace {

constexpr std::string_view kUsers[] = {"amara",  "bjorn", "chiyo", "dariusz", "elif",  "farid", "gwen",  "hoang",
                                       "ingrid", "jomo",  "katya", "lucia",   "mateo", "nadia", "oskar", "priya"};
constexpr std::string_view kPackages[] = {"kernel",  "glibc",   "gcc",      "systemd", "python3", "perl",    "nodejs",
                                          "firefox", "openssl", "curl",     "httpd",   "nginx",   "mariadb", "zeromq",
                                          "boost",   "cmake",   "ninja",    "llvm",    "mesa",    "wayland", "emacs",
                                          "vim",     "git",     "rsync",    "tmux",    "zlib",    "xz",      "zstd",
                                          "octave",  "gimp",    "inkscape", "blender", "qemu",    "libvirt", "podman"};
constexpr std::string_view kArchitectures[] = {"x86_64", "aarch64", "ppc64le", "s390x", "noarch"};
// Some of them need escapes in JSON, or more than one byte.
constexpr std::string_view kWords[] = {"the",
                                       "update",
                                       "fixes",
                                       "a",
                                       "crash",
                                       "when",
                                       "starting",
                                       "without",
                                       "configuration",
                                       "file",
                                       "rebuild",
                                       "against",
                                       "new",
                                       "library",
                                       "version",
                                       "upstream",
                                       "release",
                                       "notes",
                                       "works",
                                       "for",
                                       "me",
                                       "on",
                                       "fresh",
                                       "install",
                                       "please",
                                       "test",
                                       "before",
                                       "it",
                                       "moves",
                                       "to",
                                       "stable",
                                       "disable",
                                       "flaky",
                                       "tests",
                                       "drop",
                                       "patch",
                                       "caf\u00e9",
                                       "\u6771\u4eac",
                                       "\\\"quoted\\\"",
                                       "line\\nbreak",
                                       "tab\\there",
                                       "\U0001F680",
                                       "translations",
                                       "documentation"};

// A text's length is log-normal: half are under 600 bytes, a few reach the limit.
constexpr double kMedianText = 600;
constexpr double kTextSpread = 0.9;
constexpr std::size_t kShortestText = 100, kLongestText = 4200;

}  // namespace

std::size_t EventSource::topic_count() {
    return std::size(kShapes);
}

int EventSource::number(int low, int high) {
    return std::uniform_int_distribution<int>(low, high)(random_);
}

std::string_view EventSource::pick(const std::string_view* words, std::size_t count) {
    return words[number(0, static_cast<int>(count) - 1)];
}

Event EventSource::next() {
    // One event in ten is a push to git, which the demo's second consumer waits for.
    const int last = static_cast<int>(std::size(kShapes)) - 1;
    const Shape& shape = kShapes[number(0, 9) == 0 ? 0 : number(0, last)];
    Event event{shape.topic, {}};
    for (std::size_t at = 0; at < shape.msg.size(); ++at) {
        if (shape.msg[at] == '$')
            append_placeholder(event.msg, shape.msg[++at]);
        else
            event.msg += shape.msg[at];
    }
    return event;
}

void EventSource::append_placeholder(std::string& out, char letter) {
    switch (letter) {
        case 'u':
            out += pick(kUsers, std::size(kUsers));
            break;
        case 'p':
            out += pick(kPackages, std::size(kPackages));
            break;
        case 'a':
            out += pick(kArchitectures, std::size(kArchitectures));
            break;
        case 'v':
            out += std::to_string(number(0, 9)) + "." + std::to_string(number(0, 40));
            break;
        case 'n':
            out += std::to_string(number(1, 99));
            break;
        case 'd':
            out += std::to_string(number(1'000'000'000, 1'900'000'000));
            break;
        case 'h':
            append_hex(out, 40);
            break;
        case 'b':
            out += number(0, 1) ? "true" : "false";
            break;
        case 's':
            append_words(out, 40);
            break;
        case 'L':
            append_packages(out);
            break;
        default: {
            std::lognormal_distribution<double> length(std::log(kMedianText), kTextSpread);
            append_words(out, std::clamp(static_cast<std::size_t>(length(random_)), kShortestText, kLongestText));
        }
    }
}

void EventSource::append_words(std::string& out, std::size_t length) {
    const std::size_t end = out.size() + length;
    out += pick(kWords, std::size(kWords));
    while (out.size() < end) {
        out += ' ';
        out += pick(kWords, std::size(kWords));
    }
}

void EventSource::append_packages(std::string& out) {
    const int count = number(1, 30);
    for (int i = 0; i < count; ++i) {
        out += i ? ",\"" : "[\"";
        out += pick(kPackages, std::size(kPackages));
        out += '"';
    }
    out += ']';
}

void EventSource::append_hex(std::string& out, int digits) {
    for (int i = 0; i < digits; ++i) out += "0123456789abcdef"[number(0, 15)];
}

}  // namespace fedmsg::demo
