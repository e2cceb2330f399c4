/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by a domain name?  What cannot be read ends the test. */
#ifndef TESTS_NAMES_H
#define TESTS_NAMES_H

#include "dns/name.h"

dp_name_store name_from(const char *text);

#endif
