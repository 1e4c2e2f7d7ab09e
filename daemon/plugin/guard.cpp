#include "daemon/plugin/guard.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <typeinfo>

#include "bus/base/utf8.hpp"

namespace fedmsg::hub {
namespace {

constexpr std::size_t kMaxLineBytes = 4096;

struct Free {
    void operator()(char* memory) const { std::free(memory); }  // __cxa_demangle uses malloc
};

std::string name_of_current_exception() {
    const std::type_info* type = abi::__cxa_current_exception_type();
    if (type == nullptr) return "a foreign exception";
    int status = 0;
    const std::unique_ptr<char, Free> name(abi::__cxa_demangle(type->name(), nullptr, nullptr, &status));
    return status == 0 ? name.get() : type->name();
}

std::string with_text(std::string_view text) {
    return name_of_current_exception() + ": " + one_line(text);
}

std::string describe_current() {
    try {
        throw;
    } catch (const std::exception& e) {
        return with_text(e.what() == nullptr ? "" : e.what());
    } catch (const std::string& e) {
        return with_text(e);
    } catch (const char* e) {
        return with_text(e == nullptr ? "" : e);
    } catch (int e) {
        return with_text(std::to_string(e));
    } catch (...) {
        return name_of_current_exception();
    }
}

}  // namespace

std::string describe_current_exception() noexcept {
    try {
        return describe_current();
    } catch (...) {
        return "something that cannot be described";  // what() threw, or memory is short
    }
}

void ErrorText::receive(void* self, fedmsg_hub_text text) noexcept {
    auto& error = *static_cast<ErrorText*>(self);
    try {
        if (error.text_.empty()) error.text_ = one_line(view_of(text));
    } catch (...) {
        // Memory is short: the failure is reported without its reason.
    }
}

std::string one_line(std::string_view text) {
    std::string line(text.substr(0, kMaxLineBytes));
    // A cut may have gone through a character.
    while (!line.empty() && !utf8::is_valid(line) && text.size() > line.size() && line.size() > kMaxLineBytes - 4)
        line.pop_back();
    const bool is_text = utf8::is_valid(line);
    for (char& c : line) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f) c = ' ';
        if (byte >= 0x80 && !is_text) c = '?';
    }
    return line;
}

}  // namespace fedmsg::hub
