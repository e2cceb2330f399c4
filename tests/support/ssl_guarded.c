/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by a guarded connection with OpenSSL? */
#include "support/ssl_guarded.h"

ssl_pair ends;

danepriv_decision
decide_client(danepriv_finding *finding)
{
	danepriv_verdict why = { .size = sizeof why };
	danepriv_decision decision = danepriv_openssl_decide(ends.client.ssl, session,
	    DANEPRIV_PROVENANCE_CONFIGURED, ends.client.result, NOW, &why);

	*finding = why.finding;
	return decision;
}
