/* SPDX-License-Identifier: BSD-2-Clause
 * How is a configuration told?  As it is, with comments; or within a JSON object. */
#include "ipsec.h"

#include "commands.h"
#include "output.h"
#include "replace.h"

#include <stdlib.h>
#include <string.h>

static bool
write_keys(const cli_connection *c)
{
	char path[CLI_IPSEC_PATH_MAX + 8];

	for (size_t i = 0; c->key_path[0] != '\0' && i < c->key_count; i++) {
		char *pem = cli_ipsec_pem(c->keys[i]);
		danepriv_span octets = { (const uint8_t *)pem, pem ? strlen(pem) : 0 };
		cli_ipsec_key_path(c, i, path, sizeof path);
		bool written = pem && cli_replace_file(path, octets);
		free(pem);
		if (!written)
			return false;
	}
	return true;
}

/* To free; NULL: memory is out. */
static char *
configuration(const cli_connection *c, const cli_ipsec_form *form)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	cli_ipsec_write_notes(c, form, out);
	bool written = form->write(c, out) && !ferror(out);
	if (fclose(out) == 0 && written)
		return text;
	free(text);
	return NULL;
}

static json_t *
json_places(const cli_connection *c)
{
	json_t *array = json_array();

	for (size_t i = 0; i < c->place_count; i++)
		(void)json_array_append_new(array, json_string(c->places[i].text));
	return array;
}

static json_t *
json_keys(const cli_connection *c)
{
	json_t *array = json_array();

	for (size_t i = 0; i < c->key_count; i++) {
		char *pem = cli_ipsec_pem(c->keys[i]);
		(void)json_array_append_new(array, json_string(pem ? pem : ""));
		free(pem);
	}
	return array;
}

static const char *
word_of(danepriv_spd_action action)
{
	return action == DANEPRIV_SPD_BYPASS ? "bypass" : "discard";
}

static const char *
finding_of(const cli_connection *c)
{
	return c->finding == DANEPRIV_FINDING_MATCH
		   ? "published"
		   : danepriv_word(DANEPRIV_KIND_FINDING, c->finding);
}

static bool
tell_json(const cli_connection *c, const cli_ipsec_form *form, const char *text)
{
	bool is_by_hand = c->has_place || c->own.len > 0;

	return cli_print_json(json_pack(
	    "{s:s,s:s,s:s,s:s,s:s,s:o,s:b,s:s?,s:b,s:o,s:{s:s,s:s,s:I,s:I},s:o,s:s}", "id", c->id,
	    "format", form->word, "mode", danepriv_word(DANEPRIV_KIND_PROFILE, c->profile), "side",
	    c->is_server ? "server" : "client", "finding", finding_of(c), "addresses",
	    json_places(c), "looked_up", !is_by_hand, "gateway",
	    c->gateway.len > 0 ? c->gateway.text : NULL, "authenticated",
	    cli_ipsec_is_authenticated(c), "keys", json_keys(c), "spd", "negotiating",
	    word_of(c->spd.negotiating), "failed", word_of(c->spd.failed), "failed_s",
	    (json_int_t)c->spd.failed_s, "used_s", (json_int_t)c->spd.used_s, "until",
	    c->has_records ? json_null() : json_integer(c->until), "configuration", text));
}

bool
cli_ipsec_tell_refusal(const cli_connection *c, const cli_ipsec_form *form, const char *why)
{
	return cli_print_json(json_pack("{s:s,s:s,s:s,s:s,s:s,s:n,s:s}", "id", c->id, "format",
	    form->word, "mode", danepriv_word(DANEPRIV_KIND_PROFILE, c->profile), "side",
	    c->is_server ? "server" : "client", "finding", finding_of(c), "configuration",
	    "explanation", why));
}

int
cli_ipsec_tell(const cli_connection *c, const cli_ipsec_form *form, bool json)
{
	int result = CLI_EXIT_USAGE;

	char *text = configuration(c, form);
	if (!text)
		cli_complain("out of memory");
	else if (!write_keys(c))
		result = CLI_EXIT_UNREACHABLE;
	else if (json ? tell_json(c, form, text) : fputs(text, stdout) >= 0 && cli_flush())
		result = CLI_EXIT_YES;
	free(text);
	return result;
}
