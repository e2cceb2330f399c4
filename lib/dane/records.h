/* SPDX-License-Identifier: BSD-2-Clause
 * What did the owner of this server's name publish, and how sure are we? */
#ifndef DP_DANE_RECORDS_H
#define DP_DANE_RECORDS_H

#include "base/references.h"
#include "dane/server.h"
#include "dane/usable.h"
#include "dns/name.h"
#include "dnssec/proven.h"
#include "dnssec/validator.h"

/* Where the proof broke. */
typedef struct dp_records_place {
	uint16_t type;
	const char *zone; /* "": not known */
	char owner[];	  /* and behind it the zone */
} dp_records_place;

/* One block: this, the records as they were read, and behind them all octets: base, its text,
 * RDATAs.  What did not break needs no other.  Nothing in it changes but the count of references.
 * What is always asked for stands together, so that memory brings it at once. */
struct danepriv_records {
	dp_references references;
	dp_proven proven;
	dp_name base;
	const char *base_text;
	size_t count;
	danepriv_source source;
	uint16_t support_hours;
	uint8_t stream;		 /* danepriv_stream */
	bool has_alias;		 /* the server's name is one, and was followed */
	int32_t upstream_error;	 /* 1 + EDE; 0: none */
	uint32_t signed_ttl;	 /* 1 + seconds; 0: not known */
	dp_records_place *place; /* NULL: not known, or it did not break */
	dp_server server;
	dp_association associations[];
};

/* Records that are being made, one after the other: wherever they come from, no list of them has to
 * be made first. */
typedef struct dp_records_draft {
	danepriv_records *records;
	size_t count; /* that are there */
	uint8_t *at;  /* where the next one goes */
} dp_records_draft;

/* Room for `count` RDATAs of `octets` in sum; everything is copied.  `base`: the TLSA base domain.
 * RDATAs are kept with PROOF_SECURE only.  ELIMIT: bounds of base/bounds.h.  ENOMEM. */
danepriv_status dp_records_begin(dp_records_draft *draft, const dp_server *server, dp_name base,
    dp_proven proven, size_t count, size_t octets);
/* The next RDATA; one that was not counted is passed over. */
void dp_records_add(dp_records_draft *draft, danepriv_span rdata);
/* All of them are there.  One reference, yours. */
danepriv_records *dp_records_end(dp_records_draft *draft);

/* The same at once.  *out has one reference, yours; NULL on failure. */
danepriv_status dp_records_new(const dp_server *server, dp_name base, dp_proven proven,
    const danepriv_span *rdatas, size_t count, danepriv_records **out);

/* What the validator found for `server` at the base domain `base`, as records.  *out has one
 * reference, yours; NULL on failure.  ENOMEM. */
danepriv_status dp_records_of(const dp_server *server, dp_name base, const dp_validator *validator,
    const dp_found *found, danepriv_records **out);

/* Where the validator found that it broke; NULL where that is not known.  *out is yours to free.
 * ENOMEM. */
danepriv_status dp_records_place_of(
    const dp_validator *validator, const dp_found *found, dp_records_place **out);

/* What is proven when records are counted, too: more than a server may have leave it
 * indeterminate. */
dp_proven dp_records_proven(const dp_validator *validator, const dp_found *found);

/* Where these came from; to be said before anybody else sees them. */
void dp_records_mark(danepriv_records *records, danepriv_source source, uint16_t support_hours);

/* The server's name was an alias, and was followed; so it is for each base that is not that name.
 * To be said before anybody else sees them. */
void dp_records_mark_alias(danepriv_records *records);

/* Do these count for somebody of that rule?  What came by way of an alias only for those who follow
 * it; that it is one, and so an error, only for those who do not. */
bool dp_records_allow_alias(danepriv_aliases rule, bool has_alias, dp_proven proven);
bool dp_records_count_for(const danepriv_records *records, danepriv_aliases rule);
/* Is this what a lookup comes to that refuses an alias? */
bool dp_records_refuse_alias(dp_proven proven);

/* How the answers came; to be said before anybody else sees them.  `error`: 1 + EDE; 0: none. */
void dp_records_note(danepriv_records *records, danepriv_stream stream, int32_t error);

/* Can it be so for that reason?  Not where it is UNKNOWN. */
bool dp_records_reason_fits(danepriv_security security, danepriv_reason reason);

/* They hold no longer than this, either; to be said before anybody else sees them. */
void dp_records_limit(danepriv_records *records, danepriv_time until, danepriv_time expiry);

const dp_server *dp_records_server(const danepriv_records *records);
dp_name dp_records_base(const danepriv_records *records);

#endif
