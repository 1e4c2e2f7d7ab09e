// The matcher against a loop of fnmatch(3) over the same patterns, on topics of six words. The figures to look at are
// the ratios: FnmatchLoop/N by WithoutMemo/N and by WithMemo/N.
#include <benchmark/benchmark.h>
#include <fnmatch.h>

#include <random>

#include "bus/topics/matcher.hpp"

namespace {

using fedmsg::topics::ConsumerIndex;
using fedmsg::topics::Matcher;
using fedmsg::topics::Memo;
using fedmsg::topics::Rule;

std::string service(std::size_t number) {
    return "svc" + std::to_string(number);
}

// A mix as consumers have it: most want one service below a prefix, some one event of all environments.
std::vector<std::string> patterns(std::size_t count) {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < count; ++i) {
        switch (i % 4) {
            case 0:
                all.push_back("org.example.prod." + service(i) + ".*");
                break;
            case 1:
                all.push_back("org.*." + service(i) + ".push");
                break;
            case 2:
                all.push_back("*." + service(i) + ".issue.[a-m]*");
                break;
            default:
                all.push_back("org.example.prod." + service(i) + ".repo.push");
        }
    }
    return all;
}

std::vector<std::string> topics(std::size_t services, std::size_t count) {
    std::minstd_rand random(1);
    const std::vector<std::string> events{"repo.push", "issue.edit", "issue.new", "build.done"};
    std::vector<std::string> all;
    for (std::size_t i = 0; i < count; ++i)
        all.push_back("org.example.prod." + service(random() % services) + "." + events[random() % events.size()]);
    return all;
}

std::shared_ptr<const Matcher> matcher(std::size_t count) {
    std::vector<Matcher::Pattern> compiled;
    ConsumerIndex consumer = 0;
    for (auto& text : patterns(count)) compiled.push_back({std::move(text), Rule::glob, consumer++});
    return std::make_shared<const Matcher>(compiled);
}

void FnmatchLoop(benchmark::State& state) {
    const auto count = static_cast<std::size_t>(state.range(0));
    const auto globs = patterns(count);
    const auto subjects = topics(count, 1000);
    std::size_t next = 0;
    for (auto _ : state) {
        std::size_t found = 0;
        const auto& topic = subjects[next++ % subjects.size()];
        for (const auto& glob : globs) found += fnmatch(glob.c_str(), topic.c_str(), 0) == 0;
        benchmark::DoNotOptimize(found);
    }
}

void WithoutMemo(benchmark::State& state) {
    const auto count = static_cast<std::size_t>(state.range(0));
    const auto compiled = matcher(count);
    const auto subjects = topics(count, 1000);
    std::size_t next = 0;
    for (auto _ : state) benchmark::DoNotOptimize(compiled->match(subjects[next++ % subjects.size()]));
}

void WithMemo(benchmark::State& state) {
    const auto count = static_cast<std::size_t>(state.range(0));
    Memo memo(matcher(count));
    const auto subjects = topics(count, 1000);
    std::size_t next = 0;
    for (auto _ : state) benchmark::DoNotOptimize(memo.match(subjects[next++ % subjects.size()]).data());
}

BENCHMARK(FnmatchLoop)->Arg(10)->Arg(1000)->Arg(10000);
BENCHMARK(WithoutMemo)->Arg(10)->Arg(1000)->Arg(10000);
BENCHMARK(WithMemo)->Arg(10)->Arg(1000)->Arg(10000);

}  // namespace

BENCHMARK_MAIN();
