// Duplicate keys (wire-and-crypto.md 4.3: the last value wins, in the first one's place). Private to this folder.
//
// The reader keeps a 64-bit fingerprint of each key and only asks whether two of one object are equal, which is cheap;
// only documents in which two are get the exact pass, last_wins().
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "bus/json/document.hpp"

namespace fedmsg::json {

std::uint64_t fingerprint(std::string_view key);

// The keys of the objects that are open at the moment, innermost last. One thread.
class KeyLog {
public:
    // What one object has to remember.
    struct Object {
        std::size_t first = 0;   // where its keys begin
        std::uint64_t seen = 0;  // bit set of the first kWatched keys' fingerprints
    };

    Object open() const { return {keys_.size(), 0}; }
    void add(Object& object, std::string_view key);
    void close(const Object& object);

    // True if some object had two keys with one fingerprint.
    bool suspicious() const { return suspicious_; }

private:
    // Objects up to this size are compared key by key (and only if a bit of `seen` is met twice), larger ones hashed.
    static constexpr std::size_t kWatched = 32;

    bool has_equal_keys(const Object& object) const;

    boost::container::small_vector<std::uint64_t, 64> keys_;
    bool suspicious_ = false;
};

// Removes duplicate keys from every object of the value, in time n log n.
void last_wins(Value& root);

}  // namespace fedmsg::json
