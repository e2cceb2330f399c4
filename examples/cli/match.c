/* SPDX-License-Identifier: BSD-2-Clause
 * danepriv match: would this credential be taken, going by these records?  Offline. */
#include "advice.h"
#include "commands.h"
#include "file_kind.h"
#include "files.h"
#include "fitting.h"
#include "hints.h"
#include "ike.h"
#include "options.h"
#include "output.h"
#include "policy.h"
#include "provider.h"
#include "server.h"
#include "tlsa_text.h"

#include <danepriv/danepriv.h>
#include <stdlib.h>
#include <time.h>

typedef struct arguments {
	cli_list names;
	const char *cert, *key, *ca, *id;
	cli_list records;
	cli_number at;
	cli_policy policy;
	bool json;
	/* made of them */
	cli_server server;	      /* by the first name, which the records are of */
	cli_server other;	      /* by a further one */
	const danepriv_server *meant; /* one of these */
	cli_ike ike;		      /* over IPsec */
} arguments;

/* What came of it. */
typedef struct outcome {
	danepriv_verdict verdict;
	danepriv_record_verdict each[CLI_LIST_MAX];
	size_t records;
	danepriv_ike_found found; /* over IPsec */
	const char *blame;	  /* why the peer's ID is at fault, or NULL */
	cli_hints hints;
} outcome;

static cli_parsed
parse(int argc, char **argv, arguments *a)
{
	const cli_option options[] = {
		{ "name", 0, CLI_LIST, "NAME",
		    "the server's name; more of them: other names it may go by", &a->names },
		{ "cert", 0, CLI_TEXT, "FILE",
		    "its certificates: PEM, end entity first, or one in DER", &a->cert },
		{ "key", 0, CLI_TEXT, "FILE", "its raw public key instead, PEM or DER", &a->key },
		{ "record", 0, CLI_LIST, "'U S M HEX'",
		    "a TLSA record, as fields or as a line of a zone file; repeatable",
		    &a->records },
		CLI_TRANSPORT_OPTION(&a->server),
		CLI_IKE_OPTION(&a->id),
		{ "ca", 0, CLI_TEXT, "FILE", "authorities to trust for usages 0 and 1: PEM or DER",
		    &a->ca },
		{ "at", 0, CLI_NUMBER, "UNIXTIME", "judge as of then instead of now", &a->at, 1,
		    INT64_MAX },
		CLI_POLICY_OPTIONS(&a->policy),
		{ "json", 0, CLI_SWITCH, NULL, "one JSON object on one line", &a->json },
	};
	static const cli_exit exits[] = {
		{ CLI_EXIT_YES, "match" },
		{ CLI_EXIT_NO, "no match" },
		{ CLI_EXIT_USAGE, "usage or unreadable input" },
	};
	const cli_syntax syntax = {
		"match --name NAME... (--cert FILE | --key FILE) --record 'U S M HEX'...\n"
		"       [--transport dot|doh|doq|dtls|ipsec|doh3] [--id TYPE:VALUE] [--ca FILE]\n"
		"       [--at UNIXTIME] [--exclude-usage N]... [--server-auth] [--json]",
		"Judges a certificate or raw key by TLSA records, which are taken to be proven.\n"
		"Nothing is looked up.  With --transport ipsec it is an IKE peer's, whose AUTH\n"
		"payload is taken to be verified.  Its ID has to be one of the names, which may\n"
		"be addresses.\n" CLI_IKE_IDS,
		options, sizeof options / sizeof *options, NULL, NULL, exits,
		sizeof exits / sizeof *exits,
		"match --name dns.example.net --cert server.pem --record '3 1 1 8D02...'"
	};

	return cli_parse(&syntax, argc, argv);
}

static bool
is_ike(const arguments *a)
{
	return a->server.transport.value == DANEPRIV_TRANSPORT_IPSEC;
}

/* A server by one of its names, which is changed where it was the owner of records. */
static bool
read_name(const arguments *a, const char **name, cli_server *out)
{
	const cli_number transport = a->server.transport;

	*out = (cli_server){ .name = *name, .transport = transport };
	bool is_good = cli_server_read(out);
	*name = out->name;
	return is_good;
}

static bool
read_names(arguments *a)
{
	if (a->names.count == 0) {
		cli_complain("--name is needed");
		return false;
	}
	for (size_t i = a->names.count; i-- > 0;) /* the first last: it stays */
		if (!read_name(a, &a->names.items[i], &a->server))
			return false;
	return true;
}

/* Which of the names the ID is: its owner may be reached under any of them. */
static const danepriv_server *
find_meant(arguments *a)
{
	for (size_t i = 1; i < a->names.count; i++)
		if (read_name(a, &a->names.items[i], &a->other) &&
		    cli_ike_names(&a->ike, a->other.server.name))
			return &a->other.server;
	return &a->server.server;
}

/* Whom the peer says it is, and who is meant by that. */
static bool
read_id(arguments *a)
{
	a->meant = &a->server.server;
	if (!is_ike(a) && a->id)
		cli_complain("--id goes with --transport ipsec only");
	if (!is_ike(a))
		return !a->id;
	if (!cli_ike_read_id(&a->ike, a->id, a->names.items[0]))
		return false;
	a->meant = find_meant(a);
	return true;
}

