// The plugin's one exported symbol.
#include "genacls/genacls.hpp"

using genacls::describe_all;
FEDMSG_HUB_PLUGIN(describe_all)
