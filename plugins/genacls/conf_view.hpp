// Reads a configuration back: what the last good file granted, for the shrink guard and for the list of changes. It
// knows the lines that gitolite_conf.hpp writes, and passes over all others, so that a file that people wrote gives
// what can be compared. Pure; any thread.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "genacls/rights.hpp"

namespace genacls {

struct ConfView {
    std::map<std::string, Names> groups;  // without @
    // Repository, pattern ("master$", "refs/tags/", "" for everything else), who may push: words as they stand there.
    std::map<std::string, std::map<std::string, std::string>> grants;

    static ConfView of(std::string_view text);
    // The groups it defines or names, without @.
    Names group_names() const;
};

// People by number, so that 60,000 repositories can be compared in a moment. "@all" counts as one person.
class People {
public:
    using Set = std::vector<std::size_t>;  // sorted

    explicit People(const ConfView& view, std::map<std::string, std::size_t>& numbers)
        : view_(view), numbers_(numbers) {}
    // Whom the words of a rule stand for. The reference holds as long as this object.
    const Set& of(const std::string& subjects);

private:
    void append(Set& set, std::string_view word);
    std::size_t number_of(std::string_view name);

    const ConfView& view_;
    std::map<std::string, std::size_t>& numbers_;
    std::map<std::string, Set> known_;
};

struct ConfSize {
    std::size_t repositories = 0;  // without @all
    std::size_t pairs = 0;         // (user, repository) where the user may push something
};
ConfSize size_of(const ConfView& view);

}  // namespace genacls
