#include "genacls/generations.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <system_error>

namespace genacls {
namespace {

constexpr std::size_t kDigits = 6;

// 0 if it is no name of a generation.
int number_of(const std::string& name) {
    const bool is_number =
        name.size() == kDigits && std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
    return is_number ? std::atoi(name.c_str()) : 0;
}

}  // namespace

Generations::Generations(const Path& target)
    : target_(target),
      directory_(target.string() + ".generations"),
      mark_(target.string() + ".compiled"),
      compiling_(target.string() + ".compiling") {}

Path Generations::path_of(int number) const {
    char name[16];
    std::snprintf(name, sizeof name, "%06d", number);
    return directory_ / name;
}

std::vector<int> Generations::numbers() const {
    std::vector<int> out;
    std::error_code none;  // no directory, no generations
    for (const auto& entry : std::filesystem::directory_iterator(directory_, none))
        if (const int number = number_of(entry.path().filename().string()); number > 0) out.push_back(number);
    std::sort(out.begin(), out.end());
    return out;
}

std::optional<std::string> Generations::text_of(int number) const {
    return read_file(path_of(number));
}

int Generations::add(const std::string& text) {
    const std::vector<int> known = numbers();
    const int newest = known.empty() ? 0 : known.back();
    if (newest > 0 && text_of(newest) == text) return newest;
    make_directories(directory_);
    replace_file(path_of(newest + 1), text);
    return newest + 1;
}

void Generations::prune(std::size_t keep) {
    const std::vector<int> known = numbers();
    for (std::size_t at = 0; at + keep < known.size(); ++at) {
        std::error_code ignored;  // one too many does no harm
        std::filesystem::remove(path_of(known[at]), ignored);
    }
}

std::string Generations::compiled_digest() const {
    std::string digest = read_file(mark_, 1024).value_or("");
    while (!digest.empty() && digest.back() == '\n') digest.pop_back();
    return digest;
}

void Generations::mark_compiled(const std::string& digest) {
    replace_file(mark_, digest + "\n");
    std::error_code ignored;  // if it stays, the next run compiles once more
    std::filesystem::remove(compiling_, ignored);
}

void Generations::begin_compiling() {
    replace_file(compiling_, "");
}

bool Generations::is_in_force(const std::string& text) const {
    return !std::filesystem::exists(compiling_) && compiled_digest() == sha256(text) && read_file(target_) == text;
}

std::optional<std::string> Generations::last_good() const {
    std::optional<std::string> text = read_file(target_);
    const std::string digest = compiled_digest();
    if (digest.empty() || (text && sha256(*text) == digest)) return text;
    const std::vector<int> known = numbers();
    for (auto number = known.rbegin(); number != known.rend(); ++number)
        if (std::optional<std::string> older = text_of(*number); older && sha256(*older) == digest) return older;
    return text;
}

}  // namespace genacls
