#include "tests/bench/corpus.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "bus/json/writer.hpp"

namespace fedmsg::bench {
namespace {

using json::Pool;
using json::Value;

constexpr std::array<std::string_view, 48> kWords{
    "after",   "array",   "backport", "branch", "broken",  "builds",   "changed",  "cleanup", "compiler", "crash",
    "default", "docs",    "drop",     "edge",   "enable",  "error",    "expected", "fails",   "fallback", "first",
    "handle",  "header",  "install",  "kernel", "license", "locale",   "memory",   "missing", "newer",    "option",
    "parser",  "patch",   "queue",    "race",   "rebuild", "remove",   "require",  "reset",   "script",   "socket",
    "source",  "station", "symbol",   "tested", "update",  "upstream", "version",  "works"};
constexpr std::array<std::string_view, 24> kPackages{
    "aalib",   "bash",    "coreutils", "dbus-broker", "emacs",      "fontconfig", "gdb",    "harfbuzz",
    "iproute", "jansson", "krb5",      "libarchive",  "mercurial",  "nfs-utils",  "ostree", "python-aiohttp",
    "qemu",    "rpm",     "sqlite",    "tcl",         "util-linux", "vala",       "xz",     "zstd"};
constexpr std::array<std::string_view, 16> kUsers{"abel",  "bodil", "cyril", "dorit", "emeka", "farah",
                                                  "goran", "hanne", "ismet", "joao",  "kirsi", "lubos",
                                                  "mirza", "nadia", "olwen", "piotr"};
constexpr std::array<std::string_view, 5> kArches{"aarch64", "i686", "ppc64le", "s390x", "x86_64"};
constexpr std::array<std::string_view, 5> kStates{"OPEN", "CLOSED", "FAILED", "CANCELED", "FREE"};

// SplitMix64: small, and the same on every machine, which <random>'s distributions are not.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        std::uint64_t z = state_ += 0x9E3779B97F4A7C15ULL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31);
    }
    std::size_t below(std::size_t limit) { return next() % limit; }
    std::int64_t between(std::int64_t low, std::int64_t high) {
        return low + static_cast<std::int64_t>(below(static_cast<std::size_t>(high - low + 1)));
    }
    template <std::size_t N>
    std::string pick(const std::array<std::string_view, N>& values) {
        return std::string(values[below(N)]);
    }

private:
    std::uint64_t state_;
};

// Makes the payloads. Each shape takes the number of bytes that its variable part should have.
class Maker {
public:
    Maker(Random& random, Pool& pool) : random_(random), pool_(pool) {}

    Value build(std::size_t bytes) {
        Value msg = object();
        add(msg, "attribute", "state");
        add(msg, "build_id", random_.between(400000, 999999));
        add(msg, "epoch", Value());
        add(msg, "instance", "primary");
        add(msg, "name", random_.pick(kPackages));
        add(msg, "new", random_.between(0, 4));
        add(msg, "old", random_.between(0, 1));
        add(msg, "owner", random_.pick(kUsers));
        add(msg, "release", release());
        add(msg, "request", strings(bytes, [&] { return "git://pkgs.example.org/rpms/" + package_version(); }));
        add(msg, "task_id", random_.between(10000000, 99999999));
        return msg;
    }

    Value task(std::size_t bytes) {
        Value children(rapidjson::kArrayType);
        for (std::size_t size = 0; size < bytes; size += 110) children.PushBack(child(), pool_);
        Value info = object();
        add(info, "arch", "noarch");
        add(info, "children", std::move(children));
        add(info, "create_time", date());
        add(info, "host_id", random_.between(1, 200));
        add(info, "result", Value());
        add(info, "weight", static_cast<double>(random_.between(1, 40)) / 8);
        Value msg = object();
        add(msg, "attribute", "state");
        add(msg, "id", random_.between(10000000, 99999999));
        add(msg, "info", std::move(info));
        add(msg, "method", "build");
        add(msg, "new", random_.pick(kStates));
        add(msg, "old", random_.pick(kStates));
        add(msg, "owner", random_.pick(kUsers));
        add(msg, "srpm", package_version() + ".src.rpm");
        return msg;
    }

    Value commit(std::size_t bytes) {
        Value files = object();
        for (std::size_t size = 0; size < bytes / 2; size += 75) add_file(files);
        Value stats = object();
        add(stats, "files", std::move(files));
        Value commit = object();
        add(commit, "branch", "f" + std::to_string(random_.between(36, 42)));
        add(commit, "email", random_.pick(kUsers) + "@example.org");
        add(commit, "message", prose(bytes / 2));
        add(commit, "name", random_.pick(kUsers));
        add(commit, "rev", hex(40));
        add(commit, "seen", random_.below(2) == 0);
        add(commit, "stats", std::move(stats));
        add(commit, "summary", words(6));
        Value msg = object();
        add(msg, "agent", random_.pick(kUsers));
        add(msg, "commit", std::move(commit));
        return msg;
    }

