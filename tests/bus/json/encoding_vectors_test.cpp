// All lines of data/encoding: each text in all its forms, or refused.
#include <gtest/gtest.h>

#include "bus/json/document.hpp"
#include "bus/json/python_text.hpp"
#include "bus/json/writer.hpp"
#include "tests/support/vectors.hpp"

namespace fedmsg::json {
namespace {

// Compares one form with its column; both may hold unpaired surrogates, so the texts are compared as WTF-8.
bool agrees(const Value& line, const char* column, const std::string& actual) {
    const Value* expected = find(line, column);
    const bool equal = expected != nullptr && text_of(*expected) == actual;
    EXPECT_TRUE(equal) << text_of(*find(line, "name")) << ", column " << column << ": " << actual;
    return equal;
}

bool passes(const Value& line) {
    const std::string input(text_of(*find(line, "input")));
    const auto document = parse(input);
    if (find(line, "error") != nullptr) {
        EXPECT_TRUE(document.has_error()) << text_of(*find(line, "name")) << " must be refused: " << input;
        return document.has_error();
    }
    EXPECT_TRUE(document.has_value()) << text_of(*find(line, "name")) << ": " << document.error().text;
    if (!document) return false;
    const bool json_forms = agrees(line, "canonical", canonical(*document)) &&
                            agrees(line, "relayed", relayed(*document)) && agrees(line, "pretty", pretty(*document));
    return json_forms && agrees(line, "repr", python_text(*document)) &&
           agrees(line, "pprint", python_pretty(*document));
}

TEST(EncodingVectors, AllPass) {
    const auto file = test::vector_path("encoding/encoding.jsonl");
    if (!file) GTEST_SKIP() << "no vectors on this machine";
    const auto lines = test::lines_of(*file);
    std::size_t passed = 0;
    for (const auto& text : lines) {
        const auto line = parse(text);
        ASSERT_TRUE(line.has_value()) << line.error().text;
        if (passes(*line)) ++passed;
    }
    test::report_vectors("encoding", passed, lines.size());
    EXPECT_EQ(passed, lines.size());
    EXPECT_GT(lines.size(), 0U);
}

}  // namespace
}  // namespace fedmsg::json
