# fedmsg_hub_add_plugin(NAME SOURCES file... [LINK target...] [VERSION text])
#
#   Builds NAME.so, a plugin for fedmsg-hub, and installs it where the hub looks. It
#   - exports the one symbol fedmsg_hub_plugin_v1 and nothing else, so that plugins and their versions cannot get mixed up;
#   - fails to link if a symbol is missing, which would otherwise show when the hub starts;
#   - is tried by fedmsg-hub-plugin-check after linking, if that program is there.
#   VERSION defaults to PROJECT_VERSION. LINK takes the plugin's libraries.

set(FEDMSG_HUB_PLUGIN_MAP "${CMAKE_CURRENT_LIST_DIR}/plugin.map" CACHE INTERNAL "symbols that a plugin exports")

function(fedmsg_hub_add_plugin NAME)
  cmake_parse_arguments(ARG "" "VERSION" "SOURCES;LINK" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "fedmsg_hub_add_plugin(${NAME}): unknown argument ${ARG_UNPARSED_ARGUMENTS}; "
                        "it takes SOURCES, LINK and VERSION")
  endif()
  if(NOT ARG_SOURCES)
    message(FATAL_ERROR "fedmsg_hub_add_plugin(${NAME}): add SOURCES and the plugin's source files")
  endif()
  if(NOT ARG_VERSION)
    set(ARG_VERSION "${PROJECT_VERSION}")
  endif()

  add_library(${NAME} MODULE ${ARG_SOURCES})
  set_target_properties(${NAME} PROPERTIES
    PREFIX "" SUFFIX ".so" POSITION_INDEPENDENT_CODE ON
    CXX_VISIBILITY_PRESET hidden C_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS "${FEDMSG_HUB_PLUGIN_MAP}")
  target_compile_features(${NAME} PRIVATE cxx_std_17)
  target_compile_definitions(${NAME} PRIVATE
    "FEDMSG_HUB_PLUGIN_NAME=\"${NAME}\"" $<$<BOOL:${ARG_VERSION}>:FEDMSG_HUB_PLUGIN_VERSION="${ARG_VERSION}">)
  # g++ marks some symbols as unique in the whole process, even across dlopen; clang makes no such symbols.
  target_compile_options(${NAME} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>)
  target_link_libraries(${NAME} PRIVATE fedmsg-hub::plugin-api ${ARG_LINK})
  target_link_options(${NAME} PRIVATE "LINKER:--version-script=${FEDMSG_HUB_PLUGIN_MAP}")
  # clang's sanitizers leave their symbols to the program.
  if(NOT (CMAKE_CXX_COMPILER_ID MATCHES "Clang" AND "${CMAKE_CXX_FLAGS}" MATCHES "-fsanitize"))
    target_link_options(${NAME} PRIVATE "LINKER:--no-undefined")
  endif()

  if(TARGET fedmsg-hub::plugin-check AND NOT CMAKE_CROSSCOMPILING)
    add_custom_command(TARGET ${NAME} POST_BUILD
      COMMAND fedmsg-hub::plugin-check "$<TARGET_FILE:${NAME}>"
      COMMENT "Checking the plugin ${NAME}" VERBATIM)
  endif()
  install(TARGETS ${NAME} LIBRARY DESTINATION "${FEDMSG_HUB_PLUGIN_DIR}")
endfunction()
