#pragma GCC diagnostic ignored "-Wold-style-cast"  // the pins are written for C, too
#include "abi_layout_1_0.h"
#include "abi_layout_1_1.h"
