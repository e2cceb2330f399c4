/* SPDX-License-Identifier: BSD-2-Clause
 * lib/lookup/build_chain.c: what may a server show of itself?  What a lookup of oneself has seen becomes a
 * chain, and the chain proves what the lookup has found. */
#include "dane/records.h"
#include "dns/rr.h"
#include "support/asking.h"
#include "support/suite.h"

#include <danepriv/chain.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static proof_cases cases;

/* Which of them have owner names of servers, and which have server names. */
static size_t *owners, *servers;
static int owner_count, server_count;

/* `_443._tcp.www.example.com.` as a server; false for owner names of other kinds. */
static bool
server_of(const proof_case *c, danepriv_server *server)
{
	char *end;

	memset(server, 0, sizeof *server);
	if (c->type != DP_TYPE_TLSA || c->qname[0] != '_')
		return false;
	server->port = (uint16_t)strtoul(c->qname + 1, &end, 10);
	server->name = end + strlen("._tcp.");
	return server->port > 0 && strncmp(end, "._tcp.", 6) == 0 &&
	       danepriv_server_owner(server, NULL, 0, NULL) == DANEPRIV_ELIMIT;
}

static bool
is_provable(const danepriv_records *records)
{
	danepriv_security security = danepriv_records_security(records);

	return security == DANEPRIV_SECURITY_SECURE || security == DANEPRIV_SECURITY_DENIED ||
	       (security == DANEPRIV_SECURITY_INSECURE &&
		   danepriv_records_reason(records) != DANEPRIV_REASON_NEGATIVE_ANCHOR);
}

static bool
has_rdata(const danepriv_records *records, danepriv_span rdata)
{
	for (size_t i = 0; i < danepriv_records_count(records); i++) {
		danepriv_span other = danepriv_records_rdata(records, i);
		if (other.len == rdata.len && memcmp(other.data, rdata.data, rdata.len) == 0)
			return true;
	}
	return false;
}

/* Proven by the chain as it was by the lookup, and no longer than the chain says. */
static void
check_chain(const danepriv *ctx, const proof_case *c, const danepriv_server *server,
    const danepriv_chain *chain, const danepriv_records *found)
{
	danepriv_span octets = danepriv_chain_octets(chain);
	danepriv_records *proven = NULL;

	ck_assert_int_eq(danepriv_records_prove(ctx, server, octets, c->now, &proven), DANEPRIV_OK);
	ck_assert_msg(danepriv_records_security(proven) == danepriv_records_security(found) &&
			  danepriv_records_reason(proven) == danepriv_records_reason(found),
	    "%s: %s", c->name,
	    danepriv_sentence(DANEPRIV_KIND_REASON, danepriv_records_reason(proven)));
	ck_assert_int_eq(danepriv_chain_security(chain), danepriv_records_security(found));
	ck_assert_int_eq(danepriv_chain_valid_until(chain), danepriv_records_valid_until(proven));
	ck_assert_int_eq(danepriv_records_source(proven), DANEPRIV_SOURCE_CHAIN);
	ck_assert_int_eq(danepriv_records_source(found), DANEPRIV_SOURCE_LOOKUP);
	ck_assert_uint_eq(danepriv_records_count(proven), danepriv_records_count(found));
	for (size_t i = 0; i < danepriv_records_count(found); i++)
		ck_assert(has_rdata(proven, danepriv_records_rdata(found, i)));
	danepriv_records_free(proven);
}

