#include "daemon/plugin/elf_image.hpp"

#include <elf.h>
#include <fmt/format.h>
#include <link.h>

#include <cstring>
#include <vector>

namespace fedmsg::hub {
namespace {

using Header = ElfW(Ehdr);
using Segment = ElfW(Phdr);
using Section = ElfW(Shdr);
using Symbol = ElfW(Sym);
using Bytes = std::span<const std::byte>;

#if defined(__x86_64__)
constexpr unsigned kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr unsigned kMachine = EM_AARCH64;
#elif defined(__riscv)
constexpr unsigned kMachine = EM_RISCV;
#elif defined(__powerpc64__)
constexpr unsigned kMachine = EM_PPC64;
#elif defined(__s390x__)
constexpr unsigned kMachine = EM_S390;
#elif defined(__arm__)
constexpr unsigned kMachine = EM_ARM;
#elif defined(__i386__)
constexpr unsigned kMachine = EM_386;
#else
#error "name this machine's ELF number here"
#endif

constexpr unsigned char kClass = sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32;
constexpr unsigned char kByteOrder = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB;

std::string machine_name(unsigned machine) {
    switch (machine) {
        case EM_X86_64:
            return "x86-64";
        case EM_AARCH64:
            return "AArch64";
        case EM_386:
            return "i386";
        case EM_ARM:
            return "ARM";
        case EM_RISCV:
            return "RISC-V";
        case EM_PPC64:
            return "PowerPC 64";
        case EM_S390:
            return "s390";
        default:
            return fmt::format("machine number {}", machine);
    }
}

bool fits(Bytes image, std::uint64_t offset, std::uint64_t size) {
    return offset <= image.size() && size <= image.size() - offset;
}

// A copy, since a damaged file may put tables at odd addresses. The range must fit.
template <class T>
T read_at(Bytes image, std::uint64_t offset) {
    T value;
    std::memcpy(&value, image.data() + offset, sizeof value);
    return value;
}

template <class T>
std::vector<T> read_table(Bytes image, std::uint64_t offset, std::size_t count) {
    std::vector<T> table(count);
    if (count > 0) std::memcpy(table.data(), image.data() + offset, count * sizeof(T));
    return table;
}

Error truncated(const char* what) {
    return failure(
        fmt::format("the file is truncated or damaged: its {} lies outside of it. Install the plugin again", what));
}

Status check_identity(Bytes image) {
    if (image.size() < SELFMAG || std::memcmp(image.data(), ELFMAG, SELFMAG) != 0)
        return failure("not a shared library: the file does not begin as ELF files do");
    if (image.size() < sizeof(Header)) return truncated("header");
    const auto header = read_at<Header>(image, 0);
    if (header.e_ident[EI_CLASS] != kClass || header.e_ident[EI_DATA] != kByteOrder || header.e_machine != kMachine)
        return failure(fmt::format("built for another machine ({}, {} bits); this hub runs on {}, {} bits",
                                   machine_name(header.e_machine), header.e_ident[EI_CLASS] == ELFCLASS64 ? 64 : 32,
                                   machine_name(kMachine), sizeof(void*) * 8));
    if (header.e_type != ET_DYN) return failure("not a shared library, but another kind of ELF file");
    return {};
}

Status check_segments(Bytes image, const Header& header) {
    if (header.e_phnum == 0) return failure("not a shared library: it has nothing to load");
    if (header.e_phentsize != sizeof(Segment) || !fits(image, header.e_phoff, header.e_phnum * sizeof(Segment)))
        return truncated("table of segments");
    for (const Segment& segment : read_table<Segment>(image, header.e_phoff, header.e_phnum))
        if (!fits(image, segment.p_offset, segment.p_filesz)) return truncated("loaded part");
    return {};
}

bool is_string_table(Bytes image, const Section& section) {
    return section.sh_type == SHT_STRTAB && section.sh_size > 0 &&
           image[section.sh_offset + section.sh_size - 1] == std::byte{0};
}

Status check_symbols(Bytes image, const Section& section, const std::vector<Section>& sections) {
    if (section.sh_link >= sections.size() || !is_string_table(image, sections[section.sh_link]))
        return truncated("table of symbol names");
    const std::uint64_t names = sections[section.sh_link].sh_size;
    for (std::uint64_t at = 0; at + sizeof(Symbol) <= section.sh_size; at += sizeof(Symbol))
        if (read_at<Symbol>(image, section.sh_offset + at).st_name >= names) return truncated("symbol name");
    return {};
}

Status check_sections(Bytes image, const Header& header) {
    if (header.e_shnum == 0) return failure("the file has no section table, so its symbols cannot be listed");
    if (header.e_shentsize != sizeof(Section) || !fits(image, header.e_shoff, header.e_shnum * sizeof(Section)))
        return truncated("table of sections");
    const auto sections = read_table<Section>(image, header.e_shoff, header.e_shnum);
    for (const Section& section : sections)
        if (section.sh_type != SHT_NOBITS && !fits(image, section.sh_offset, section.sh_size))
            return truncated("section");
    if (header.e_shstrndx >= sections.size() || !is_string_table(image, sections[header.e_shstrndx]))
        return truncated("table of section names");
    for (const Section& section : sections) {
        if (section.sh_type != SHT_SYMTAB && section.sh_type != SHT_DYNSYM) continue;
        if (const Status status = check_symbols(image, section, sections); !status) return status;
    }
    return {};
}

std::string hexadecimal(Bytes bytes) {
    std::string text;
    for (const std::byte byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned>(byte));
    return text;
}

std::uint64_t padded(std::uint64_t size) {
    return (size + 3) / 4 * 4;
}

// The build-id among the notes of one segment, or empty.
std::string build_id_in(Bytes notes) {
    using Note = ElfW(Nhdr);
    std::uint64_t at = 0;
    while (fits(notes, at, sizeof(Note))) {
        const auto note = read_at<Note>(notes, at);
        const std::uint64_t name = at + sizeof(Note);
        const std::uint64_t content = name + padded(note.n_namesz);
        if (!fits(notes, content, note.n_descsz)) return {};
        const bool is_gnu = note.n_namesz == 4 && std::memcmp(notes.data() + name, "GNU", 4) == 0;
        if (is_gnu && note.n_type == NT_GNU_BUILD_ID) return hexadecimal(notes.subspan(content, note.n_descsz));
        at = content + padded(note.n_descsz);
    }
    return {};
}

std::string find_build_id(Bytes image, const Header& header) {
    for (const Segment& segment : read_table<Segment>(image, header.e_phoff, header.e_phnum)) {
        if (segment.p_type != PT_NOTE) continue;
        std::string id = build_id_in(image.subspan(segment.p_offset, segment.p_filesz));
        if (!id.empty()) return id;
    }
    return {};
}

}  // namespace

Result<ElfFacts> check_elf(Bytes image) {
    if (const Status status = check_identity(image); !status) return status.error();
    const auto header = read_at<Header>(image, 0);
    if (const Status status = check_segments(image, header); !status) return status.error();
    if (const Status status = check_sections(image, header); !status) return status.error();
    return ElfFacts{find_build_id(image, header)};
}

}  // namespace fedmsg::hub
