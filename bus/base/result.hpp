// Results of operations that may fail for reasons outside the program: Result<T> holds a value or an Error.
// Any thread. Throwing is for start-up, configuration and control code; the message path returns these.
#pragma once

#include <boost/system/result.hpp>
#include <stdexcept>
#include <string>
#include <utility>

namespace fedmsg {

// What failed, on what, why and, where it helps, what to do: ready to be shown to an operator. Made by failure(): were
// it made from a text alone, a text could not tell whether it becomes the value or the error of a Result<std::string>.
struct Error {
    Error() = default;
    std::string text;

private:
    struct Made {};
    Error(Made, std::string what) : text(std::move(what)) {}
    friend Error failure(std::string text);
};

// Found by boost::system::result<T, Error>::value() through argument-dependent look-up.
[[noreturn]] inline void throw_exception_from_error(const Error& error, const boost::source_location&) {
    throw std::runtime_error(error.text);
}

template <class T>
using Result = boost::system::result<T, Error>;

using Status = Result<void>;

inline Error failure(std::string text) {
    return {Error::Made{}, std::move(text)};
}

// `what: <text of errno value>`, for failed system calls.
Error system_failure(std::string what, int error_number);

}  // namespace fedmsg
