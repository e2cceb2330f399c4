/* SPDX-License-Identifier: BSD-2-Clause
 * How is it said to libreswan?  (ipsec.conf, read by 4.10 and 5.2 alike)
 *
 * Each connection is complete, and says nothing that either of them does not know: 4.10 has no
 * keyexchange=ikev2, 5.2 no ikev2=insist, and IKEv2 is what both take without.  `leftprotoport` is
 * 17/0: pluto routes no 17/%any on demand, and the question would leave in clear. */
#include "ipsec.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>

/* UDP and TCP, by their numbers; and all traffic. */
typedef struct protocol {
	const char *suffix;
	int number;
} protocol;

static const protocol dns[] = { { "-udp", 17 }, { "-tcp", 6 } };
static const protocol all[] = { { "", 0 } };

/* ---- keys ---- */

/* Leading zeros are no part of a number. */
static danepriv_span
number_of(const gnutls_datum_t *datum)
{
	danepriv_span number = { datum->data, datum->size };

	while (number.len > 0 && number.data[0] == 0) {
		number.data++;
		number.len--;
	}
	return number;
}

/* RFC 3110 section 2 in base64, to free; NULL: it is too long, or memory is out. */
static char *
write_rfc3110(danepriv_span exponent, danepriv_span modulus)
{
	gnutls_datum_t raw = { NULL, 0 }, text = { NULL, 0 };
	char *made = NULL;

	if (exponent.len == 0 || exponent.len > UINT8_MAX)
		return NULL;
	raw.data = malloc(1 + exponent.len + modulus.len);
	if (!raw.data)
		return NULL;
	raw.data[0] = (unsigned char)exponent.len;
	memcpy(raw.data + 1, exponent.data, exponent.len);
	memcpy(raw.data + 1 + exponent.len, modulus.data, modulus.len);
	raw.size = (unsigned)(1 + exponent.len + modulus.len);
	if (gnutls_base64_encode2(&raw, &text) == GNUTLS_E_SUCCESS)
		made = strndup((const char *)text.data, text.size);
	gnutls_free(text.data);
	free(raw.data);
	return made;
}

/* To free; NULL: the key is none of RSA's. */
static char *
rsa_text(danepriv_span key)
{
	gnutls_datum_t der = { (unsigned char *)(uintptr_t)key.data, (unsigned)key.len };
	gnutls_datum_t modulus = { NULL, 0 }, exponent = { NULL, 0 };
	gnutls_pubkey_t public_key = NULL;
	char *text = NULL;

	if (gnutls_pubkey_init(&public_key) == GNUTLS_E_SUCCESS &&
	    gnutls_pubkey_import(public_key, &der, GNUTLS_X509_FMT_DER) == GNUTLS_E_SUCCESS &&
	    gnutls_pubkey_get_pk_algorithm(public_key, NULL) == GNUTLS_PK_RSA &&
	    gnutls_pubkey_export_rsa_raw(public_key, &modulus, &exponent) == GNUTLS_E_SUCCESS)
		text = write_rfc3110(number_of(&exponent), number_of(&modulus));
	gnutls_free(modulus.data);
	gnutls_free(exponent.data);
	gnutls_pubkey_deinit(public_key);
	return text;
}

/* The first of RSA's; to free.  A connection takes one. */
static char *
first_rsa(const cli_connection *c)
{
	char *text = NULL;

	for (size_t i = 0; !text && i < c->key_count; i++)
		text = rsa_text(c->keys[i]);
	return text;
}

/* ---- can it? ---- */

static const char *
lacks(const cli_connection *c)
{
	(void)c;
	return NULL;
}

static const char *
misses(const cli_connection *c)
{
	if (!cli_ipsec_is_authenticated(c))
		return c->is_anonymous ? NULL
				       : "nothing is published, so that only NULL authentication "
					 "is left: say --anonymous for that";
	if (c->key_count == 0)
		return "libreswan has to know the key before the peer speaks, and no record has it "
		       "whole: publish it as 3 1 0";
	char *text = first_rsa(c);
	bool has_rsa = text != NULL;
	free(text);
	return has_rsa ? NULL : "libreswan takes whole keys of RSA alone, and none is published";
}

/* ---- a connection ---- */

static const char *
shunt(danepriv_spd_action action)
{
	return action == DANEPRIV_SPD_BYPASS ? "passthrough" : "drop";
}

static const char *
mark(const cli_connection *c)
{
	return c->identity.type == 2 ? "@" : "";
}

