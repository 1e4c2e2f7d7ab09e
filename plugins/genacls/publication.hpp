// Puts a configuration into force, or leaves the one that is (genacls.md 3.4, step 5). At every moment the target is
// one whole configuration, and a process that is killed anywhere leaves what the next call mends:
//
//     the last good file becomes a generation -> the new one is written beside the target -> renamed -> compiled ->
//     marked
//                                                                        on failure: put back, compiled again
//
// Under the caller's lock. Throws a FileError (disk full); before the rename nothing has changed then.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "genacls/generations.hpp"

namespace genacls {

struct CompileOutcome {
    enum class Kind { good, bad, no_answer };

    Kind kind = Kind::good;
    std::string detail;
};

struct Publication {
    Path target;
    std::size_t keep = 10;
    unsigned mode = 0640;
    // Compiles what is at the target now. Empty: nothing is to be compiled.
    std::function<CompileOutcome(const std::string& digest)> compile;
    // Told of each step that is behind us; tests die there.
    std::function<void(std::string_view step)> after;
};

struct PublishResult {
    enum class End {
        published,
        unchanged,  // it is in force already
        restored,   // it was refused, and the last good one is in force again
        broken,     // it was refused, and so was the last good one
    };

    End end = End::published;
    std::string detail;

    bool is_success() const { return end == End::published || end == End::unchanged; }
};

PublishResult publish(const std::string& text, const Publication& publication);

}  // namespace genacls
