/* SPDX-License-Identifier: BSD-2-Clause
 * Which certificate of a file does a certificate usage mean?  (RFC 6698 section 2.1.1) */
#ifndef CLI_FITTING_H
#define CLI_FITTING_H

#include "files.h"

/* Puts the certificate first that a record of this usage is of: for 1 and 3 one that signed no
 * other one in the file, for 0 and 2 an authority's.  Says so on stderr where the first was another
 * one. False, and said why, if it cannot be told which. */
bool cli_fit_usage(const char *path, unsigned usage, cli_credential *credential);

/* Is the first certificate the issuer of another one in the file, so that it is hardly a server's?
 */
bool cli_first_is_issuer(const cli_credential *credential);

#endif
