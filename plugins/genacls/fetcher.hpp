// Where answers come from: the package database or the account system over HTTP, or files that somebody has saved.
// One thread per object.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "genacls/pkgdb.hpp"

namespace genacls {

struct Fetched {
    std::string body;
    std::string content_type;  // in lower case, without parameters

    bool is_json() const { return content_type == "application/json"; }
};

class Fetcher {
public:
    virtual ~Fetcher() = default;
    // Throws an InputError if there is no whole answer.
    virtual Fetched get(const std::string& address) = 0;
};

struct FetcherOptions {
    std::string ca_file;        // empty: the system's
    std::string authorization;  // value of that header; sent to every address that this fetcher is asked for
    std::function<bool()> is_cancelled;
};

// http:// and https:// by libcurl; file:// and absolute paths from disk, where .json and everything else is told by
// name.
std::unique_ptr<Fetcher> make_fetcher(FetcherOptions options);

bool is_web_address(const std::string& address);
// The path of a file:// address, or the address itself.
std::string path_of(const std::string& address);
// A word as a part of a path of an address.
std::string percent_encoded(const std::string& word);

}  // namespace genacls
