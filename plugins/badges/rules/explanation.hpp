// Why a rule did or did not fire: a tree of three-valued answers, for --explain.
#pragma once

#include <string>
#include <vector>

namespace badges {

// error: the question could not be answered for this message (a missing key, a limit). unknown: the history was not
// reachable; ask again later.
enum class Truth { no, yes, error, unknown };

const char* name_of(Truth truth);

struct Explanation {
    Truth truth = Truth::error;
    std::string what;    // the question, as the rule has it
    std::string detail;  // values, query, count, threshold; the error's text
    std::vector<Explanation> children;

    // One line per node, indented by two blanks per level, each with a line end.
    std::string text(int indentation = 0) const;
};

}  // namespace badges
