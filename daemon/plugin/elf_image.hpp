// Looks at an ELF file before anything else does: refuses what is none, is damaged or belongs to another machine, so
// that neither Boost.DLL nor the dynamic linker meets a table that points outside the file. Any thread.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "bus/base/result.hpp"

namespace fedmsg::hub {

struct ElfFacts {
    std::string build_id;  // of the linker's note, in hexadecimal; empty if the file has none
};

// Every program header, section and symbol name of an accepted file lies within it.
Result<ElfFacts> check_elf(std::span<const std::byte> image);

}  // namespace fedmsg::hub
