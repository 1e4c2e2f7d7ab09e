// The members of an object in the order of their keys. Private to this folder.
#pragma once

#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <string_view>

#include "bus/json/document.hpp"

namespace fedmsg::json {

using Member = Value::Member;

inline std::string_view key_of(const Member& member) {
    return {member.name.GetString(), member.name.GetStringLength()};
}

// By code point: the order of WTF-8 bytes is the same (surrogates D800-DFFF sort between D7FF and E000 in both).
class SortedMembers {
public:
    explicit SortedMembers(const Value& object) {
        members_.reserve(object.MemberCount());
        for (const Member& member : object.GetObject()) members_.push_back(&member);
        const auto before = [](const Member* a, const Member* b) { return key_of(*a) < key_of(*b); };
        if (!std::is_sorted(members_.begin(), members_.end(), before))
            std::stable_sort(members_.begin(), members_.end(), before);
    }

    auto begin() const { return members_.begin(); }
    auto end() const { return members_.end(); }

private:
    boost::container::small_vector<const Member*, 16> members_;
};

}  // namespace fedmsg::json