    Value update(std::size_t bytes) {
        Value builds(rapidjson::kArrayType);
        for (auto left = random_.between(1, 4); left > 0; --left) builds.PushBack(build_of_update(), pool_);
        Value update = object();
        add(update, "alias", "EXAMPLE-2026-" + hex(10));
        add(update, "autokarma", true);
        add(update, "builds", std::move(builds));
        add(update, "critpath", random_.below(4) == 0);
        add(update, "date_submitted", date());
        add(update, "karma", random_.between(-2, 6));
        add(update, "notes", prose(bytes));
        add(update, "request", random_.below(3) == 0 ? Value() : json::make_text("testing", pool_));
        add(update, "stable_karma", std::int64_t{3});
        add(update, "type", "bugfix");
        Value msg = object();
        add(msg, "agent", random_.pick(kUsers));
        add(msg, "update", std::move(update));
        return msg;
    }

    Value edit(std::size_t bytes) {
        Value msg = object();
        add(msg, "diff_url", "https://wiki.example.org/index.php?diff=" + std::to_string(random_.between(1, 600000)));
        add(msg, "minor_edit", random_.below(2) == 0);
        add(msg, "summary", prose(bytes));
        add(msg, "title", "R\u00e9sum\u00e9 " + words(3));
        add(msg, "user", random_.pick(kUsers));
        return msg;
    }

    Value packages(std::size_t bytes) {
        Value msg = object();
        add(msg, "arch", random_.pick(kArches));
        add(msg, "branch", "rawhide");
        add(msg, "packages", strings(bytes, [&] { return package_version(); }));
        return msg;
    }

private:
    static Value object() { return Value(rapidjson::kObjectType); }
    Value text(std::string_view text) { return json::make_text(text, pool_); }

    void add(Value& object, std::string_view key, Value value) { object.AddMember(text(key), value, pool_); }
    void add(Value& object, std::string_view key, std::string_view value) { add(object, key, text(value)); }
    void add(Value& object, std::string_view key, const char* value) { add(object, key, text(value)); }
    void add(Value& object, std::string_view key, const std::string& value) { add(object, key, text(value)); }
    void add(Value& object, std::string_view key, std::int64_t value) { add(object, key, Value(value)); }
    void add(Value& object, std::string_view key, double value) { add(object, key, Value(value)); }
    void add(Value& object, std::string_view key, bool value) { add(object, key, Value(value)); }

    template <class Make>
    Value strings(std::size_t bytes, Make make) {
        Value list(rapidjson::kArrayType);
        for (std::size_t size = 0; size < bytes;) {
            const std::string item = make();
            size += item.size() + 3;
            list.PushBack(text(item), pool_);
        }
        return list;
    }

    Value child() {
        Value child = object();
        add(child, "arch", random_.pick(kArches));
        add(child, "id", random_.between(10000000, 99999999));
        add(child, "label", package_version());
        add(child, "method", "buildArch");
        add(child, "state", random_.between(0, 5));
        return child;
    }

    Value build_of_update() {
        Value build = object();
        add(build, "epoch", std::int64_t{0});
        add(build, "nvr", package_version());
        add(build, "signed", true);
        return build;
    }

    void add_file(Value& files) {
        Value change = object();
        add(change, "additions", random_.between(0, 300));
        add(change, "deletions", random_.between(0, 90));
        add(change, "lines", random_.between(1, 390));
        add(files, random_.pick(kWords) + "/" + random_.pick(kWords) + hex(4) + ".patch", std::move(change));
    }

    std::string hex(std::size_t length) {
        constexpr std::string_view kDigits = "0123456789abcdef";
        std::string digits;
        while (digits.size() < length) digits += kDigits[random_.below(16)];
        return digits;
    }

    std::string release() {
        return std::to_string(random_.between(1, 9)) + ".fc" + std::to_string(random_.between(36, 42));
    }

    std::string package_version() {
        return random_.pick(kPackages) + "-" + std::to_string(random_.between(0, 12)) + "." +
               std::to_string(random_.between(0, 30)) + "-" + release();
    }

    std::string date() {
        return "2026-0" + std::to_string(random_.between(1, 9)) + "-" + std::to_string(random_.between(10, 28)) + " " +
               std::to_string(random_.between(10, 23)) + ":" + std::to_string(random_.between(10, 59)) + ":" +
               std::to_string(random_.between(10, 59));
    }

