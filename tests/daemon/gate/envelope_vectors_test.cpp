// data/crypto/envelope.jsonl as far as it needs no verifier: the lines without validation, at the gate, where their
// verdict is made. (Those with validation are judged when the verifier exists.)
#include <gtest/gtest.h>

#include "bus/json/writer.hpp"
#include "daemon/gate/gate.hpp"
#include "tests/support/vectors.hpp"

namespace fedmsg::hub {
namespace {

// The original's verdict on one line: consumed or not, and what a decoded consumer got.
bool agrees(Gate& gate, const json::Value& line) {
    const auto message = gate.admit(json::text_of(line["topic"]), json::text_of(line["wire"]), "e");
    const bool raw = !line["jsonify"].GetBool();
    const bool consumed = message && (!raw || message->is_json());
    if (consumed != line["consumed"].GetBool()) return false;
    const auto* expected = json::find(line, "message");
    return expected == nullptr || json::canonical((*expected)["body"]) == json::canonical(message->root());
}

TEST(EnvelopeVectors, AgreeWhereNothingIsValidated) {
    const auto file = test::vector_path("crypto/envelope.jsonl");
    if (!file) GTEST_SKIP() << "no vectors here";
    const SystemClock clock;
    MessagePool pool;
    Gate gate(pool, clock);
    std::size_t tested = 0;
    std::size_t passed = 0;
    for (const auto& text : test::lines_of(*file)) {
        auto line = json::parse(text).value();
        if (line["validate_signatures"].GetBool()) continue;
        ++tested;
        const bool good = agrees(gate, line);
        EXPECT_TRUE(good) << json::text_of(line["name"]);
        passed += good ? 1 : 0;
    }
    EXPECT_EQ(tested, 13U);
    test::report_vectors("envelope-unchecked", passed, tested);
}

}  // namespace
}  // namespace fedmsg::hub
