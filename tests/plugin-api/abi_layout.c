#include "abi_layout_1_0.h"
#include "abi_layout_1_1.h"
