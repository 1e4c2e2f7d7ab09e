#include "bus/json/duplicates.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>
#include <vector>

#include "bus/json/sorted_members.hpp"

namespace fedmsg::json {
namespace {

// Positions of the members, ordered by key, equal keys by position.
std::vector<std::size_t> ordered_by_key(const Value& object) {
    std::vector<std::size_t> order(object.MemberCount());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto* members = &*object.MemberBegin();
    std::sort(order.begin(), order.end(), [members](std::size_t a, std::size_t b) {
        const int compared = key_of(members[a]).compare(key_of(members[b]));
        return compared != 0 ? compared < 0 : a < b;
    });
    return order;
}

// Moves the last value of each key to its first position and tells which members are left over.
std::vector<bool> settle(Value& object) {
    const auto order = ordered_by_key(object);
    auto* members = &*object.MemberBegin();
    std::vector<bool> superfluous(order.size(), false);
    for (std::size_t first = 0, next = 0; first < order.size(); first = next) {
        for (next = first + 1; next < order.size() && key_of(members[order[next]]) == key_of(members[order[first]]);
             ++next)
            superfluous[order[next]] = true;
        if (next - first > 1) members[order[first]].value = members[order[next - 1]].value;  // RapidJSON: moves
    }
    return superfluous;
}

void remove_duplicates(Value& object) {
    if (object.MemberCount() < 2) return;
    const auto superfluous = settle(object);
    auto* members = &*object.MemberBegin();
    std::size_t kept = 0;
    for (std::size_t i = 0; i < superfluous.size(); ++i) {
        if (superfluous[i]) continue;
        if (kept != i) {
            members[kept].name = members[i].name;
            members[kept].value = members[i].value;
        }
        ++kept;
    }
    if (kept < superfluous.size())
        object.EraseMember(object.MemberBegin() + static_cast<std::ptrdiff_t>(kept), object.MemberEnd());
}

}  // namespace

std::uint64_t fingerprint(std::string_view key) {
    constexpr std::uint64_t kFactor = 0x9E3779B97F4A7C15ULL;
    const auto mix = [](std::uint64_t hash, std::uint64_t word) {
        hash = (hash ^ word) * kFactor;
        return hash ^ (hash >> 32);
    };
    std::uint64_t hash = key.size() * kFactor;
    std::uint64_t word = 0;
    for (; key.size() >= 8; key.remove_prefix(8)) {
        std::memcpy(&word, key.data(), 8);
        hash = mix(hash, word);
    }
    word = 0;
    if (key.size() >= 4) {  // two overlapping halves
        std::uint32_t half = 0;
        std::memcpy(&half, key.data(), 4);
        word = half;
        std::memcpy(&half, key.data() + key.size() - 4, 4);
        word = (word << 32) | half;
    } else {
        for (const char byte : key) word = (word << 8) | static_cast<unsigned char>(byte);
    }
    return mix(hash, word);
}

void KeyLog::add(Object& object, std::string_view key) {
    const std::uint64_t print = fingerprint(key);
    const std::size_t count = keys_.size() - object.first;
    if (count < kWatched) {
        const std::uint64_t bit = std::uint64_t{1} << (print >> 58);
        if ((object.seen & bit) != 0) {
            const auto* first = keys_.data() + object.first;
            suspicious_ = suspicious_ || std::find(first, first + count, print) != first + count;
        }
        object.seen |= bit;
    }
    keys_.push_back(print);
}

void KeyLog::close(const Object& object) {
    if (!suspicious_ && keys_.size() - object.first > kWatched) suspicious_ = has_equal_keys(object);
    keys_.resize(object.first);
}

// Open addressing in a table at most half full. An attacker may choose keys that meet in one place, so a long probe
// counts as suspicious instead of being walked to its end.
bool KeyLog::has_equal_keys(const Object& object) const {
    constexpr std::size_t kLongestProbe = 64;
    const std::size_t mask = std::bit_ceil(2 * (keys_.size() - object.first)) - 1;
    std::vector<std::uint64_t> table(mask + 1, 0);
    for (std::size_t i = object.first; i < keys_.size(); ++i) {
        const std::uint64_t print = keys_[i] | 1U;  // zero marks a free place
        std::size_t place = print >> 16 & mask;
        for (std::size_t probe = 0; table[place] != 0; ++probe, place = (place + 1) & mask)
            if (table[place] == print || probe == kLongestProbe) return true;
        table[place] = print;
    }
    return false;
}

void last_wins(Value& root) {
    std::vector<Value*> open{&root};
    while (!open.empty()) {
        Value& value = *open.back();
        open.pop_back();
        if (value.IsObject()) {
            remove_duplicates(value);
            for (auto& member : value.GetObject()) open.push_back(&member.value);
        } else if (value.IsArray()) {
            for (auto& element : value.GetArray()) open.push_back(&element);
        }
    }
}

}  // namespace fedmsg::json
