// Whatever is read can be written in every form, what is written reads back as the same, and every body has an
// envelope.
#include <cstdlib>

#include "bus/base/utf8.hpp"
#include "bus/envelope/envelope.hpp"
#include "bus/json/python_text.hpp"
#include "bus/json/writer.hpp"

namespace {

using namespace fedmsg;

void require(bool holds) {
    if (!holds) std::abort();
}

void check_forms(const json::Value& value) {
    const auto sorted = json::canonical(value);
    const auto unsorted = json::relayed(value);
    require(json::canonical(*json::parse(sorted)) == sorted);
    require(json::canonical(*json::parse(unsorted)) == sorted);
    for (const auto& text : {unsorted, json::pretty(value)}) require(json::relayed(*json::parse(text)) == unsorted);
    for (const auto& text : {json::python_text(value), json::python_bare(value), json::python_pretty(value)})
        require(utf8::is_valid(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    auto document = json::parse(text);
    json::Document borrowed;
    require(json::parse(text, borrowed, json::Strings::borrow).has_value() == document.has_value());
    if (!document) return 0;
    require(utf8::is_valid(text));
    check_forms(*document);
    require(json::relayed(borrowed) == json::relayed(*document));
    envelope::normalise(*document, "org.example.dev.fuzz");
    (void)envelope::read(*document);
    return 0;
}