/* The records of the command line, vouched for by whoever typed them. */
static bool
make_records(const arguments *a, danepriv_time now, danepriv_records **out)
{
	cli_rdatas rdatas = { .count = 0 };
	danepriv_status status = DANEPRIV_EINVAL;

	for (size_t i = 0; i < a->records.count; i++)
		if (!cli_read_records(a->records.items[i], &rdatas))
			goto out;
	danepriv_security security =
	    rdatas.count > 0 ? DANEPRIV_SECURITY_SECURE : DANEPRIV_SECURITY_DENIED;
	status = danepriv_records_vouch(a->meant, a->server.server.name, security,
	    DANEPRIV_REASON_NONE, rdatas.items, rdatas.count, now, out);
	if (status != DANEPRIV_OK)
		cli_complain("the records: %s", danepriv_sentence(DANEPRIV_KIND_STATUS, status));
out:
	cli_rdatas_free(&rdatas);
	return status == DANEPRIV_OK;
}

/* ---- what came of it ---- */

static bool
tell_json(const arguments *a, const outcome *o)
{
	json_t *object = json_object();

	cli_json_verdict(object, &o->verdict, o->records);
	if (is_ike(a))
		cli_json_ike(object, &a->ike, &o->found);
	(void)json_object_set_new(object, "records", cli_json_record_verdicts(o->each, o->records));
	cli_json_hints(object, &o->hints);
	return cli_print_json(object);
}

static bool
tell(const arguments *a, const outcome *o)
{
	if (a->json)
		return tell_json(a, o);
	cli_print_verdict(&o->verdict, o->records,
	    o->blame ? o->blame : cli_mismatch_text(&o->verdict, o->hints.count > 0));
	if (is_ike(a))
		cli_print_ike(&a->ike, &o->found);
	cli_print_record_verdicts(o->each, o->records);
	cli_print_hints(&o->hints);
	return cli_flush();
}

/* What may be wrong, where nothing matched. */
static void
find_hints(cli_hints *hints, const cli_judged *judged, const cli_credential *credential)
{
	if (credential->credential.type == DANEPRIV_CREDENTIAL_X509 &&
	    cli_first_is_issuer(credential))
		cli_hint_add(hints, "the first certificate in the file is an authority's, which "
				    "signed another one in it: the server's own goes first");
	cli_hints_find(hints, judged);
}

/* The same; or that it is the ID which is at fault. */
static void
find_fault(
    const arguments *a, outcome *o, const cli_judged *judged, const cli_credential *credential)
{
	if (o->verdict.finding != DANEPRIV_FINDING_MISMATCH)
		return;
	if (is_ike(a))
		o->blame = cli_ike_blame(&a->ike, a->meant->name, a->server.server.name);
	if (!o->blame)
		find_hints(&o->hints, judged, credential);
}

/* ---- judging ---- */

/* A context that trusts the authorities of --ca. */
static bool
open_context(const arguments *a, danepriv **out)
{
	danepriv_settings settings = { .size = sizeof settings, .crypto = examples_provider() };
	uint8_t *octets = NULL;

	if (!cli_policy_read(&a->policy, is_ike(a), &settings))
		return false;
	if (a->ca && !cli_read_file(a->ca, &octets, &settings.roots.len))
		return false;
	settings.roots.data = octets;
	danepriv_status status = danepriv_open(&settings, out);
	if (status == DANEPRIV_EMALFORMED)
		cli_complain_of_file(
		    a->ca, octets, settings.roots.len, false, "certificates in PEM or DER");
	else if (status != DANEPRIV_OK)
		cli_complain("cannot begin: %s", danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	free(octets);
	return status == DANEPRIV_OK;
}

static danepriv_status
evaluate(const arguments *a, const cli_judged *j, outcome *o)
{
	if (is_ike(a))
		return danepriv_ike_evaluate(
		    j->ctx, j->records, j->peer, j->now, &o->found, &o->verdict);
	return danepriv_evaluate(
	    j->ctx, j->records, j->credential, j->names, j->names_count, j->now, &o->verdict);
}

static int
judge(const arguments *a, const danepriv_records *records, const cli_credential *credential,
    danepriv_time now)
{
	outcome o = { .records = danepriv_records_count(records),
		.found = { .size = sizeof o.found },
		.verdict = { .size = sizeof o.verdict,
		    .each = o.each,
		    .each_size = sizeof *o.each,
		    .each_room = CLI_LIST_MAX } };
	danepriv *ctx;

	if (!open_context(a, &ctx))
		return CLI_EXIT_USAGE;
	cli_judged judged = { ctx, records, &credential->credential, a->names.items + 1,
		a->names.count - 1, is_ike(a) ? &a->ike.peer : NULL, a->ca != NULL, now };
	danepriv_status status = evaluate(a, &judged, &o);
	if (status == DANEPRIV_OK)
		find_fault(a, &o, &judged, credential);
	danepriv_close(ctx);
	if (status != DANEPRIV_OK) {
		cli_complain("cannot judge: %s", danepriv_sentence(DANEPRIV_KIND_STATUS, status));
		return CLI_EXIT_USAGE;
	}
	if (!tell(a, &o))
		return CLI_EXIT_USAGE;
	return o.verdict.finding == DANEPRIV_FINDING_MATCH ? CLI_EXIT_YES : CLI_EXIT_NO;
}

int
cli_match(int argc, char **argv)
{
	arguments a = { .json = false };
	cli_credential credential = { 0 };
	danepriv_records *records = NULL;
	int result = CLI_EXIT_USAGE;

	cli_parsed parsed = parse(argc, argv, &a);
	if (parsed != CLI_RUN)
		return parsed == CLI_HELPED ? CLI_EXIT_YES : CLI_EXIT_USAGE;
	danepriv_time now = a.at.given ? a.at.value : (danepriv_time)time(NULL);
	if (!read_names(&a) || !read_id(&a) || !cli_read_credential(a.cert, a.key, &credential) ||
	    !make_records(&a, now, &records))
		goto out;
	cli_ike_show(&a.ike, &credential);
	result = judge(&a, records, &credential, now);
out:
	danepriv_records_free(records);
	cli_credential_free(&credential);
	return result;
}