    std::string words(int count) {
        std::string words = random_.pick(kWords);
        while (--count > 0) words += " " + random_.pick(kWords);
        return words;
    }

    std::string prose(std::size_t bytes) {
        std::string prose;
        while (prose.size() < bytes) {
            prose += words(static_cast<int>(random_.between(5, 15)));
            prose += random_.below(5) == 0 ? ".\n\n" : ". ";
        }
        return prose;
    }

    Random& random_;
    Pool& pool_;
};

struct Kind {
    std::string_view name;
    Value (Maker::*make)(std::size_t);
};

constexpr std::array<Kind, 40> kKinds{{
    {"buildsys.build.state.change", &Maker::build},
    {"buildsys.task.state.change", &Maker::task},
    {"buildsys.package.list.change", &Maker::packages},
    {"buildsys.repo.init", &Maker::build},
    {"buildsys.repo.done", &Maker::build},
    {"buildsys.rpm.sign", &Maker::build},
    {"buildsys.tag", &Maker::build},
    {"buildsys.untag", &Maker::build},
    {"git.receive", &Maker::commit},
    {"git.branch", &Maker::commit},
    {"git.lookaside.new", &Maker::build},
    {"git.mass_branch.start", &Maker::packages},
    {"git.mass_branch.complete", &Maker::packages},
    {"pagure.issue.new", &Maker::edit},
    {"pagure.issue.comment.added", &Maker::edit},
    {"pagure.issue.edit", &Maker::edit},
    {"pagure.pull-request.new", &Maker::commit},
    {"pagure.pull-request.closed", &Maker::commit},
    {"pagure.pull-request.comment.added", &Maker::edit},
    {"pagure.git.receive", &Maker::commit},
    {"bodhi.update.comment", &Maker::update},
    {"bodhi.update.request.testing", &Maker::update},
    {"bodhi.update.request.stable", &Maker::update},
    {"bodhi.update.complete.testing", &Maker::update},
    {"bodhi.update.complete.stable", &Maker::update},
    {"bodhi.update.karma.threshold.reach", &Maker::update},
    {"bodhi.mashtask.start", &Maker::packages},
    {"bodhi.mashtask.complete", &Maker::packages},
    {"bodhi.buildroot_override.tag", &Maker::update},
    {"wiki.article.edit", &Maker::edit},
    {"wiki.upload.complete", &Maker::edit},
    {"copr.build.start", &Maker::build},
    {"copr.build.end", &Maker::build},
    {"copr.chroot.start", &Maker::build},
    {"compose.rawhide.start", &Maker::packages},
    {"compose.rawhide.complete", &Maker::packages},
    {"koschei.package.state.change", &Maker::task},
    {"taskotron.result.new", &Maker::task},
    {"planet.post.new", &Maker::edit},
    {"ask.post.edit", &Maker::edit},
}};

// Small bodies are common and large ones rare: evenly spread over the logarithm of the size.
std::size_t draw_size(Random& random) {
    std::size_t size = 60;
    for (auto doublings = random.between(0, 5); doublings > 0; --doublings) size *= 2;
    return size + random.below(size);
}

Sample make_sample(Random& random, std::size_t number) {
    const Kind& kind = kKinds[random.below(kKinds.size())];
    json::Document body(rapidjson::kObjectType);
    auto& pool = body.GetAllocator();
    Maker maker(random, pool);
    Sample sample{"org.fedoraproject.prod." + std::string(kind.name), {}};
    const auto id = std::to_string(random.between(100000000000, 999999999999));
    body.AddMember("i", static_cast<std::int64_t>(number + 1), pool);
    body.AddMember("msg", (maker.*kind.make)(std::min<std::size_t>(draw_size(random), 3600)), pool);
    body.AddMember("msg_id", json::make_text("2026-3b9f2c41-77aa-4d0e-9c55-" + id, pool), pool);
    body.AddMember("timestamp", static_cast<std::int64_t>(1790000000 + number * 7), pool);
    body.AddMember("topic", json::make_text(sample.topic, pool), pool);
    body.AddMember("username", json::make_text(random.pick(kUsers), pool), pool);
    sample.body = json::canonical(body);
    return sample;
}

}  // namespace

std::vector<Sample> corpus(std::size_t count, unsigned seed) {
    Random random(seed);
    std::vector<Sample> samples;
    samples.reserve(count);
    while (samples.size() < count) samples.push_back(make_sample(random, samples.size()));
    return samples;
}

}  // namespace fedmsg::bench
