/* SPDX-License-Identifier: BSD-2-Clause
 * How is it told what is proven of a server? */
#include "proof.h"

#include "advice.h"
#include "output.h"
#include "records.h"

#include <stdio.h>

/* A word for scripts and what people are told. */
static const struct {
	const char *word, *text;
} exports[] = {
	[CLI_EXPORT_DONE] = { "exported", "exported" },
	[CLI_EXPORT_UNPROVEN] = { "unproven", "none: there is nothing that others could verify" },
	[CLI_EXPORT_ALIAS] = { "alias",
	    "not exportable: the name is an alias, which no proof shows" },
	[CLI_EXPORT_ENDED] = { "ended", "not exportable: it ends as soon as it is there" },
	[CLI_EXPORT_TOO_LARGE] = { "too-large", "not exportable: it is too large" },
};

/* Where it broke, or null. */
static json_t *
json_place(const danepriv_records *records)
{
	danepriv_rrset at = { .size = sizeof at };

	if (danepriv_records_place(records, &at) != DANEPRIV_OK)
		return json_null();
	json_t *place = json_object();
	(void)json_object_set_new(place, "owner", json_string(at.owner));
	(void)json_object_set_new(place, "type", json_string(at.type_text));
	(void)json_object_set_new(
	    place, "zone", at.zone[0] != '\0' ? json_string(at.zone) : json_null());
	return place;
}

static void
print_place(const danepriv_records *records)
{
	danepriv_rrset at = { .size = sizeof at };

	if (danepriv_records_place(records, &at) != DANEPRIV_OK)
		return;
	(void)printf("place: %s %s", at.owner, at.type_text);
	if (at.zone[0] != '\0')
		(void)printf(", in zone %s", at.zone);
	(void)printf("\n");
}

static bool
tell_json(const char *name, const char *owner, const danepriv_records *records, cli_export export)
{
	json_t *object = json_object();
	danepriv_reason reason = danepriv_records_reason(records);
	int ede = danepriv_reason_ede(reason);
	int32_t ttl = danepriv_records_ttl(records);
	danepriv_security security = danepriv_records_security(records);

	(void)json_object_set_new(object, "name", json_string(name));
	(void)json_object_set_new(object, "owner", json_string(owner));
	(void)json_object_set_new(object, "base", json_string(danepriv_records_base(records)));
	cli_json_proof(object, security, reason);
	(void)json_object_set_new(object, "ede", ede >= 0 ? json_integer(ede) : json_null());
	(void)json_object_set_new(object, "place", json_place(records));
	if (danepriv_records_source(records) == DANEPRIV_SOURCE_LOOKUP)
		cli_json_carriage(object, cli_carriage_of(records));
	(void)json_object_set_new(object, "records", cli_json_records(records));
	(void)json_object_set_new(object, "ttl", ttl >= 0 ? json_integer(ttl) : json_null());
	(void)json_object_set_new(
	    object, "until", json_integer(danepriv_records_valid_until(records)));
	if (danepriv_records_source(records) == DANEPRIV_SOURCE_CHAIN)
		(void)json_object_set_new(
		    object, "support_hours", json_integer(danepriv_records_support_hours(records)));
	if (export != CLI_EXPORT_UNASKED)
		(void)json_object_set_new(object, "proof", json_string(exports[export].word));
	return cli_print_json(object);
}

static bool
tell(const char *owner, const danepriv_records *records, cli_export export)
{
	danepriv_security security = danepriv_records_security(records);
	danepriv_reason reason = danepriv_records_reason(records);
	char sentence[CLI_SENTENCE_MAX];

	cli_explain_proof(security, reason, sentence, sizeof sentence);
	cli_add_carriage(cli_carriage_of(records), security, reason, sentence, sizeof sentence);
	(void)printf("owner: %s\n", owner);
	(void)printf("base: %s\n", danepriv_records_base(records));
	(void)printf("status: %s (%s)\n", danepriv_word(DANEPRIV_KIND_SECURITY, security),
	    danepriv_sentence(DANEPRIV_KIND_SECURITY, security));
	if (sentence[0] != '\0')
		(void)printf("reason: %s\n", sentence);
	print_place(records);
	cli_print_records(records);
	if (danepriv_records_ttl(records) >= 0)
		(void)printf("ttl: %d seconds\n", danepriv_records_ttl(records));
	cli_print_time("until", danepriv_records_valid_until(records));
	if (danepriv_records_support_hours(records) > 0)
		(void)printf("support: %u hours\n", danepriv_records_support_hours(records));
	if (export != CLI_EXPORT_UNASKED)
		(void)printf("proof: %s\n", exports[export].text);
	return cli_flush();
}

bool
cli_tell_proof(const char *name, const danepriv_server *server, const danepriv_records *records,
    cli_export export, bool json)
{
	char owner[1024];

	if (danepriv_server_owner(server, owner, sizeof owner, NULL) != DANEPRIV_OK)
		return false;
	return json ? tell_json(name, owner, records, export) : tell(owner, records, export);
}
