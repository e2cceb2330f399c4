/* SPDX-License-Identifier: BSD-2-Clause
 * danepriv anchor: which keys does a zone have, for others to trust it by?
 *
 * A zone that hangs in the air, as those of private addresses do, is proven by an anchor of its own
 * (draft-osterweil-dane-ipsec sections 1.3 and 5.2, appendix B).  Somebody has to fetch that once.
 * Where signatures lead to the zone, its keys are proven; where none do, that is said at each
 * place where the keys are told.  What they sign is looked at in either case: keys that do not
 * prove their own zone would be no anchor of it. */
#include "advice.h"
#include "anchors.h"
#include "commands.h"
#include "network.h"
#include "output.h"
#include "provider.h"
#include "zone_keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define UNPROVEN "nobody has proven these keys: whoever answered may have made them up"
#define COMPARE "compare them with the owner's by another way before anybody trusts them"
#define BY_ITSELF                                                                                  \
	"resolvers answer for zones of private and documentation addresses by themselves, unless " \
	"told not to (in Unbound by 'local-zone: \"ZONE\" nodefault'): ask the zone's own server " \
	"(--resolver)"

typedef struct arguments {
	cli_network network;
	bool json;
} arguments;

/* What came of it. */
typedef struct outcome {
	danepriv_security security;
	danepriv_reason reason;
	cli_carriage carriage;
	danepriv_time until; /* of the proof */
	bool is_proven;
	const char *trouble; /* why there are no keys, or NULL */
	cli_zone_keys keys;
} outcome;

static cli_parsed
parse(int argc, char **argv, arguments *a)
{
	const cli_option options[] = {
		{ "resolver", 0, CLI_TEXT, "ADDR[@PORT]", "whom to ask (/etc/resolv.conf)",
		    &a->network.resolver },
		CLI_ANCHOR_OPTION(&a->network.anchors),
		CLI_NEGATIVE_OPTION(&a->network.anchors),
		{ "timeout", 0, CLI_NUMBER, "S", "seconds for each step (5)", &a->network.timeout,
		    1, 3600 },
		{ "json", 0, CLI_SWITCH, NULL, "one JSON object on one line", &a->json },
	};
	static const cli_exit exits[] = {
		{ CLI_EXIT_YES, "keys were printed, and they are proven" },
		{ CLI_EXIT_NO, "keys were printed, and nothing proves them; or there are none" },
		{ CLI_EXIT_UNREACHABLE, "no answer that could be read" },
		{ CLI_EXIT_USAGE, "usage or unreadable input" },
	};
	const cli_syntax syntax = { "anchor ZONE [--resolver ADDR[@PORT]] [--anchor FILE]\n"
				    "       [--negative-anchor DOMAIN]... [--timeout S] [--json]",
		"Prints a zone's DNSKEY and DS, for use as an anchor of its own: a file for\n"
		"--anchor, or for a validating resolver.  That is how zones of private addresses\n"
		"are proven, which no parent zone signs for.  Where nothing proves the keys, that\n"
		"is said before them, and on standard error: compare them with the owner's by\n"
		"another way first.  Keys that contradict what is proven are not printed.",
		options, sizeof options / sizeof *options, "ZONE", &a->network.server.name, exits,
		sizeof exits / sizeof *exits,
		"anchor 168.192.in-addr.arpa --resolver 192.168.0.1" };

	return cli_parse(&syntax, argc, argv);
}

/* ---- what is there ---- */

/* Looks for what proves that the zone has no records of a certain kind, or some: its keys are part
 * of that, with all that leads to them.  *chain: NULL where there is no proof. */
static danepriv_status
look_up(
    const cli_network *n, const danepriv *ctx, danepriv_records **records, danepriv_chain **chain)
{
	danepriv_time now = (danepriv_time)time(NULL);
	danepriv_lookup *lookup = NULL;

	*records = NULL;
	*chain = NULL;
	danepriv_status status = danepriv_lookup_new_chain(ctx, &n->server.server, &lookup);
	if (status == DANEPRIV_OK)
		status = cli_network_run(n, lookup);
	if (status == DANEPRIV_OK)
		status = danepriv_lookup_finish(lookup, now, records);
	if (status == DANEPRIV_OK)
		status = danepriv_lookup_chain(lookup, now, chain);
	danepriv_lookup_free(lookup);
	return status == DANEPRIV_ENOTFOUND ? DANEPRIV_OK : status;
}

