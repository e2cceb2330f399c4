/* SPDX-License-Identifier: BSD-2-Clause
 * danepriv.h - is the key at the other end the one that the owner of this server's name published?
 *
 * Everything that does no I/O.  No clock, no globals, no threads.  The adapters, which do, are
 * included by name: <danepriv/gnutls.h>, <danepriv/openssl.h>, <danepriv/getdns.h>.
 *
 * The least that there is: a record that you have validated yourself, what the peer has shown, and
 * the question whether a query may go to it, strictly.
 *
 *	int
 *	may_ask(const danepriv *ctx, danepriv_span rdata, const danepriv_credential *shown,
 *	    danepriv_time now)
 *	{
 *		const danepriv_server server = { .name = "ns1.example.net" };
 *		danepriv_verdict why = { .size = sizeof why };
 *		danepriv_records *records;
 *
 *		if (danepriv_records_vouch(&server, NULL, DANEPRIV_SECURITY_SECURE,
 *			DANEPRIV_REASON_NONE, &rdata, 1, now + 60, &records) != DANEPRIV_OK)
 *			return 0;
 *		danepriv_status status =
 *		    danepriv_evaluate(ctx, records, shown, NULL, 0, now, &why);
 *		danepriv_records_free(records);
 *		return status == DANEPRIV_OK &&
 *		    danepriv_decide(DANEPRIV_PROFILE_STRICT, DANEPRIV_PROVENANCE_CONFIGURED,
 *			why.finding, DANEPRIV_CHANNEL_ENCRYPTED) == DANEPRIV_DECISION_PROCEED;
 *	} */
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
#include <danepriv/word.h>

#endif
