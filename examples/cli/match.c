/* SPDX-License-Identifier: BSD-2-Clause
 * danepriv match: would this credential be taken, going by these records?  Offline. */
#include "commands.h"
#include "files.h"
#include "options.h"
#include "output.h"

#include <danepriv/danepriv.h>
#include <stdlib.h>
#include <string.h>
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
		{ "record", 0, CLI_LIST, "'U S M HEX'", "a TLSA record; may be repeated",
		    &a->records },
		{ "ca", 0, CLI_TEXT, "FILE", "authorities to trust for usages 0 and 1: PEM or DER",
		    &a->ca },
		{ "at", 0, CLI_NUMBER, "UNIXTIME", "judge as of then instead of now", &a->at,
		    INT64_MIN + 1, INT64_MAX },
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

/* One of the three numbers in front; moves *text behind it. */
static bool
read_field(const char **text, uint8_t *out)
{
	const char *start = *text + strspn(*text, " \t\r\n");
	size_t len = strcspn(start, " \t\r\n");
	char digits[8];
	int64_t value;

	if (len >= sizeof digits)
		return false;
	memcpy(digits, start, len);
	digits[len] = '\0';
	if (!cli_read_number(digits, 0, 255, &value))
		return false;
	*out = (uint8_t)value;
	*text = start + len;
	return true;
}

/* `U S M HEX` (RFC 6698 section 2.2) as RDATA, to free. */
static bool
read_record(const char *text, danepriv_span *out)
{
	const char *at = text;
	uint8_t *rdata = malloc(3 + strlen(text));

	if (!rdata) {
		cli_complain("out of memory");
		return false;
	}
	if (read_field(&at, &rdata[0]) && read_field(&at, &rdata[1]) &&
	    read_field(&at, &rdata[2])) {
		long len = cli_read_hex(at, strlen(at), rdata + 3);
		if (len > 0) {
			out->data = rdata;
			out->len = 3 + (size_t)len;
			return true;
		}
	}
	cli_complain("record '%.60s' is not three numbers up to 255 and hex digits", text);
	free(rdata);
	return false;
}

static bool
check_names(const cli_list *names)
{
	char owner[1024];

	if (names->count == 0) {
		cli_complain("--name is needed");
		return false;
	}
	for (size_t i = 0; i < names->count; i++) {
		danepriv_server server = { names->items[i], 0, DANEPRIV_DOT };
		danepriv_status status = danepriv_server_owner(&server, owner, sizeof owner, NULL);
		if (status != DANEPRIV_OK) {
			cli_complain("'%.80s' is no name of a server", names->items[i]);
			return false;
		}
	}
	return true;
}

/* The records of the command line, vouched for by whoever typed them. */
static bool
make_records(const arguments *a, danepriv_time now, danepriv_records **out)
{
	danepriv_span rdatas[CLI_LIST_MAX];
	size_t count = 0;
	danepriv_server server = { a->names.items[0], 0, DANEPRIV_DOT };
	danepriv_status status = DANEPRIV_EINVAL;

	while (count < a->records.count && read_record(a->records.items[count], &rdatas[count]))
		count++;
	if (count == a->records.count) {
		danepriv_proof proof = count > 0 ? DANEPRIV_PROOF_SECURE : DANEPRIV_PROOF_DENIED;
		status = danepriv_records_vouch(&server, NULL, proof, rdatas, count, now, out);
		if (status != DANEPRIV_OK)
			cli_complain("the records: %s", danepriv_strerror(status));
	}
	for (size_t i = 0; i < count; i++)
		free((void *)(uintptr_t)rdatas[i].data);
	return status == DANEPRIV_OK;
}

static int
tell(const arguments *a, const danepriv_verdict *verdict, size_t count)
{
	bool told;

	if (a->json) {
		json_t *object = json_object();
		cli_json_verdict(object, verdict, count);
		(void)json_object_set_new(
		    object, "records", cli_json_record_verdicts(verdict->each, count));
		told = cli_print_json(object);
	} else {
		cli_print_verdict(verdict, count);
		cli_print_record_verdicts(verdict->each, count);
		told = cli_flush();
	}
	if (!told)
		return CLI_EXIT_USAGE;
	return verdict->finding == DANEPRIV_MATCH ? CLI_EXIT_YES : CLI_EXIT_NO;
}

/* A context that trusts the authorities of --ca. */
static bool
open_context(const arguments *a, danepriv **out)
{
	danepriv_settings settings = { .size = sizeof settings };
	uint8_t *octets = NULL;

	if (a->ca && !cli_read_file(a->ca, &octets, &settings.roots.len))
		return false;
	settings.roots.data = octets;
	danepriv_status status = danepriv_open(out, &settings);
	if (status == DANEPRIV_EMALFORMED)
		cli_complain("%.200s: not certificates in PEM or DER", a->ca);
	else if (status != DANEPRIV_OK)
		cli_complain("cannot begin: %s", danepriv_strerror(status));
	free(octets);
	return status == DANEPRIV_OK;
}

static int
judge(const arguments *a, const danepriv_records *records, const cli_credential *credential,
    danepriv_time now)
{
	danepriv_record_verdict each[CLI_LIST_MAX];
	danepriv_verdict verdict = {
		.size = sizeof verdict, .each = each, .each_room = CLI_LIST_MAX
	};
	danepriv *ctx;

	if (!open_context(a, &ctx))
		return CLI_EXIT_USAGE;
	danepriv_status status = danepriv_evaluate_names(ctx, records, &credential->credential,
	    a->names.items + 1, a->names.count - 1, now, &verdict);
	danepriv_close(ctx);
	if (status != DANEPRIV_OK) {
		cli_complain("cannot judge: %s", danepriv_strerror(status));
		return CLI_EXIT_USAGE;
	}
	return tell(a, &verdict, danepriv_records_count(records));
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