/* Takes the keys that are proven to whoever trusts what `ctx` does. */
static danepriv_status
prove(const cli_network *n, const danepriv *ctx, outcome *o)
{
	danepriv_records *records;
	danepriv_chain *chain;

	danepriv_status status = look_up(n, ctx, &records, &chain);
	if (status == DANEPRIV_OK) {
		o->security = danepriv_records_security(records);
		o->reason = danepriv_records_reason(records);
		o->carriage = cli_carriage_of(records);
		o->until = danepriv_chain_valid_until(chain);
		cli_zone_keys_prove(&o->keys, chain);
	}
	danepriv_chain_free(chain);
	danepriv_records_free(records);
	return status;
}

/* Lines of all keys, to free; NULL: out of memory. */
static char *
join_keys(const cli_zone_keys *keys)
{
	size_t room = 1, at = 0;
	char *joined = calloc(1, room);

	for (size_t i = 0; joined && i < keys->count; i++) {
		char *line = cli_zone_key_dnskey(keys, i);
		char *more = line ? realloc(joined, room += strlen(line) + 1) : NULL;
		if (more)
			at += (size_t)snprintf(more + at, room - at, "%s\n", line);
		else
			free(joined);
		joined = more;
		free(line);
	}
	return joined;
}

/* A context that trusts nothing but what the zone is said to have. */
static danepriv_status
open_alone(const cli_zone_keys *keys, danepriv **out)
{
	char *lines = join_keys(keys);
	const danepriv_settings settings = {
		.size = sizeof settings, .anchors = lines, .crypto = examples_provider()
	};
	danepriv_status status = lines ? danepriv_open(&settings, out) : DANEPRIV_ENOMEM;

	free(lines);
	return status;
}

/* Do the keys that are trusted by nobody prove their zone, at least? */
static danepriv_status
try_alone(const cli_network *n, outcome *o)
{
	outcome alone = { .keys = o->keys };
	danepriv *ctx = NULL;

	danepriv_status status = open_alone(&o->keys, &ctx);
	if (status == DANEPRIV_OK)
		status = prove(n, ctx, &alone);
	danepriv_close(ctx);
	o->keys = alone.keys;
	if (status == DANEPRIV_EMALFORMED || (status == DANEPRIV_OK && alone.keys.count == 0)) {
		o->keys.count = 0;
		o->trouble = "the zone has keys that do not prove it: they are no anchor";
		return DANEPRIV_OK;
	}
	return status;
}

/* What could still be a zone's, where no signatures lead to it.  What was proven otherwise stays
 * so, and so does what could not be asked. */
static danepriv_status
ask_unproven(const cli_network *n, outcome *o)
{
	if (o->security == DANEPRIV_SECURITY_DENIED || o->security == DANEPRIV_SECURITY_SECURE) {
		o->trouble = "it is no zone: its names are in one above it";
		return DANEPRIV_OK;
	}
	if (o->security == DANEPRIV_SECURITY_BOGUS || cli_reason_is_unreachable(o->reason))
		return DANEPRIV_OK;
	cli_zone_keys_ask(&o->keys, n);
	cli_zone_keys_choose(&o->keys);
	if (o->keys.count > 0)
		return try_alone(n, o);
	o->trouble = "no key of the zone came: it is not signed, or not served here";
	return DANEPRIV_OK;
}

static danepriv_status
find_keys(const cli_network *n, outcome *o)
{
	danepriv_status status = prove(n, n->ctx, o);

	o->is_proven = o->keys.count > 0;
	if (status == DANEPRIV_OK && !o->is_proven)
		status = ask_unproven(n, o);
	cli_zone_keys_choose(&o->keys);
	return status;
}

/* ---- how it is told ---- */

static bool
is_reverse(const char *zone)
{
	return dns_name_is_below(zone, "in-addr.arpa.") || dns_name_is_below(zone, "ip6.arpa.");
}

