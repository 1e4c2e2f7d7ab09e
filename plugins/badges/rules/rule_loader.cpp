// Loading a rule directory.
#include <algorithm>
#include <fstream>
#include <sstream>

#include "badges/rules/rule_parts.hpp"
#include "badges/rules/rule_reader.hpp"
#include "badges/rules/rule_set.hpp"
#include "badges/rules/yaml_file.hpp"

namespace badges {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxDirectoryDepth = 16;

bool is_rule_file(const fs::path& path) {
    const std::string name = path.filename().string();
    return !name.starts_with('.') && (path.extension() == ".yml" || path.extension() == ".yaml");
}

// The files below a directory, sorted; what cannot be read is told to `complain`.
template <class Complain>
std::vector<fs::path> rule_files(const fs::path& directory, Complain&& complain) {
    std::vector<fs::path> files;
    std::error_code error;
    fs::recursive_directory_iterator at(directory, error);
    for (const fs::recursive_directory_iterator end; !error && at != end; at.increment(error)) {
        if (at->path().filename().string().starts_with('.') || at.depth() >= kMaxDirectoryDepth)
            at.disable_recursion_pending();
        std::error_code ignored;  // a broken link is no rule file
        if (is_rule_file(at->path()) && at->is_regular_file(ignored)) files.push_back(at->path());
    }
    if (error) complain(directory, error.message());
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace

class RuleLoader {
public:
    RuleLoader(fs::path directory, const Limits& limits, const RuleSet* previous)
        : directory_(std::move(directory)), limits_(limits), previous_(previous), set_(new RuleSet) {}

    std::shared_ptr<const RuleSet> run() {
        auto files = rule_files(directory_, [this](const fs::path& path, const std::string& why) {
            complain(path.string(), 0, "", "the rule directory cannot be read: " + why);
        });
        if (files.size() > limits_.files) {
            complain("", 0, "", "more than " + std::to_string(limits_.files) + " files: the others are left out");
            files.resize(limits_.files);
        }
        for (const fs::path& path : files) load(path);
        set_->build_index();
        return std::move(set_);
    }

private:
    void load(const fs::path& path) {
        const std::string name = path.lexically_relative(directory_).string();
        try {
            take(read_rule(name, content(path), limits_));
        } catch (const FileError& error) {
            complain(name, error.line(), error.key(), error.what());
            keep_last_good(name);
        }
    }

    std::string content(const fs::path& path) const {
        std::ifstream file(path, std::ios::binary);
        if (!file) throw FileError(0, "", "the file cannot be opened: check its permissions");
        std::string text(limits_.file_bytes + 1, '\0');  // one more shows that it is too large
        file.read(text.data(), static_cast<std::streamsize>(text.size()));
        if (file.bad()) throw FileError(0, "", "the file cannot be read");
        text.resize(static_cast<std::size_t>(file.gcount()));
        return text;
    }

    void take(RulePtr rule) {
        if (const RulePtr other = set_->by_badge(rule->badge().id)) {
            complain(
                rule->file(), 0, "name",
                "the badge id " + rule->badge().id + " belongs to " + other->file() + " already, which stays in force");
            return;
        }
        for (const auto& note : rule->parts().notes)
            set_->problems_.push_back({Severity::note, rule->file(), note.line, note.key, note.what});
        set_->rules_.push_back(std::move(rule));
    }

    void keep_last_good(const std::string& name) {
        const RulePtr old = previous_ != nullptr ? previous_->by_file(name) : nullptr;
        if (old == nullptr || set_->by_badge(old->badge().id) != nullptr) return;
        set_->kept_files_.push_back(name);
        set_->rules_.push_back(old);
    }

    void complain(const std::string& file, int line, const std::string& key, const std::string& what) {
        set_->problems_.push_back({Severity::error, file, line, key, what});
    }

    fs::path directory_;
    const Limits& limits_;
    const RuleSet* previous_;
    std::shared_ptr<RuleSet> set_;
};

std::shared_ptr<const RuleSet> RuleSet::load(const fs::path& directory, const Limits& limits, const RuleSet* previous) {
    return RuleLoader(directory, limits, previous).run();
}

std::string RuleSet::fingerprint(const fs::path& directory) {
    std::ostringstream out;
    for (const fs::path& path : rule_files(directory, [](const fs::path&, const std::string&) {})) {
        std::error_code ignored;  // a file that is gone again shows by its name
        out << path.string() << '\t' << fs::last_write_time(path, ignored).time_since_epoch().count() << '\t'
            << fs::file_size(path, ignored) << '\n';
    }
    return out.str();
}

}  // namespace badges
