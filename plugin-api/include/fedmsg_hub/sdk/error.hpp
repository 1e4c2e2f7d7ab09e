// What the SDK throws, and how anything thrown by a plugin becomes a text for the log. Any thread.
#ifndef FEDMSG_HUB_SDK_ERROR_HPP
#define FEDMSG_HUB_SDK_ERROR_HPP

#include <cxxabi.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <typeinfo>

#include "text.hpp"

namespace fedmsg_hub {

class Error : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

// A JSON value or an option is not what the code took it for.
class ValueError : public Error {
    using Error::Error;
};

// The hub did not do what it was asked for.
class HostError : public Error {
public:
    HostError(std::int32_t status, const std::string& what) : Error(what), status_(status) {}

    std::int32_t status() const noexcept { return status_; }  // enum fedmsg_hub_status
    // Worth another attempt: no connected peer, disk full.
    bool is_temporary() const noexcept { return status_ == FEDMSG_HUB_UNAVAILABLE; }

private:
    std::int32_t status_;
};

namespace detail {

inline const char* name_of(std::int32_t status) noexcept {
    switch (status) {
        case FEDMSG_HUB_FAILED:
            return "it failed";
        case FEDMSG_HUB_NOT_FOUND:
            return "not found";
        case FEDMSG_HUB_INVALID:
            return "an argument breaks the rules";
        case FEDMSG_HUB_UNAVAILABLE:
            return "not possible now";
        case FEDMSG_HUB_UNSUPPORTED:
            return "this hub does not offer it";
        default:
            return "unknown status";
    }
}

// Throws unless the status is OK. `reason`: what the host said, if it said anything.
inline void expect_ok(std::int32_t status, std::string_view what, std::string_view reason = {}) {
    if (status == FEDMSG_HUB_OK) return;
    std::string line(what);
    line.append(": ").append(reason.empty() ? std::string_view(name_of(status)) : reason);
    throw HostError(status, line);
}

inline std::string type_name(const std::type_info* type) {
    if (type == nullptr) return "unknown";
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> name(abi::__cxa_demangle(type->name(), nullptr, nullptr, &status),
                                                           &std::free);
    return name ? name.get() : type->name();
}

inline std::string text_of(const std::exception& error) {
    const char* what = error.what();
    if (what != nullptr && *what != '\0') return readable(what);
    return "an exception of type " + type_name(&typeid(error)) + " without a text";
}

// Tells what is being handled; call it in a catch block only.
inline std::string text_of_current_exception() {
    try {
        throw;
    } catch (const std::exception& error) {
        return text_of(error);
    } catch (const std::string& text) {
        return readable(text);
    } catch (const char* text) {
        return readable(text != nullptr ? text : "a null pointer was thrown");
    } catch (int number) {
        return "an int was thrown: " + std::to_string(number);
    } catch (...) {
        return "an exception of type " + type_name(abi::__cxa_current_exception_type());
    }
}

inline std::string describe_current_exception() noexcept {
    try {
        return text_of_current_exception();
    } catch (...) {
        return "out of memory";  // short enough to need none
    }
}

inline void report(fedmsg_hub_text_fn receiver, void* arg, std::string_view reason) noexcept {
    if (receiver != nullptr) receiver(arg, text(reason));
}

// Runs the work of one entry of the function table. Whatever is thrown becomes FEDMSG_HUB_FAILED and a text.
template <class Work>
std::int32_t guarded(fedmsg_hub_text_fn error, void* arg, Work&& work) noexcept {
    try {
        work();
        return FEDMSG_HUB_OK;
    } catch (...) {
        report(error, arg, describe_current_exception());
        return FEDMSG_HUB_FAILED;
    }
}

}  // namespace detail
}  // namespace fedmsg_hub

#endif
