#include "badges/rules/any_subject.hpp"

#include <charconv>

namespace badges {
namespace {

const Any* element_at(const Any& list, const std::string& digits) {
    std::size_t position = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), position);
    const bool is_number = result.ec == std::errc() && result.ptr == digits.data() + digits.size();
    return is_number && position < list.items().size() ? &list.items()[position] : nullptr;
}

Any list_from(const Names& names) {
    return Any::list(List(names.begin(), names.end()));
}

}  // namespace

const Any* find_path(const Any& root, const std::vector<std::string>& path) {
    const Any* value = &root;
    for (std::size_t from = 0; value != nullptr && from < path.size(); ++from) {
        if (value->is_dict())
            value = value->dict().find(path[from]);
        else
            value = value->is_sequence() ? element_at(*value, path[from]) : nullptr;
    }
    return value;
}

std::optional<fedmsg_plugins::Datum> AnySubject::at(const std::vector<std::string>& path) const {
    const Any* value = find_path(root_, path);
    return value != nullptr ? std::optional(datum_of(*value)) : std::nullopt;
}

Any envelope_of(const Row& row) {
    Dict envelope;
    envelope.set("topic", row.topic);
    envelope.set("msg", row.msg);
    envelope.set("msg_id", row.msg_id);
    envelope.set("timestamp", row.timestamp);
    envelope.set("i", row.i);
    envelope.set("category", row.category);
    envelope.set("users", list_from(row.users));
    envelope.set("packages", list_from(row.packages));
    return Any::dict(std::move(envelope));
}

fedmsg_plugins::Datum datum_of(const Any& value) {
    switch (value.kind()) {
        case Kind::boolean:
            return value.boolean();
        case Kind::integer:
            return value.integer();
        case Kind::real:
            return value.real();
        case Kind::text:
            return value.text();
        case Kind::list:
        case Kind::tuple: {
            fedmsg_plugins::Datum::List list;
            for (const Any& item : value.items()) list.push_back(datum_of(item));
            return list;
        }
        case Kind::dict: {
            fedmsg_plugins::Datum::Object object;
            for (const auto& [key, item] : value.dict()) object.emplace_back(key.str(), datum_of(item));
            return object;
        }
        default:
            return {};
    }
}

}  // namespace badges
