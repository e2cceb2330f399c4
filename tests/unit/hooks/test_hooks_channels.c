/* SPDX-License-Identifier: BSD-2-Clause
 * lib/hooks: how may an address be asked, and by whom does it count what was found there? */
#include "support/credentials.h"
#include "support/resolving.h"
#include "support/suite.h"

#include <stdbool.h>

#define STRICT DANEPRIV_PROFILE_STRICT
#define FREE DANEPRIV_PROFILE_OPPORTUNISTIC
#define PROVEN DANEPRIV_PROVENANCE_SECURE
#define UNPROVEN DANEPRIV_PROVENANCE_UNPROVEN
#define EVENT(e) DANEPRIV_EVENT_##e
#define C(name) DANEPRIV_CHANNELS_##name

/* ---- how ---- */

typedef struct channels_row {
	const char *name;
	danepriv_provenance provenance;
	danepriv_security security; /* NOTHING: nothing is known */
	const char *shown;	    /* NULL: nothing was */
	address_kind family;
	danepriv_event event; /* NONE: nothing befell it */
	danepriv_channels strict, free;
} channels_row;

static const channels_row channel_rows[] = {
	{ "nothing is known", PROVEN, NOTHING, NULL, IPV4, 0, C(ENCRYPTED), C(BOTH) },
	{ "of IPv6", PROVEN, NOTHING, NULL, IPV6, 0, C(ENCRYPTED), C(BOTH) },
	{ "keys", PROVEN, SECURE, NULL, IPV4, 0, C(ENCRYPTED), C(BOTH) },
	{ "authenticated", PROVEN, SECURE, "ee", IPV4, 0, C(ENCRYPTED), C(BOTH) },
	{ "rejected", PROVEN, SECURE, "other", IPV4, 0, C(NONE), C(BOTH) },
	{ "by a referral", UNPROVEN, SECURE, "ee", IPV4, 0, C(NONE), C(BOTH) },
	{ "denied", PROVEN, DENIED, NULL, IPV4, 0, C(NONE), C(BOTH) },
	{ "insecure", PROVEN, INSECURE, NULL, IPV4, 0, C(NONE), C(BOTH) },
	{ "bogus", PROVEN, BOGUS, NULL, IPV4, 0, C(NONE), C(BOTH) },
	{ "reached", PROVEN, NOTHING, NULL, IPV4, EVENT(COMPLETED), C(ENCRYPTED), C(BOTH) },
	{ "on its way", PROVEN, NOTHING, NULL, IPV4, EVENT(INITIATED), C(ENCRYPTED), C(CLEAR) },
	{ "failed", PROVEN, NOTHING, NULL, IPV4, EVENT(FAILED), C(ENCRYPTED), C(CLEAR) },
	{ "timed out", PROVEN, DENIED, NULL, IPV4, EVENT(TIMED_OUT), C(NONE), C(CLEAR) },
	{ "failed, with keys", PROVEN, SECURE, NULL, IPV4, EVENT(FAILED), C(ENCRYPTED), C(BOTH) },
	{ "local", PROVEN, SECURE, NULL, LOCAL, 0, C(NONE), C(NONE) },
	{ "none", PROVEN, SECURE, NULL, NONE, 0, C(NONE), C(NONE) },
};

START_TEST(channels)
{
	const channels_row *row = &channel_rows[_i];

	for (int is_free = 0; is_free < 2; is_free++) {
		any_address room;
		resolving r;
		resolving_open(&r, is_free ? FREE : STRICT);
		r.address = address_of(row->family, 1, &room);
		if (row->security != NOTHING)
			resolving_put(
			    &r, row->security, row->security == SECURE ? "ee" : NULL, 3, 100, 0);
		if (row->shown)
			ck_assert_int_eq(resolving_judge(&r, row->shown, 0, NULL), DANEPRIV_OK);
		if (row->event)
			ck_assert_int_eq(danepriv_hooks_note(&r.hooks, r.address,
					     DANEPRIV_TRANSPORT_DOT, row->event, 1000, NOW),
			    DANEPRIV_OK);
		ck_assert_msg(
		    danepriv_hooks_channels(&r.hooks, WWW, &cached_server, row->provenance,
			r.address, NOW) == (is_free ? row->free : row->strict),
		    "%s, %d", row->name, is_free);
		resolving_close(&r);
	}
}
END_TEST

/* ---- for whom it is noted ---- */

/* Whom the address is noted for: at which port, and by which rule for aliases. */
typedef struct noted_row {
	const char *name;
	uint16_t port;
	bool is_alias; /* the keys were found at its end, by who follows it */
	const char *shown;
	danepriv_channels strict;
} noted_row;

