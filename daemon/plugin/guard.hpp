// Calls into plugin code. The contract says that no exception leaves a plugin; plugins break contracts, so every call
// goes through here and an exception becomes an error text. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "bus/base/result.hpp"
#include "plugin-api/include/fedmsg_hub/plugin_abi.h"

namespace fedmsg::hub {

// What is being handled by the surrounding catch block: "std::runtime_error: text", "int: 42", "Foreign".
std::string describe_current_exception() noexcept;

// Runs `call`; the error says "NAME threw ...".
template <class Call>
Status guarded(std::string_view name, Call&& call) noexcept {
    try {
        std::forward<Call>(call)();
        return {};
    } catch (...) {
        return failure(std::string(name) + " threw " + describe_current_exception());
    }
}

// Receives the text of a plugin's error function: the first one counts. Control characters become blanks and very long
// texts are cut, since it goes to the log.
class ErrorText {
public:
    static void receive(void* self, fedmsg_hub_text text) noexcept;
    const std::string& text() const { return text_; }

private:
    std::string text_;
};

// Runs call(error function, its argument), a plugin function that returns an enum fedmsg_hub_status.
template <class Call>
Status guarded_status(std::string_view name, Call&& call) noexcept {
    ErrorText error;
    std::int32_t status = FEDMSG_HUB_OK;
    if (const Status thrown = guarded(name, [&] { status = call(&ErrorText::receive, &error); }); !thrown)
        return thrown;
    if (status == FEDMSG_HUB_OK) return {};
    if (!error.text().empty()) return failure(error.text());
    return failure(std::string(name) + " failed without saying why (status " + std::to_string(status) + ")");
}

// One line of at most 4 KiB; whatever is no UTF-8 becomes '?'.
std::string one_line(std::string_view text);

inline std::string_view view_of(fedmsg_hub_text text) {
    return {text.data, text.data == nullptr ? 0 : text.size};
}
inline fedmsg_hub_text text_from(std::string_view text) {
    return {text.data(), text.size()};
}

}  // namespace fedmsg::hub
