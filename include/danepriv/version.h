/* SPDX-License-Identifier: BSD-2-Clause
 * version.h - which danepriv is this?  The soname is read from here: until 1.0 it is the minor
 * version. */
#ifndef DANEPRIV_VERSION_H
#define DANEPRIV_VERSION_H

#define DANEPRIV_VERSION_MAJOR 0
#define DANEPRIV_VERSION_MINOR 1
#define DANEPRIV_VERSION_PATCH 0
#define DANEPRIV_VERSION "0.1.0"

#endif
