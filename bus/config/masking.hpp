// Hides secrets in what is printed. Any thread. masked() itself is declared with the Configuration.
#pragma once

#include <string>
#include <string_view>

namespace fedmsg::config {

inline constexpr std::string_view kMask = "********";

// The text with the password of each URL (scheme://user:PASSWORD@host) and each `password=...` replaced by kMask.
std::string mask_passwords(std::string_view text);

// The last word of a key says that its value is secret: password, secret, token, api_key, ...
bool sounds_secret(std::string_view key);

}  // namespace fedmsg::config