/* On standard error, whatever is done with the rest. */
static void
warn(const outcome *o)
{
	char sentence[CLI_SENTENCE_MAX];

	if (o->is_proven)
		return;
	cli_explain_proof(o->security, o->reason, sentence, sizeof sentence);
	if (o->keys.count > 0) {
		cli_complain("NOT PROVEN: %.255s: %s", o->keys.zone, UNPROVEN);
		cli_complain("NOT PROVEN: " COMPARE);
		return;
	}
	cli_complain(
	    "no anchor of %.200s: %.250s", o->keys.zone, o->trouble ? o->trouble : sentence);
	if (is_reverse(o->keys.zone))
		cli_complain(BY_ITSELF);
}

static json_t *
json_keys(const cli_zone_keys *keys)
{
	json_t *array = json_array();

	for (size_t i = 0; i < keys->count; i++) {
		json_t *object = json_object();
		char *dnskey = cli_zone_key_dnskey(keys, i), *ds = cli_zone_key_ds(keys, i);
		(void)json_object_set_new(
		    object, "tag", json_integer(cli_zone_key_tag(&keys->list[i])));
		(void)json_object_set_new(object, "dnskey", json_string(dnskey));
		(void)json_object_set_new(object, "ds", json_string(ds));
		(void)json_array_append_new(array, object);
		free(dnskey);
		free(ds);
	}
	return array;
}

static bool
tell_json(const outcome *o)
{
	json_t *object = json_object();

	(void)json_object_set_new(object, "zone", json_string(o->keys.zone));
	(void)json_object_set_new(object, "proven", json_boolean(o->is_proven));
	cli_json_proof(object, o->security, o->reason);
	cli_json_carriage(object, o->carriage);
	(void)json_object_set_new(object, "keys", json_keys(&o->keys));
	(void)json_object_set_new(
	    object, "until", o->is_proven ? json_integer(o->until) : json_null());
	return cli_print_json(object);
}

/* Comments of a zone file: who takes the lines alone leaves them out. */
static void
print_proof(const outcome *o)
{
	char sentence[CLI_SENTENCE_MAX];

	if (o->is_proven) {
		(void)printf("; proven, by what is trusted already\n");
		return;
	}
	cli_explain_proof(o->security, o->reason, sentence, sizeof sentence);
	(void)printf("; NOT PROVEN (%s)\n; NOT PROVEN: %s:\n; NOT PROVEN: %s\n", sentence, UNPROVEN,
	    COMPARE);
}

static bool
tell(const outcome *o)
{
	if (o->keys.count > 0)
		print_proof(o);
	for (size_t i = 0; i < o->keys.count; i++) {
		char *dnskey = cli_zone_key_dnskey(&o->keys, i), *ds = cli_zone_key_ds(&o->keys, i);
		if (dnskey && ds)
			(void)printf("%s\n%s\n", dnskey, ds);
		free(dnskey);
		free(ds);
	}
	return cli_flush();
}

static int
exit_status(const outcome *o)
{
	if (o->is_proven)
		return CLI_EXIT_YES;
	return o->security == DANEPRIV_SECURITY_INDETERMINATE &&
		       cli_reason_is_unreachable(o->reason)
		   ? CLI_EXIT_UNREACHABLE
		   : CLI_EXIT_NO;
}

static int
run(const arguments *a)
{
	outcome o = { .until = INT64_MIN };

	if (!dns_name_normal(a->network.server.server.name, o.keys.zone))
		return CLI_EXIT_USAGE;
	danepriv_status status = find_keys(&a->network, &o);
	if (status != DANEPRIV_OK) {
		cli_complain("cannot look up: %s", danepriv_sentence(DANEPRIV_KIND_STATUS, status));
		return CLI_EXIT_UNREACHABLE;
	}
	warn(&o);
	if (!(a->json ? tell_json(&o) : tell(&o)))
		return CLI_EXIT_USAGE;
	return exit_status(&o);
}

int
cli_anchor(int argc, char **argv)
{
	arguments a = { .json = false };

	cli_parsed parsed = parse(argc, argv, &a);
	if (parsed != CLI_RUN)
		return parsed == CLI_HELPED ? CLI_EXIT_YES : CLI_EXIT_USAGE;
	/* Names as other servers have them, and an address is the place that it has. */
	a.network.server.transport.value = DANEPRIV_TRANSPORT_IPSEC;
	int result = cli_network_open(&a.network);
	if (result == CLI_EXIT_YES)
		result = run(&a);
	cli_network_close(&a.network);
	return result;
}
