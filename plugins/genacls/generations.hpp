// The configurations that were in force before: files 000001, 000002, ... in TARGET.generations/; the mark of the one
// that was compiled last, TARGET.compiled; and TARGET.compiling, which is there from the first change of a publication
// to its mark. Under the lock of whoever publishes; throws a FileError.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "genacls/files.hpp"

namespace genacls {

class Generations {
public:
    explicit Generations(const Path& target);

    // Oldest first.
    std::vector<int> numbers() const;
    std::optional<std::string> text_of(int number) const;
    // Adds a generation, unless the newest one is the same. Its number.
    int add(const std::string& text);
    // Removes the oldest ones.
    void prune(std::size_t keep);

    // SHA-256 of what was compiled last; empty if nothing was.
    std::string compiled_digest() const;
    void mark_compiled(const std::string& digest);
    // From now on nobody knows what gitolite has compiled, until mark_compiled() says so.
    void begin_compiling();
    // Whether this text is the target's, and what was compiled last, and no publication was cut off since.
    bool is_in_force(const std::string& text) const;
    // The text that was compiled last: the target, or where a process was killed a generation. Without a mark the
    // target.
    std::optional<std::string> last_good() const;

private:
    Path path_of(int number) const;

    Path target_;
    Path directory_;
    Path mark_;
    Path compiling_;
};

}  // namespace genacls
