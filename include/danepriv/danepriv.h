/* SPDX-License-Identifier: BSD-2-Clause
 * danepriv.h - is the key at the other end the one that the owner of this server's name published?
 *
 * This header includes everything that does no I/O: no clock, no globals, no threads.  The adapters
 * do I/O.  Include them by name: <danepriv/gnutls.h>, <danepriv/openssl.h>, <danepriv/getdns.h>.
 *
 * Without adapters.  This is the main job where you have validated a record yourself, and know what
 * the peer has shown.  May a question go to it, strictly?
 *
 *	int
 *	may_ask(danepriv_span rdata, const danepriv_credential *shown, danepriv_time now)
 *	{
 *		const danepriv_server server = { .name = "ns1.example.net" };
 *		danepriv_decision decision = DANEPRIV_DECISION_REFUSE;
 *		danepriv_records *records = NULL;
 *		danepriv_session *session = NULL;
 *		danepriv *ctx = NULL;
 *
 *		if (danepriv_open(NULL, &ctx) == DANEPRIV_OK &&
 *		    danepriv_records_vouch(&server, NULL, DANEPRIV_SECURITY_SECURE,
 *			DANEPRIV_REASON_NONE, &rdata, 1, now + 60, &records) == DANEPRIV_OK &&
 *		    danepriv_session_new(ctx, &server, DANEPRIV_PROFILE_STRICT, &session) ==
 *			DANEPRIV_OK &&
 *		    danepriv_session_give_records(session, records) == DANEPRIV_OK &&
 *		    danepriv_session_give_credential(session, shown) == DANEPRIV_OK)
 *			decision = danepriv_session_decide(session,
 *			    DANEPRIV_PROVENANCE_CONFIGURED, DANEPRIV_CHANNEL_ENCRYPTED, now, NULL);
 *		danepriv_session_free(session);
 *		danepriv_records_free(records);
 *		danepriv_close(ctx);
 *		return decision == DANEPRIV_DECISION_PROCEED;
 *	}
 *
 * With adapters.  A program that looks records up, and connects with GnuTLS, calls these in this
 * order.  Set the `size` of `settings` and `why` (status.h); gnutls.h has what GnuTLS itself needs:
 *
 *	once:
 *	    danepriv_open(NULL, &ctx)
 *	    danepriv_getdns_open(NULL, 0, &dns)
 *	for each server:
 *	    danepriv_lookup_new(ctx, &server, &lookup)
 *	    danepriv_getdns_start(dns, lookup, 0, now)
 *	    danepriv_getdns_run(dns, lookup)
 *	    danepriv_lookup_finish(lookup, now, &records)
 *	    danepriv_lookup_free(lookup)
 *	for each connection:
 *	    danepriv_session_new(ctx, &server, DANEPRIV_PROFILE_STRICT, &session)
 *	    danepriv_session_give_fetched_records(session, records)
 *	    danepriv_gnutls_guard(tls, session, &settings, now, NULL)
 *	    gnutls_handshake(tls)
 *	    danepriv_gnutls_decide(tls, session, DANEPRIV_PROVENANCE_CONFIGURED, result, now, &why)
 *	    danepriv_gnutls_must_reconnect(tls): once more, with a new `tls` and the same `session`
 *	at the end:
 *	    gnutls_deinit(tls), danepriv_session_free(session), danepriv_records_free(records),
 *	    danepriv_getdns_close(dns), danepriv_close(ctx)
 *
 * Between danepriv_getdns_start and danepriv_getdns_run the lookup belongs to `dns`.  To give up
 * there, call danepriv_getdns_stop before danepriv_lookup_free.
 *
 * Opportunistic.  Open the session with DANEPRIV_PROFILE_OPPORTUNISTIC.  Give it the records that
 * the lookup brought, whatever they say: without any, both profiles refuse.  Only where it failed,
 * and so brought none, give INDETERMINATE ones of your own (danepriv_records_vouch).  What is given
 * last takes the place of what was there.
 *
 * In clear.  Opportunistic may ask danepriv_session_decide with DANEPRIV_CHANNEL_CLEAR where TLS
 * did not come up: there was no connection, or `result` is not 0.  Where you must connect again, do
 * that first.  Once a handshake was completed, never ask for CLEAR, whatever was refused.
 *
 * Memory.  The calls above remember nothing, so no server is ever pinned and no finding is a
 * DOWNGRADE.  That takes a cache: danepriv_session_recall after danepriv_session_new, and
 * danepriv_session_remember after the decision.
 *
 * What to read.  First these, in this order:
 *
 *	status.h      could the work be done?
 *	context.h     whom do we trust at the top?
 *	server.h      which server do we mean, and where does its name come from?
 *	records.h     what did its owner publish, and how sure are we?
 *	credential.h  what did the peer present?
 *	judge.h       is the credential the one that was published?
 *	policy.h      what may you do then?
 *	session.h     all of this for one connection
 *	getdns.h      who carries the questions of a lookup?
 *	gnutls.h      may questions go over this GnuTLS session?
 *	openssl.h     may they go over this OpenSSL connection?
 *
 * Then these, when you come to them:
 *
 *	lookup.h      how do I carry the questions of a lookup myself?
 *	chain.h       what does the proof prove that a server sends in its handshake?
 *	cache.h       what do we know of a server and an address, and until when?
 *	plan.h        whom does a resolver ask next, and how?
 *	rules.h       under which domain must questions be protected?
 *	zone.h        which name servers does the owner of a zone name?
 *	zones.h       which of these do we remember?
 *	ike.h         is this IKE peer the one that was published?
 *	hooks.h       how does a resolver with hooks of its own ask all this?
 *	record.h      how is a record written down?
 *	word.h        what is each value called?
 *	crypto.h      who verifies signatures?
 *	version.h     which danepriv is this? */
#ifndef DANEPRIV_H
#define DANEPRIV_H

#include <danepriv/version.h>
#include <danepriv/status.h>
#include <danepriv/crypto.h>
#include <danepriv/context.h>
#include <danepriv/server.h>
#include <danepriv/record.h>
#include <danepriv/records.h>
#include <danepriv/lookup.h>
#include <danepriv/chain.h>
#include <danepriv/credential.h>
#include <danepriv/judge.h>
#include <danepriv/policy.h>
#include <danepriv/rules.h>
#include <danepriv/cache.h>
#include <danepriv/plan.h>
#include <danepriv/hooks.h>
#include <danepriv/session.h>
#include <danepriv/zone.h>
#include <danepriv/zones.h>
#include <danepriv/ike.h>
#include <danepriv/word.h>

#endif
