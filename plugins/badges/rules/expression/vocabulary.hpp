// The functions, methods and attributes that expressions may use. Source: badges.md 3.6.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace badges::expression {

// How many arguments a function or method takes.
struct Arity {
    std::string_view name;
    std::size_t least;
    std::size_t most;
};

const Arity* function_named(std::string_view name);  // null: there is none
const Arity* method_named(std::string_view name);
bool is_attribute(std::string_view name);
bool is_module(std::string_view name);         // "re", "json", "fedmsg"
bool is_meta_function(std::string_view name);  // "fedmsg.meta...."
bool is_reserved(std::string_view word);       // words of Python's that are no names

std::vector<std::string> function_names();
std::vector<std::string> method_and_attribute_names();

}  // namespace badges::expression
