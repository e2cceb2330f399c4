/* SPDX-License-Identifier: BSD-2-Clause
 * version.h - which danepriv is this?
 *
 * The soname is read from here: until 1.0 it is the minor version. */
#ifndef DANEPRIV_VERSION_H
#define DANEPRIV_VERSION_H

#include <danepriv/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the headers that a program was built with. */
#define DANEPRIV_VERSION_MAJOR 0
#define DANEPRIV_VERSION_MINOR 2
#define DANEPRIV_VERSION_PATCH 0
#define DANEPRIV_VERSION "0.2.0"

/* Tells the version of the library that answers, in the form of DANEPRIV_VERSION.
 * Returns: static text, never NULL. */
DANEPRIV_API const char *danepriv_version(void);

#ifdef __cplusplus
}
#endif

#endif