START_TEST(of_a_server)
{
	const proof_case *c = &cases.list[owners[_i]];
	danepriv_chain *chain = NULL;
	danepriv_server server;

	ck_assert(server_of(c, &server));
	asking *a = asking_begin_chain(c->anchors, &server);
	ck_assert_int_eq(danepriv_lookup_chain(a->lookup, c->now, &chain), DANEPRIV_EAGAIN);
	danepriv_records *records = asking_run(a, c, ASKING_FORWARD);
	danepriv_status status = danepriv_lookup_chain(a->lookup, c->now, &chain);
	danepriv_status wanted = is_provable(records) ? DANEPRIV_OK : DANEPRIV_ENOTFOUND;
	/* Nobody has as many zones: to try what can be left out costs more than a verdict may. */
	if (strcmp(c->name, "path-31-0-8") == 0)
		wanted = DANEPRIV_ELIMIT;
	ck_assert_msg(
	    status == wanted, "%s: %s", c->name, danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	if (status == DANEPRIV_OK)
		check_chain(a->ctx, c, &server, chain, records);
	else
		ck_assert_ptr_null(chain);
	danepriv_chain_free(chain);
	asking_end(a, records);
}
END_TEST

/* Aliases of the server's name are none of its business: its own records are shown, or that there
 * are none. */
START_TEST(of_oneself)
{
	const proof_case *c = &cases.list[servers[_i]];
	danepriv_server server = { .name = c->qname,
		.aliases = _i % 2 ? DANEPRIV_ALIASES_FOLLOW : DANEPRIV_ALIASES_REFUSE };
	danepriv_chain *chain = NULL;
	char wanted[1024];

	asking *a = asking_begin_chain(c->anchors, &server);
	danepriv_records *records = asking_run(a, c, ASKING_FORWARD);
	for (size_t i = 0; i < a->asked; i++)
		ck_assert_uint_ne(a->all[i].type, DP_TYPE_A);
	(void)snprintf(wanted, sizeof wanted, "%s%s", c->qname,
	    c->qname[strlen(c->qname) - 1] == '.' ? "" : ".");
	ck_assert_str_eq(danepriv_records_base(records), wanted);
	danepriv_status status = danepriv_lookup_chain(a->lookup, c->now, &chain);
	ck_assert_int_eq(status, is_provable(records) ? DANEPRIV_OK : DANEPRIV_ENOTFOUND);
	if (status == DANEPRIV_OK)
		check_chain(a->ctx, c, &server, chain, records);
	danepriv_chain_free(chain);
	asking_end(a, records);
}
END_TEST

/* Whoever looks another server up has a chain of it as well.  It says what was found, unless an
 * alias was followed: it is of the name as it was asked for. */
static void
check_other(const proof_case *c, const danepriv_server *server)
{
	danepriv_chain *chain = NULL;
	danepriv_records *own = NULL;

	asking *a = asking_begin(c->anchors, NULL, server);
	danepriv_records *records = asking_run(a, c, ASKING_FORWARD);
	danepriv_status status = danepriv_lookup_chain(a->lookup, c->now, &chain);
	ck_assert_msg(status == DANEPRIV_OK || status == DANEPRIV_ENOTFOUND ||
			  (status == DANEPRIV_ELIMIT && strcmp(c->name, "path-31-0-8") == 0),
	    "%s: %s", c->name, danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	if (!is_provable(records))
		ck_assert_int_eq(status, DANEPRIV_ENOTFOUND);
	else if (!records->has_alias && status != DANEPRIV_ELIMIT) {
		ck_assert_msg(status == DANEPRIV_OK, "%s", c->name);
		check_chain(a->ctx, c, server, chain, records);
	} else if (status == DANEPRIV_OK) {
		danepriv_span octets = danepriv_chain_octets(chain);
		ck_assert_int_eq(
		    danepriv_records_prove(a->ctx, server, octets, c->now, &own), DANEPRIV_OK);
		ck_assert_int_eq(danepriv_records_security(own), danepriv_chain_security(chain));
	}
	danepriv_records_free(own);
	danepriv_chain_free(chain);
	asking_end(a, records);
}

START_TEST(of_another)
{
	const proof_case *c = &cases.list[servers[_i / 2]];
	const danepriv_server server = { .name = c->qname,
		.aliases = _i % 2 ? DANEPRIV_ALIASES_FOLLOW : DANEPRIV_ALIASES_REFUSE };

	check_other(c, &server);
}
END_TEST

START_TEST(of_another_owner)
{
	const proof_case *c = &cases.list[owners[_i]];
	danepriv_server server;

	ck_assert(server_of(c, &server));
	check_other(c, &server);
}
END_TEST

START_TEST(arguments)
{
	danepriv_chain *chain = (danepriv_chain *)&cases;

	ck_assert_int_eq(danepriv_lookup_chain(NULL, 1, &chain), DANEPRIV_EINVAL);
	ck_assert_ptr_null(chain);
	ck_assert_int_eq(danepriv_lookup_chain(NULL, 1, NULL), DANEPRIV_EINVAL);
	ck_assert_uint_eq(danepriv_chain_octets(NULL).len, 0);
	ck_assert_int_eq(danepriv_chain_security(NULL), DANEPRIV_SECURITY_UNKNOWN);
	ck_assert_int_eq(danepriv_chain_valid_until(NULL), INT64_MIN);
	danepriv_chain_free(NULL);
}
END_TEST

static void
sort_cases(void)
{
	danepriv_server server;

	owners = calloc(cases.count, sizeof *owners);
	servers = calloc(cases.count, sizeof *servers);
	for (size_t i = 0; owners && servers && i < cases.count; i++) {
		if (cases.list[i].base)
			servers[server_count++] = i;
		else if (server_of(&cases.list[i], &server))
			owners[owner_count++] = i;
	}
}

Suite *
test_suite(void)
{
	Suite *suite = suite_create("build");
	TCase *tc = tcase_create("build");

	proofs_read_all(&cases);
	proofs_read(&cases, "proofs/base.txt");
	sort_cases();
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, of_a_server, 0, owner_count);
	tcase_add_loop_test(tc, of_oneself, 0, server_count);
	tcase_add_loop_test(tc, of_another, 0, 2 * server_count);
	tcase_add_loop_test(tc, of_another_owner, 0, owner_count);
	tcase_add_test(tc, arguments);
	suite_add_tcase(suite, tc);
	return suite;
}
