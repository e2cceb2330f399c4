/* SPDX-License-Identifier: BSD-2-Clause
 * Whom are questions asked that danepriv does not judge? */
#ifndef CLI_STUB_H
#define CLI_STUB_H

#include "network.h"

#include <getdns/getdns.h>

/* Asks the network's resolver, and nobody else.  To be destroyed; NULL when getdns refuses. */
getdns_context *cli_stub_open(const cli_network *network);

#endif
