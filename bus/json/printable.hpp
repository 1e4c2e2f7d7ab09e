// Which characters Python's repr() prints as they are. Private to this folder. Any thread.
#pragma once

namespace fedmsg::json {

// False for the Unicode 14.0 categories Cc, Cf, Cs, Co, Cn, Zl, Zp and Zs, except for the blank.
bool is_printable(char32_t code_point);

}  // namespace fedmsg::json
