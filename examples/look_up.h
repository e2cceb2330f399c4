/* SPDX-License-Identifier: BSD-2-Clause
 * What has the owner of this server's name published, and what proves it? */
#ifndef EXAMPLES_LOOK_UP_H
#define EXAMPLES_LOOK_UP_H

#include <danepriv/danepriv.h>
#include <danepriv/getdns.h>

/* Waits for the answers.  On success *records is yours to free, and so is *chain, which is left as it
 * was where there is nothing to show to others.  `chain` may be NULL. */
danepriv_status look_up(danepriv_getdns *dns, const danepriv *ctx, const danepriv_server *server,
    danepriv_records **records, danepriv_chain **chain);

#endif
