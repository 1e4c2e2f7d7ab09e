// Reading and writing JSON: our reader against RapidJSON's, strict (exact numbers, checked UTF-8, no recursion: what
// the wire rules demand) and plain. Bytes per second of body text; divide two rows for a ratio.
//
// $FEDMSG_HUB_BENCH_CORPUS may name a file with one body a line to use instead of the made-up ones.
#include <benchmark/benchmark.h>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstdlib>
#include <fstream>
#include <memory>

#include "bus/json/document.hpp"
#include "bus/json/python_text.hpp"
#include "bus/json/writer.hpp"
#include "tests/bench/corpus.hpp"

namespace fedmsg::bench {
namespace {

std::vector<std::string> load_bodies() {
    std::vector<std::string> bodies;
    if (const char* file = std::getenv("FEDMSG_HUB_BENCH_CORPUS")) {
        std::ifstream in(file);
        for (std::string line; std::getline(in, line);) bodies.push_back(line);
    } else {
        for (auto& sample : corpus(1000, 1)) bodies.push_back(std::move(sample.body));
    }
    return bodies;
}

const std::vector<std::string>& bodies() {
    static const auto bodies = load_bodies();
    return bodies;
}

void report(benchmark::State& state) {
    std::size_t bytes = 0;
    for (const auto& body : bodies()) bytes += body.size();
    const auto rounds = static_cast<std::int64_t>(state.iterations());
    state.SetBytesProcessed(rounds * static_cast<std::int64_t>(bytes));
    state.SetItemsProcessed(rounds * static_cast<std::int64_t>(bodies().size()));
}

// All bodies, one after another, each into a new document in the same memory, as a receiver does it.
template <class Parse>
void read_all(benchmark::State& state, Parse parse) {
    constexpr std::size_t kBlock = 256 * 1024;
    const auto block = std::make_unique<char[]>(kBlock);
    for (auto _ : state) {
        for (const auto& body : bodies()) {
            json::Pool pool(block.get(), kBlock);
            json::Document document(&pool);
            if (!parse(body, document)) state.SkipWithError("a body was refused");
            benchmark::DoNotOptimize(document.IsObject());
        }
    }
    report(state);
}

void read_rapidjson_strict(benchmark::State& state) {
    constexpr unsigned kFlags =
        rapidjson::kParseFullPrecisionFlag | rapidjson::kParseValidateEncodingFlag | rapidjson::kParseIterativeFlag;
    read_all(state, [](const std::string& body, json::Document& document) {
        return !document.Parse<kFlags>(body.data(), body.size()).HasParseError();
    });
}

void read_rapidjson_plain(benchmark::State& state) {
    read_all(state, [](const std::string& body, json::Document& document) {
        return !document.Parse(body.data(), body.size()).HasParseError();
    });
}

void read_copy(benchmark::State& state) {
    read_all(state, [](const std::string& body, json::Document& document) {
        return json::parse(body, document, json::Strings::copy).has_value();
    });
}

void read_borrow(benchmark::State& state) {
    read_all(state, [](const std::string& body, json::Document& document) {
        return json::parse(body, document, json::Strings::borrow).has_value();
    });
}

// A document with memory of its own for each body.
void read_into_new_memory(benchmark::State& state) {
    for (auto _ : state) {
        for (const auto& body : bodies()) {
            const auto document = json::parse(body);
            benchmark::DoNotOptimize(document.has_value());
        }
    }
    report(state);
}

template <class Write>
void write_all(benchmark::State& state, Write write) {
    std::vector<json::Document> documents(bodies().size());
    for (std::size_t i = 0; i < documents.size(); ++i)
        if (!json::parse(bodies()[i], documents[i])) state.SkipWithError("a body was refused");
    for (auto _ : state)
        for (const auto& document : documents) write(document);
    report(state);
}

void write_rapidjson(benchmark::State& state) {
    rapidjson::StringBuffer buffer;
    write_all(state, [&](const json::Value& value) {
        buffer.Clear();
        rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
        value.Accept(writer);
        benchmark::DoNotOptimize(buffer.GetSize());
    });
}

void write_canonical(benchmark::State& state) {
    std::string out;
    write_all(state, [&](const json::Value& value) {
        out.clear();
        json::append_canonical(out, value);
        benchmark::DoNotOptimize(out.data());
    });
}

void write_relayed(benchmark::State& state) {
    std::string out;
    write_all(state, [&](const json::Value& value) {
        out.clear();
        json::append_relayed(out, value);
        benchmark::DoNotOptimize(out.data());
    });
}

void write_pretty(benchmark::State& state) {
    write_all(state, [](const json::Value& value) { benchmark::DoNotOptimize(json::pretty(value).data()); });
}

void write_python_text(benchmark::State& state) {
    write_all(state, [](const json::Value& value) { benchmark::DoNotOptimize(json::python_text(value).data()); });
}

void write_python_pretty(benchmark::State& state) {
    write_all(state, [](const json::Value& value) { benchmark::DoNotOptimize(json::python_pretty(value).data()); });
}

BENCHMARK(read_rapidjson_strict);
BENCHMARK(read_rapidjson_plain);
BENCHMARK(read_copy);
BENCHMARK(read_borrow);
BENCHMARK(read_into_new_memory);
BENCHMARK(write_rapidjson);
BENCHMARK(write_canonical);
BENCHMARK(write_relayed);
BENCHMARK(write_pretty);
BENCHMARK(write_python_text);
BENCHMARK(write_python_pretty);

}  // namespace
}  // namespace fedmsg::bench

BENCHMARK_MAIN();
