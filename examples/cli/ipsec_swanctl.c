/* SPDX-License-Identifier: BSD-2-Clause
 * How is it said to strongSwan?  (swanctl.conf, of 5.9.8 and 6.0.1)
 *
 * A key that is published whole is named in `pubkeys`.  Where only digests are, the plugin of
 * examples/strongswan knows them, and charon knows none: there is no `pubkeys` then. */
#include "ipsec.h"

#include <stdlib.h>
#include <string.h>

typedef struct child {
	const char *name;
	const char *local, *remote; /* behind the addresses of whoever asks, and of the server */
} child;

static const child dns[] = { { "udp", "[udp]", "[udp/53]" }, { "tcp", "[tcp]", "[tcp/53]" } };
static const child all[] = { { "all", "", "" } };

static const char *
lacks(const cli_connection *c)
{
	return c->is_anonymous ? "strongSwan has no NULL authentication: --anonymous is libreswan's"
			       : NULL;
}

static const char *
misses(const cli_connection *c)
{
	if (!cli_ipsec_is_authenticated(c))
		return "nothing is published, and strongSwan has no NULL authentication";
	if (c->key_path[0] != '\0' && c->key_count == 0)
		return "no record has a key whole (3 1 0), so that there is none for --key-out";
	return NULL;
}

static void
write_keys(const cli_connection *c, FILE *out)
{
	char path[CLI_IPSEC_PATH_MAX + 8];

	if (c->key_path[0] == '\0')
		return;
	(void)fprintf(out, "      pubkeys = ");
	for (size_t i = 0; i < c->key_count; i++) {
		cli_ipsec_key_path(c, i, path, sizeof path);
		(void)fprintf(out, "%s%s", i > 0 ? "," : "", path);
	}
	(void)fprintf(out, "\n");
}

/* The server's own end, and whoever asks at the other; or the other way round. */
static void
write_server(const cli_connection *c, const char *side, FILE *out)
{
	(void)fprintf(out, "    %s {\n      auth = pubkey\n      id = %s\n", side, c->id);
	write_keys(c, out);
	(void)fprintf(out, "    }\n");
}

static void
write_asker(const char *side, FILE *out)
{
	(void)fprintf(out, "    %s {\n      auth = pubkey\n    }\n", side);
}

static void
write_child(const cli_connection *c, const cli_ipsec_place *place, const child *of, FILE *out)
{
	const char *asker = c->is_server ? "remote" : "local";
	const char *server = c->is_server ? "local" : "remote";

	(void)fprintf(out, "      %s {\n        %s_ts = dynamic%s\n        %s_ts = %s%s\n",
	    of->name, asker, of->local, server, place->text, of->remote);
	if (!c->is_server)
		(void)fprintf(out, "        start_action = trap\n");
	(void)fprintf(out, "      }\n");
}

static void
write_children(const cli_connection *c, const cli_ipsec_place *place, FILE *out)
{
	const child *children = c->is_all ? all : dns;
	size_t count = c->is_all ? 1 : sizeof dns / sizeof *dns;

	(void)fprintf(out, "    children {\n");
	for (size_t i = 0; i < count; i++)
		write_child(c, place, &children[i], out);
	(void)fprintf(out, "    }\n");
}

/* Whom a server takes: charon lets no other address begin. */
static void
write_clients(const cli_connection *c, FILE *out)
{
	for (size_t i = 0; i < c->client_count; i++)
		(void)fprintf(out, "%s%s", i > 0 ? "," : "    remote_addrs = ", c->clients[i].text);
	if (c->client_count > 0)
		(void)fprintf(out, "\n");
}

static void
write_place(const cli_connection *c, size_t place, FILE *out)
{
	const char *at = c->gateway.len > 0 ? c->gateway.text : c->places[place].text;
	char name[CLI_IPSEC_NAME_MAX];

	cli_ipsec_name(c, place, "", name, sizeof name);
	(void)fprintf(out, "  %s {\n    version = 2\n", name);
	if (c->is_server) {
		(void)fprintf(out, "    local_addrs = %s\n", at);
		write_clients(c, out);
		(void)fprintf(out, "    send_cert = always\n");
		write_server(c, "local", out);
		write_asker("remote", out);
	} else {
		(void)fprintf(out, "    remote_addrs = %s\n", at);
		write_asker("local", out);
		write_server(c, "remote", out);
	}
	write_children(c, &c->places[place], out);
	(void)fprintf(out, "  }\n");
}

/* For whoever wants to put it into a file. */
static bool
write_pem(const cli_connection *c, FILE *out)
{
	for (size_t i = 0; c->key_path[0] == '\0' && i < c->key_count; i++) {
		char *pem = cli_ipsec_pem(c->keys[i]);
		if (!pem)
			return false;
		for (const char *line = pem; *line != '\0'; line += strcspn(line, "\n") + 1)
			(void)fprintf(out, "# %.*s\n", (int)strcspn(line, "\n"), line);
		free(pem);
	}
	return true;
}

static bool
write_all(const cli_connection *c, FILE *out)
{
	if (!write_pem(c, out))
		return false;
	(void)fprintf(out, "connections {\n");
	for (size_t i = 0; i < c->place_count; i++)
		write_place(c, i, out);
	(void)fprintf(out, "}\n");
	return true;
}

const cli_ipsec_form cli_ipsec_swanctl = { "swanctl", lacks, misses, write_all,
	"id, and certs or pubkeys", "swanctl --uninstall --ike CONNECTION --child CHILD",
	"swanctl --install --ike CONNECTION --child CHILD" };
