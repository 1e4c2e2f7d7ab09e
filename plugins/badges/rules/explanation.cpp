#include "badges/rules/explanation.hpp"

namespace badges {

const char* name_of(Truth truth) {
    switch (truth) {
        case Truth::no:
            return "false";
        case Truth::yes:
            return "true";
        case Truth::error:
            return "error";
        case Truth::unknown:
            return "unknown";
    }
    return "?";
}

std::string Explanation::text(int indentation) const {
    std::string out(static_cast<std::size_t>(2 * indentation), ' ');
    out.append(name_of(truth)).append("  ").append(what);
    if (!detail.empty()) out.append("  -- ").append(detail);
    out += "\n";
    for (const Explanation& child : children) out += child.text(indentation + 1);
    return out;
}

}  // namespace badges
