#include "bus/base/result.hpp"

#include <system_error>

namespace fedmsg {

Error system_failure(std::string what, int error_number) {
    return failure(std::move(what) + ": " + std::generic_category().message(error_number));
}

}  // namespace fedmsg
