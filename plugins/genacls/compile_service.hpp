// What fedmsg-genacls-compile.service does, as user git: takes the plugin's configuration from standard input, puts it
// in gitolite's place, compiles, and answers in a file of its own (verdict.hpp). If gitolite refuses it, the earlier
// configuration is put back and compiled again. One thread.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "genacls/verdict.hpp"

namespace genacls {

struct CompileOrder {
    Path target = "/etc/gitolite/conf/gitolite.conf";
    Path verdict = "/var/lib/fedmsg-genacls/verdict";
    Path home;  // of the compile; empty: $HOME
    std::size_t keep = 10;
    std::vector<std::string> command{"/usr/bin/gitolite", "compile"};

    // --target FILE --verdict FILE --home DIRECTORY --keep N [-- COMMAND...]. Throws a std::runtime_error.
    static CompileOrder of(const std::vector<std::string>& arguments);
};

// Writes the verdict; the exit code: 0 good, 1 bad.
int carry_out(const CompileOrder& order, const std::string& text, std::ostream& log);

}  // namespace genacls
