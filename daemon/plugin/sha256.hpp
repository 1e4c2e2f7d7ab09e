// SHA-256 of something that comes in pieces. One thread.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

struct evp_md_ctx_st;

namespace fedmsg::hub {

class Sha256 {
public:
    Sha256();  // throws std::runtime_error if OpenSSL offers none
    void update(std::span<const std::byte> bytes);
    // In hexadecimal. Ends the work of this object.
    std::string finish();

private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const;
    };
    std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace fedmsg::hub
