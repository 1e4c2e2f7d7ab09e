// The daemon's command line: its options beside the common ones, and what they say.
#pragma once

#include "bus/cli/command_line.hpp"
#include "daemon/app/app.hpp"

namespace fedmsg::hub {

// The options, with the request for the loader filled in for the role and instance that argv names. A command line that
// cannot be read gives the options alone: cli::run() tells of the mistake.
cli::CommandLine command_line(int argc, char** argv);

// What the app needs of it. Throws cli::Failure.
App::Input input_from(cli::Invocation& invocation);

}  // namespace fedmsg::hub
