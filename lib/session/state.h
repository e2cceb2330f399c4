/* SPDX-License-Identifier: BSD-2-Clause
 * What is known of one connection that is being judged? */
#ifndef DP_SESSION_STATE_H
#define DP_SESSION_STATE_H

#include "cache/cache.h"
#include "dane/reference.h"
#include "dane/server.h"
#include "dns/name.h"

#include <danepriv/session.h>

/* What was found last.  Never what was decided: the next question may come under another profile,
 * and of a zone that has its servers' names from elsewhere. */
typedef struct dp_last {
	danepriv_finding finding; /* UNJUDGED: nothing was */
	danepriv_security security;
	danepriv_reason reason;
	size_t record;
	danepriv_time at, valid_until; /* it stands; no longer than its evidence may be reused */
	danepriv_time shown_until;     /* of a match: what the peer has shown holds so long */
	danepriv_channel channel;
	danepriv_record_reason fault;
	size_t count; /* of records */
} dp_last;

struct danepriv_session {
	danepriv *ctx; /* a reference of its own */
	dp_server server;
	danepriv_profile profile;
	danepriv_records *records;	 /* a reference of ours, or NULL */
	bool fetched;			 /* for this connection: hold up to `expiry` */
	bool extended;			 /* extension 59 came */
	bool promised;			 /* it brought the records, in this very handshake */
	bool ended;			 /* and ended the handshake: the next one does without */
	uint8_t *chain;			 /* that proves the records, if it came in one; ours */
	size_t chain_len;		 /* at most DP_MESSAGE_OCTETS_MAX */
	danepriv_credential *credential; /* a copy of ours, or NULL */
	dp_names names;			 /* that a certificate may be made out to, too */
	dp_name_store sent;		 /* the SNI */
	char name[DP_NAME_TEXT_MAX];	 /* the SNI to send, without final dot */
	danepriv_time pinned;		 /* the end of its pin; DP_NEVER: none was known */
	const danepriv_cache *memory;	 /* that has the records, too: never followed */
	uint64_t place;	     /* of them there: the server's, by a secret of that cache */
	uint64_t generation; /* of them there */
	dp_last last;
};

/* Takes a reference in place of any before; NULL: there is no evidence.  The chain of those before
 * is let go.  EINVAL: for another server, or they do not count where its aliases are refused, or
 * followed. */
danepriv_status dp_session_take_records(
    danepriv_session *session, danepriv_records *records, bool fetched);

/* danepriv_session_decide, for a question of this profile. */
danepriv_decision dp_session_decide(danepriv_session *session, danepriv_profile profile,
    danepriv_provenance provenance, danepriv_channel channel, danepriv_time now,
    danepriv_verdict *why);

/* The chain has been kept elsewhere, or is of no use. */
void dp_session_drop_chain(danepriv_session *session);

#endif
