#!/usr/bin/python3
"""Writes printable.cpp: the code points that Python's repr() prints as they are.

Run it with a Python 3.11 (Unicode 14.0), whose text forms fedmsg-tail reproduces:

    ./make_printable.py > printable.cpp
"""

import sys
import unicodedata

FIRST, LAST = 0x80, 0x10FFFF


def ranges():
    """First and last code point of each run of printable ones."""
    start = None
    for code_point in range(FIRST, LAST + 2):
        printable = code_point <= LAST and chr(code_point).isprintable()
        if printable and start is None:
            start = code_point
        elif not printable and start is not None:
            yield start, code_point - 1
            start = None


def main():
    if unicodedata.unidata_version != "14.0.0":
        sys.exit(f"this Python knows Unicode {unicodedata.unidata_version}, not 14.0.0")
    rows = [f"{{0x{first:05X}, 0x{last:05X}}}," for first, last in ranges()]
    print("// Made by make_printable.py from Unicode 14.0; do not edit.")
    print('#include "bus/json/printable.hpp"\n')
    print("#include <algorithm>")
    print("#include <array>\n")
    print("namespace fedmsg::json {")
    print("namespace {\n")
    print("struct Range {")
    print("    char32_t first;")
    print("    char32_t last;")
    print("};\n")
    print("// clang-format off")
    print(f"constexpr std::array<Range, {len(rows)}> kPrintable{{{{")
    for i in range(0, len(rows), 5):
        print("    " + " ".join(rows[i:i + 5]))
    print("}};")
    print("// clang-format on\n")
    print("}  // namespace\n")
    print("bool is_printable(char32_t code_point) {")
    print("    if (code_point < 0x80) return code_point >= 0x20 && code_point != 0x7F;")
    print("    const auto after = std::upper_bound(kPrintable.begin(), kPrintable.end(), code_point,")
    print("                                        [](char32_t value, const Range& range) { return value < range.first; });")
    print("    return after != kPrintable.begin() && code_point <= std::prev(after)->last;")
    print("}\n")
    print("}  // namespace fedmsg::json")


if __name__ == "__main__":
    main()
