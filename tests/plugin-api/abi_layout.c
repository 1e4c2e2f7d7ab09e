#include "abi_layout_1_0.h"
