#include "badges/awards/ids.hpp"

#include <openssl/evp.h>

#include <array>
#include <ctime>
#include <stdexcept>

namespace badges {
namespace {

using Bytes = std::basic_string<unsigned char>;

// RFC 4122, appendix C: the name space of URLs, from which the issuers' ones are made.
constexpr std::array<unsigned char, 16> kUrlNamespace = {0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1,
                                                         0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};

Bytes digest(const EVP_MD* kind, std::string_view text) {
    Bytes out(EVP_MAX_MD_SIZE, 0);
    unsigned size = 0;
    if (EVP_Digest(text.data(), text.size(), out.data(), &size, kind, nullptr) != 1)
        throw std::runtime_error("OpenSSL cannot compute a digest");
    out.resize(size);
    return out;
}

std::string hex(const Bytes& bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string out;
    for (const unsigned char byte : bytes) (out += kDigits[byte >> 4]) += kDigits[byte & 15];
    return out;
}

Bytes version_5(const Bytes& space, std::string_view name) {
    std::string text(space.begin(), space.end());
    Bytes uuid = digest(EVP_sha1(), text.append(name)).substr(0, 16);
    uuid[6] = static_cast<unsigned char>((uuid[6] & 0x0F) | 0x50);
    uuid[8] = static_cast<unsigned char>((uuid[8] & 0x3F) | 0x80);
    return uuid;
}

std::string spelled(const Bytes& uuid) {
    std::string text = hex(uuid);
    for (const std::size_t at : {20U, 16U, 12U, 8U}) text.insert(at, 1, '-');
    return text;
}

}  // namespace

std::string assertion_id(std::string_view badge_id, long long person_id) {
    return std::string(badge_id) + " -> " + std::to_string(person_id);
}

std::string recipient_hash(std::string_view email, std::string_view salt) {
    return hex(digest(EVP_sha256(), std::string(email).append(salt)));
}

std::string name_uuid(std::string_view issuer_origin, std::string_view name) {
    const Bytes url(kUrlNamespace.begin(), kUrlNamespace.end());
    return spelled(version_5(version_5(url, issuer_origin), name));
}

std::string message_id(std::chrono::system_clock::time_point issued, std::string_view issuer_origin,
                       std::string_view name) {
    const std::time_t at = std::chrono::system_clock::to_time_t(issued);
    std::tm fields{};
    gmtime_r(&at, &fields);
    return std::to_string(fields.tm_year + 1900) + "-" + name_uuid(issuer_origin, name);
}

}  // namespace badges
