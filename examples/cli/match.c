/* SPDX-License-Identifier: BSD-2-Clause
 * danepriv match: would this credential be taken, going by these records?  Offline. */
#include "advice.h"
#include "commands.h"
#include "file_kind.h"
#include "files.h"
#include "fitting.h"
#include "hints.h"
#include "options.h"
#include "output.h"
#include "provider.h"
#include "server.h"
#include "tlsa_text.h"

#include <danepriv/danepriv.h>
#include <stdlib.h>
#include <time.h>

typedef struct arguments {
	cli_list names;
	const char *cert, *key, *ca;
	cli_list records;
	cli_number at;
	bool json;
} arguments;

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
		{ "ca", 0, CLI_TEXT, "FILE", "authorities to trust for usages 0 and 1: PEM or DER",
		    &a->ca },
		{ "at", 0, CLI_NUMBER, "UNIXTIME", "judge as of then instead of now", &a->at, 1,
		    INT64_MAX },
		{ "json", 0, CLI_SWITCH, NULL, "one JSON object on one line", &a->json },
	};
	static const cli_exit exits[] = {
		{ CLI_EXIT_YES, "match" },
		{ CLI_EXIT_NO, "no match" },
		{ CLI_EXIT_USAGE, "usage or unreadable input" },
	};
	const cli_syntax syntax = {
		"match --name NAME... (--cert FILE | --key FILE) --record 'U S M HEX'...\n"
		"       [--ca FILE] [--at UNIXTIME] [--json]",
		"Judges a certificate or raw key by TLSA records, which are taken to be proven.\n"
		"Nothing is looked up.",
		options, sizeof options / sizeof *options, NULL, NULL, exits,
		sizeof exits / sizeof *exits,
		"match --name dns.example.net --cert server.pem --record '3 1 1 8D02...'"
	};

	return cli_parse(&syntax, argc, argv);
}

static bool
check_names(cli_list *names)
{
	if (names->count == 0) {
		cli_complain("--name is needed");
		return false;
	}
	for (size_t i = 0; i < names->count; i++) {
		danepriv_server server = { names->items[i], 0, DANEPRIV_TRANSPORT_DOT };
		if (!cli_name_read(&names->items[i], &server))
			return false;
	}
	return true;
}

/* The records of the command line, vouched for by whoever typed them. */
static bool
make_records(const arguments *a, danepriv_time now, danepriv_records **out)
{
	cli_rdatas rdatas = { .count = 0 };
	danepriv_server server = { a->names.items[0], 0, DANEPRIV_TRANSPORT_DOT };
	danepriv_status status = DANEPRIV_EINVAL;

	for (size_t i = 0; i < a->records.count; i++)
		if (!cli_read_records(a->records.items[i], &rdatas))
			goto out;
	danepriv_security security =
	    rdatas.count > 0 ? DANEPRIV_SECURITY_SECURE : DANEPRIV_SECURITY_DENIED;
	status = danepriv_records_vouch(
	    &server, NULL, security, DANEPRIV_REASON_NONE, rdatas.items, rdatas.count, now, out);
	if (status != DANEPRIV_OK)
		cli_complain("the records: %s", danepriv_sentence(DANEPRIV_KIND_STATUS, status));
out:
	cli_rdatas_free(&rdatas);
	return status == DANEPRIV_OK;
}

static int
tell(const arguments *a, const danepriv_verdict *verdict, size_t count, const cli_hints *hints)
{
	bool told;

	if (a->json) {
		json_t *object = json_object();
		cli_json_verdict(object, verdict, count);
		(void)json_object_set_new(
		    object, "records", cli_json_record_verdicts(verdict->each, count));
		cli_json_hints(object, hints);
		told = cli_print_json(object);
	} else {
		cli_print_verdict(verdict, count, cli_mismatch_text(verdict, hints->count > 0));
		cli_print_record_verdicts(verdict->each, count);
		cli_print_hints(hints);
		told = cli_flush();
	}
	if (!told)
		return CLI_EXIT_USAGE;
	return verdict->finding == DANEPRIV_FINDING_MATCH ? CLI_EXIT_YES : CLI_EXIT_NO;
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

/* A context that trusts the authorities of --ca. */
static bool
open_context(const arguments *a, danepriv **out)
{
	danepriv_settings settings = { .size = sizeof settings, .crypto = examples_provider() };
	uint8_t *octets = NULL;

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

static int
judge(const arguments *a, const danepriv_records *records, const cli_credential *credential,
    danepriv_time now)
{
	danepriv_record_verdict each[CLI_LIST_MAX];
	danepriv_verdict verdict = { .size = sizeof verdict,
		.each = each,
		.each_size = sizeof *each,
		.each_room = CLI_LIST_MAX };
	cli_hints hints = { .count = 0 };
	danepriv *ctx;

	if (!open_context(a, &ctx))
		return CLI_EXIT_USAGE;
	cli_judged judged = { ctx, records, &credential->credential, a->names.items + 1,
		a->names.count - 1, a->ca != NULL, now };
	danepriv_status status = danepriv_evaluate(
	    ctx, records, judged.credential, judged.names, judged.names_count, now, &verdict);
	if (status == DANEPRIV_OK && verdict.finding == DANEPRIV_FINDING_MISMATCH)
		find_hints(&hints, &judged, credential);
	danepriv_close(ctx);
	if (status != DANEPRIV_OK) {
		cli_complain("cannot judge: %s", danepriv_sentence(DANEPRIV_KIND_STATUS, status));
		return CLI_EXIT_USAGE;
	}
	return tell(a, &verdict, danepriv_records_count(records), &hints);
}

int
cli_match(int argc, char **argv)
{
	arguments a = { 0 };
	cli_credential credential = { 0 };
	danepriv_records *records = NULL;
	int result = CLI_EXIT_USAGE;

	cli_parsed parsed = parse(argc, argv, &a);
	if (parsed != CLI_RUN)
		return parsed == CLI_HELPED ? CLI_EXIT_YES : CLI_EXIT_USAGE;
	danepriv_time now = a.at.given ? a.at.value : (danepriv_time)time(NULL);
	if (!check_names(&a.names) || !cli_read_credential(a.cert, a.key, &credential) ||
	    !make_records(&a, now, &records))
		goto out;
	result = judge(&a, records, &credential, now);
out:
	danepriv_records_free(records);
	cli_credential_free(&credential);
	return result;
}
