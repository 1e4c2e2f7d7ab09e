# Language level, warnings and compiler launcher: what every target of the project shares.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
  set(CMAKE_C_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
endif()

add_library(fedmsg_settings INTERFACE)
target_include_directories(fedmsg_settings INTERFACE "${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}/generated")
target_compile_options(fedmsg_settings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast -Wcast-qual
  -Wformat=2 -Wundef -Werror
  $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>  # clang makes no such symbols
  # The reversed operators that C++20 adds to RapidJSON's iterators are as good as the written ones.
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety -Wno-ambiguous-reversed-operator -Wno-unused-command-line-argument -Wno-ignored-optimization-argument>)

# Symbols are bound at start, and the tables that hold them are read-only from then on.
target_link_options(fedmsg_settings INTERFACE -Wl,-z,relro,-z,now)

configure_file("${PROJECT_SOURCE_DIR}/cmake/version.hpp.in" "${PROJECT_BINARY_DIR}/generated/fedmsg_version.hpp" @ONLY)
