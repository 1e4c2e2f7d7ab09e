// Whatever is read can be written, and what is written reads back as the same.
#include <cstdlib>

#include "bus/json/python_text.hpp"
#include "bus/json/writer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    using namespace fedmsg;
    const auto document = json::parse({reinterpret_cast<const char*>(data), size});
    if (!document) return 0;
    const auto text = json::canonical(*document);
    const auto again = json::parse(text);
    if (!again || json::canonical(*again) != text) std::abort();
    (void)json::python_pretty(*document);
    return 0;
}
