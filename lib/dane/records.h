/* SPDX-License-Identifier: BSD-2-Clause
 * What did the owner of this server's name publish, and how sure are we? */
#ifndef DP_DANE_RECORDS_H
#define DP_DANE_RECORDS_H

#include "dane/server.h"
#include "dnssec/proven.h"

/* Copies everything.  `base`: the TLSA base domain.  RDATAs are kept with PROOF_SECURE only.
 * *out has one reference, yours; NULL on failure.  ELIMIT: bounds of base/bounds.h.  ENOMEM. */
danepriv_status dp_records_new(const dp_server *server, dp_name base, dp_proven proven,
    const danepriv_span *rdatas, size_t count, danepriv_records **out);

/* One reference more; atomic. */
danepriv_records *dp_records_ref(danepriv_records *records);

const dp_server *dp_records_server(const danepriv_records *records);
dp_name dp_records_base(const danepriv_records *records);

#endif
