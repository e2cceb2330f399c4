/* SPDX-License-Identifier: BSD-2-Clause
 * Over IPsec: may an SA with a peer that has shown this carry DNS?  An IKE daemon speaks with the
 * peer.  Here the records are looked up, and what the daemon was shown is judged by them. */
#include "check.h"
#include "commands.h"
#include "options.h"

#include <stdio.h>
#include <time.h>

/* What may be wrong with the ID, or otherwise with the records, when none matches. */
static void
find_fault(
    cli_outcome *c, const cli_network *network, const danepriv_records *records, danepriv_time now)
{
	cli_judged judged = {
		.ctx = network->ctx, .records = records, .peer = &c->ike->peer, .now = now
	};

	if (c->why.finding == DANEPRIV_FINDING_UNJUDGED)
		(void)snprintf(
		    c->trouble, sizeof c->trouble, "the records hold no longer: their TTL is over");
	if (c->why.finding != DANEPRIV_FINDING_MISMATCH)
		return;
	c->blame =
	    cli_ike_blame(c->ike, network->server.server.name, danepriv_records_base(records));
	if (!c->blame)
		cli_hints_find(&c->hints, &judged);
}

/* False, and said so, when what is shown is more than can be judged. */
static bool
judge(cli_outcome *c, const cli_network *network, const danepriv_records *records,
    danepriv_profile profile)
{
	danepriv_time now = (danepriv_time)time(NULL);

	c->found.size = sizeof c->found;
	danepriv_status status =
	    danepriv_ike_evaluate(network->ctx, records, &c->ike->peer, now, &c->found, &c->why);
	if (status != DANEPRIV_OK) {
		cli_complain("cannot judge: %s", danepriv_sentence(DANEPRIV_KIND_STATUS, status));
		return false;
	}
	/* Who calls this program has written the name down. */
	c->decision =
	    danepriv_ike_decide(profile, DANEPRIV_PROVENANCE_CONFIGURED, c->found.finding);
	find_fault(c, network, records, now);
	cli_check_name_records(c, records);
	return true;
}

static int
exit_status(const cli_outcome *c)
{
	if (c->decision == DANEPRIV_DECISION_PROCEED)
		return CLI_EXIT_YES;
	if (c->decision == DANEPRIV_DECISION_PROCEED_UNAUTHENTICATED)
		return CLI_EXIT_UNAUTHENTICATED;
	return cli_reason_is_unreachable(c->why.reason) ? CLI_EXIT_UNREACHABLE : CLI_EXIT_NO;
}

int
cli_check_ike(cli_outcome *c, cli_network *network, const cli_shown *shown,
    danepriv_profile profile, bool json)
{
	cli_credential credential = { .credential = { .count = 0 } };
	danepriv_records *records = NULL;
	cli_ike ike = { .type = NULL };
	int result = CLI_EXIT_USAGE;

	if (!cli_ike_read_id(&ike, shown->id, network->server.name) ||
	    !cli_read_credential(shown->cert, shown->key, &credential))
		goto out;
	cli_ike_show(&ike, &credential);
	c->ike = &ike;
	result = cli_network_lookup(network, &records);
	if (result != CLI_EXIT_YES)
		goto out;
	result = CLI_EXIT_USAGE;
	if (judge(c, network, records, profile) && cli_check_tell(c, json))
		result = exit_status(c);
out:
	c->ike = NULL;
	danepriv_records_free(records);
	cli_credential_free(&credential);
	return result;
}