static const noted_row noted[] = {
	{ "rejected", 0, false, "other", C(NONE) },
	{ "rejected at another port", 8853, false, "other", C(NONE) },
	{ "rejected behind an alias", 0, true, "other", C(NONE) },
	{ "matched at another port", 8853, false, "ee", C(ENCRYPTED) },
	{ "matched behind an alias", 0, true, "ee", C(ENCRYPTED) },
};

static void
put_for_server(resolving *r)
{
	test_peer peer;
	danepriv_records *records;

	peer_open(&peer, "ee");
	test_octets rdata = rdata_of_peer(&peer, 3, 1, 1);
	const danepriv_span span = octets_span(rdata);
	ck_assert_int_eq(
	    danepriv_records_vouch(&r->server, r->server.aliases ? "end.example.org" : NULL, SECURE,
		DANEPRIV_REASON_NONE, &span, 1, NOW + 100, &records),
	    DANEPRIV_OK);
	ck_assert_int_eq(danepriv_cache_put(r->cache, records, NOW), DANEPRIV_OK);
	danepriv_records_free(records);
	octets_free(rdata);
	peer_close(&peer);
}

START_TEST(noted_for)
{
	const noted_row *row = &noted[_i];
	resolving r;

	resolving_open(&r, STRICT);
	r.server.port = row->port;
	if (row->is_alias)
		r.server.aliases = DANEPRIV_ALIASES_FOLLOW;
	put_for_server(&r);
	ck_assert_int_eq(resolving_judge(&r, row->shown, 0, NULL), DANEPRIV_OK);
	ck_assert_int_eq(r.judged.finding,
	    row->strict == C(NONE) ? DANEPRIV_FINDING_MISMATCH : DANEPRIV_FINDING_MATCH);
	ck_assert_msg(danepriv_hooks_channels(&r.hooks, WWW, &r.server, PROVEN, r.address, NOW) ==
			  row->strict,
	    "%s", row->name);
	/* At the server's own address alone: with another one nothing was found. */
	any_address room;
	ck_assert_int_eq(danepriv_hooks_channels(
			     &r.hooks, WWW, &r.server, PROVEN, address_of(IPV4, 9, &room), NOW),
	    C(ENCRYPTED));
	resolving_close(&r);
}
END_TEST

/* Who shows less than before keeps no rank by it, and is not rejected for it. */
START_TEST(shown_less)
{
	any_address rooms[2];
	const struct sockaddr *list[] = { address_of(IPV4, 1, &rooms[0]),
		address_of(IPV4, 2, &rooms[1]) };
	danepriv_verdict why = { .size = sizeof why };
	size_t order[2];
	test_peer peer;
	resolving r;

	resolving_open(&r, STRICT);
	resolving_put(&r, SECURE, "by-sub,sub,root", 2, 100, 0);
	r.address = list[1];
	ck_assert_int_eq(resolving_judge(&r, "by-sub,sub,root", 0, NULL), DANEPRIV_OK);
	ck_assert_uint_eq(
	    danepriv_hooks_rank(&r.hooks, WWW, &r.server, PROVEN, list, 2, NOW, order), 2);
	ck_assert_uint_eq(order[0], 1);
	peer_open(&peer, "by-sub,sub,root");
	const danepriv_credential leaf = { DANEPRIV_CREDENTIAL_LEAF, peer.credential.items, 1 };
	ck_assert_int_eq(
	    danepriv_hooks_judge(&r.hooks, &r.server, r.address, &leaf, NOW, &r.judged, &why),
	    DANEPRIV_OK);
	ck_assert_int_eq(why.reason, DANEPRIV_REASON_NOT_SHOWN);
	ck_assert_int_eq(
	    resolving_decide(&r, DANEPRIV_CHANNEL_ENCRYPTED, 0), DANEPRIV_DECISION_REFUSE);
	ck_assert_uint_eq(
	    danepriv_hooks_rank(&r.hooks, WWW, &r.server, PROVEN, list, 2, NOW, order), 2);
	ck_assert_uint_eq(order[0], 0);
	peer_close(&peer);
	resolving_close(&r);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("hooks_channels");
	TCase *tc = tcase_create("hooks_channels");

	tcase_add_loop_test(tc, channels, 0, ROWS(channel_rows));
	tcase_add_loop_test(tc, noted_for, 0, ROWS(noted));
	tcase_add_test(tc, shown_less);
	suite_add_tcase(suite, tc);
	return suite;
}
