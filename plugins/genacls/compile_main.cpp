// fedmsg-genacls-compile: see compile_service.hpp.
#include <exception>
#include <iostream>
#include <iterator>

#include "genacls/compile_service.hpp"

int main(int count, char** arguments) {
    try {
        const auto order = genacls::CompileOrder::of({arguments + 1, arguments + count});
        const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
        return genacls::carry_out(order, text, std::cerr);
    } catch (const std::exception& error) {
        std::cerr << "fedmsg-genacls-compile: " << error.what() << "\n";
        return 2;
    }
}
