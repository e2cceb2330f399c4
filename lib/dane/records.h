/* SPDX-License-Identifier: BSD-2-Clause
 * What did the owner of this server's name publish, and how sure are we? */
#ifndef DP_DANE_RECORDS_H
#define DP_DANE_RECORDS_H

#include "dane/server.h"
#include "dane/usable.h"
#include "dnssec/validator.h"

#include <stdatomic.h>

/* One block: this, the records as they were read, and behind them all octets: base, its text,
 * RDATAs.  Nothing in it changes but the count of references. */
struct danepriv_records {
	atomic_size_t references;
	dp_server server;
	dp_proven proven;
	danepriv_source source;
	uint16_t support_hours;
	dp_name base;
	const char *base_text;
	size_t count;
	dp_association associations[];
};

/* Copies everything.  `base`: the TLSA base domain.  RDATAs are kept with PROOF_SECURE only.
 * *out has one reference, yours; NULL on failure.  ELIMIT: bounds of base/bounds.h.  ENOMEM. */
danepriv_status dp_records_new(const dp_server *server, dp_name base, dp_proven proven,
    const danepriv_span *rdatas, size_t count, danepriv_records **out);

/* What the validator found for `server` at the base domain `base`, taken down.  As dp_records_new.
 */
danepriv_status dp_records_of(const dp_server *server, dp_name base, const dp_validator *validator,
    const dp_found *found, danepriv_records **out);

/* What is proven when records are counted, too: more than a server may have are bogus. */
dp_proven dp_records_proven(const dp_validator *validator, const dp_found *found);

/* Where these came from; to be said before anybody else sees them. */
void dp_records_mark(danepriv_records *records, danepriv_source source, uint16_t support_hours);

/* They hold no longer than this, either; to be said before anybody else sees them. */
void dp_records_limit(danepriv_records *records, danepriv_time until, danepriv_time expiry);

/* One reference more; atomic. */
danepriv_records *dp_records_ref(danepriv_records *records);

const dp_server *dp_records_server(const danepriv_records *records);
dp_name dp_records_base(const danepriv_records *records);

#endif
