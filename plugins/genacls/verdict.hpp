// How the plugin and the compile service talk (spec README, last clash): the plugin may write only below the hub's
// state directory, the service, as user git, only in its own. Each file has one writer and is replaced as a whole.
//
//     published/gitolite.conf      the plugin      what is to be compiled
//     published/compile-request    the plugin      the digest of it; touched again while no verdict comes
//     /var/lib/fedmsg-genacls/verdict   the service   "good DIGEST" or "bad DIGEST", then what gitolite said
//
// Throws a FileError.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "genacls/files.hpp"
#include "genacls/publication.hpp"

namespace genacls {

struct Verdict {
    bool is_good = false;
    std::string digest;
    std::string detail{};

    std::string text() const;
    // Nothing if it is none.
    static std::optional<Verdict> of(const std::string& text);
};

struct VerdictWait {
    Path request;
    Path verdict;
    std::chrono::milliseconds limit{120'000};
    std::chrono::milliseconds nudge{5'000};  // the request is written again this often
    std::function<bool()> is_cancelled;
};

// Asks for a compile of the configuration with this digest and waits for the answer. Sleeps at most 50 ms at a time.
CompileOutcome request_compile(const std::string& digest, const VerdictWait& wait);

}  // namespace genacls