/* The server's end. */
static void
write_server(const cli_connection *c, const char *side, const cli_ipsec_place *place,
    const protocol *of, const char *key, FILE *out)
{
	bool has_gateway = c->gateway.len > 0;

	(void)fprintf(out, "\t%s=%s\n", side, has_gateway ? c->gateway.text : place->text);
	if (has_gateway)
		(void)fprintf(
		    out, "\t%ssubnet=%s/%d\n", side, place->text, place->len == 4 ? 32 : 128);
	if (key)
		(void)fprintf(out, "\t%sid=%s%s\n\t%sauth=rsasig\n\t%srsasigkey=0s%s\n", side,
		    mark(c), c->id, side, side, key);
	else
		(void)fprintf(out, "\t%sid=%%null\n", side);
	if (of->number > 0)
		(void)fprintf(out, "\t%sprotoport=%d/53\n", side, of->number);
}

/* The end of whoever asks, of which the key is not ours to know. */
static void
write_asker(const cli_connection *c, const char *side, const protocol *of, bool has_key, FILE *out)
{
	if (c->is_anonymous)
		(void)fprintf(out, "\t%sid=%%null\n", side);
	else if (c->is_server)
		(void)fprintf(out, "\t%sid=%%fromcert\n\t%srsasigkey=%%cert\n", side, side);
	if (has_key)
		(void)fprintf(out, "\t%sauth=%s\n", side, c->is_anonymous ? "null" : "rsasig");
	if (of->number > 0)
		(void)fprintf(
		    out, "\t%sprotoport=%d/%s\n", side, of->number, c->is_server ? "%any" : "0");
}

static void
write_end(const cli_connection *c, const char *key, FILE *out)
{
	if (!key)
		(void)fprintf(out, "\tauthby=null\n");
	(void)fprintf(out, "\tnegotiationshunt=%s\n\tfailureshunt=%s\n\tauto=%s\n\n",
	    shunt(c->spd.negotiating), shunt(c->spd.failed), c->is_server ? "add" : "ondemand");
}

static void
write_client_conn(const cli_connection *c, const cli_ipsec_place *place, const protocol *of,
    const char *key, FILE *out)
{
	(void)fprintf(out, "\tleft=%%defaultroute\n");
	write_asker(c, "left", of, key != NULL, out);
	write_server(c, "right", place, of, key, out);
	write_end(c, key, out);
}

/* `net`: whom it takes; NULL: anybody. */
static void
write_server_conn(const cli_connection *c, const cli_ipsec_place *place, const protocol *of,
    const char *key, const cli_ipsec_place *net, FILE *out)
{
	write_server(c, "left", place, of, key, out);
	(void)fprintf(out, "\tright=%%any\n");
	if (net)
		(void)fprintf(out, "\trightsubnet=%s\n\tnarrowing=yes\n", net->text);
	write_asker(c, "right", of, key != NULL, out);
	write_end(c, key, out);
}

static void
write_place(const cli_connection *c, size_t place, const protocol *of, const char *key, FILE *out)
{
	size_t nets = c->is_server && c->client_count > 0 ? c->client_count : 1;
	char name[CLI_IPSEC_NAME_MAX], suffix[40];

	for (size_t i = 0; i < nets; i++) {
		(void)snprintf(suffix, sizeof suffix, "%s", of->suffix);
		if (i > 0)
			(void)snprintf(suffix, sizeof suffix, "%s-%zu", of->suffix, i + 1);
		cli_ipsec_name(c, place, suffix, name, sizeof name);
		(void)fprintf(out, "conn %s\n", name);
		if (c->is_server)
			write_server_conn(c, &c->places[place], of, key,
			    c->client_count > 0 ? &c->clients[i] : NULL, out);
		else
			write_client_conn(c, &c->places[place], of, key, out);
	}
}

static bool
write_all(const cli_connection *c, FILE *out)
{
	const protocol *protocols = c->is_all ? all : dns;
	size_t count = c->is_all ? 1 : sizeof dns / sizeof *dns;
	char *key = cli_ipsec_is_authenticated(c) ? first_rsa(c) : NULL;

	if (cli_ipsec_is_authenticated(c) && !key)
		return false;
	for (size_t i = 0; i < c->place_count; i++)
		for (size_t n = 0; n < count; n++)
			write_place(c, i, &protocols[n], key, out);
	free(key);
	return true;
}

const cli_ipsec_form cli_ipsec_libreswan = { "libreswan", lacks, misses, write_all,
	"leftid=, and leftcert= or leftckaid=", "ipsec whack --name CONN --unroute",
	"ipsec whack --name CONN --route" };
