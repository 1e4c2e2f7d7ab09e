# fedmsg_module(NAME SOURCES ... [PUBLIC targets...] [PRIVATE targets...])
#   One static library for one folder. PUBLIC: what its headers need; PRIVATE: what only its sources need.
function(fedmsg_module NAME)
  cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(${NAME} STATIC ${ARG_SOURCES})
  target_link_libraries(${NAME} PUBLIC fedmsg_settings ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
endfunction()

# fedmsg_program(NAME SOURCES ... LINK targets...)   One installed command.
function(fedmsg_program NAME)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${NAME} ${ARG_SOURCES})
  target_link_libraries(${NAME} PRIVATE fedmsg_settings ${ARG_LINK})
  set_target_properties(${NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
  install(TARGETS ${NAME} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()

set(FEDMSG_HUB_TIMEOUT_FACTOR 1 CACHE STRING "Multiplies every test's time limit: sanitizers, nightly runs")

# Builds the tests labelled "concurrency": those that ThreadSanitizer runs.
add_custom_target(concurrency_tests)

# fedmsg_test(NAME SOURCES ... LINK targets... [LABELS ...] [TIMEOUT seconds])
#   One GoogleTest program; each of its cases becomes a ctest case.
function(fedmsg_test NAME)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LINK;LABELS" ${ARGN})
  add_executable(${NAME} ${ARG_SOURCES})
  target_link_libraries(${NAME} PRIVATE fedmsg_settings ${ARG_LINK} test_support GTest::gmock GTest::gtest_main)
  set_target_properties(${NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 60)
  endif()
  math(EXPR ARG_TIMEOUT "${ARG_TIMEOUT} * ${FEDMSG_HUB_TIMEOUT_FACTOR}")
  if(NOT ARG_LABELS)
    set(ARG_LABELS unit)
  endif()
  if("concurrency" IN_LIST ARG_LABELS)
    add_dependencies(concurrency_tests ${NAME})
  endif()
  gtest_discover_tests(${NAME} DISCOVERY_MODE PRE_TEST TEST_LIST ${NAME}_cases PROPERTIES TIMEOUT ${ARG_TIMEOUT})
  # Labels are a list, which gtest_discover_tests cannot pass on: ctest sets them once it knows the cases.
  set(LABELS_FILE "${CMAKE_CURRENT_BINARY_DIR}/${NAME}_labels.cmake")
  file(WRITE "${LABELS_FILE}" "if(${NAME}_cases)
  set_tests_properties(\${${NAME}_cases} PROPERTIES LABELS \"${ARG_LABELS}\")
endif()
")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES "${LABELS_FILE}")
endfunction()
