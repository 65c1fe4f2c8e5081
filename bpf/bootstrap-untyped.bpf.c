// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* The same programs for kernels that do not tell their types; see access.bpf.h. */
#define UNTYPED
#include "bootstrap.bpf.c"
