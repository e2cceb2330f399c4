/* SPDX-License-Identifier: BSD-2-Clause
 * What is there to know about a configuration, beside what it says?  In comments, which begin with
 * a number sign in both languages. */
#include "ipsec.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

bool
cli_ipsec_is_authenticated(const cli_connection *c)
{
	return c->decision == DANEPRIV_DECISION_PROCEED;
}

/* The slides' names for connections with somebody unknown. */
static const char *
kind_of(const cli_connection *c)
{
	if (cli_ipsec_is_authenticated(c))
		return "dns";
	return c->is_server ? "clear-or-private" : "private-or-clear";
}

void
cli_ipsec_name(const cli_connection *c, size_t place, const char *suffix, char *out, size_t room)
{
	if (place == 0)
		(void)snprintf(out, room, "%s-%s%s", kind_of(c), c->stem, suffix);
	else
		(void)snprintf(out, room, "%s-%s-%zu%s", kind_of(c), c->stem, place + 1, suffix);
}

static void
write_time(danepriv_time at, FILE *out)
{
	time_t seconds = (time_t)at;
	char text[40];
	struct tm tm;

	if (gmtime_r(&seconds, &tm) && strftime(text, sizeof text, "%FT%TZ", &tm) > 0)
		(void)fprintf(out, ", until %s: print this again before", text);
}

static void
write_records(const cli_connection *c, FILE *out)
{
	(void)fprintf(out, "# Records: ");
	if (c->has_records) {
		(void)fprintf(out, "given by hand, not looked up and not proven.\n");
		return;
	}
	(void)fprintf(out, "%s",
	    cli_ipsec_is_authenticated(c)	    ? "proven"
	    : c->finding == DANEPRIV_FINDING_ABSENT ? "none, as DNSSEC proves"
						    : "none that count, since nothing signs them");
	write_time(c->until, out);
	(void)fprintf(out, ".\n");
}

static void
write_places(const cli_connection *c, FILE *out)
{
	bool is_own = c->own.len > 0;

	for (size_t i = 0; i < c->place_count; i++)
		(void)fprintf(out, "# Address %s: %s.\n", c->places[i].text,
		    is_own	   ? "the server's own name"
		    : c->has_place ? "given by hand"
				   : "looked up and unproven");
	if (is_own || c->is_server)
		return;
	if (!cli_ipsec_is_authenticated(c)) {
		(void)fprintf(out, "# Whoever is at the address is taken.\n");
		return;
	}
	(void)fprintf(out,
	    "# A wrong address leads to somebody with another key, who is refused.  Who owns the\n"
	    "# address is not proven: the key is that of the name.\n");
	if (c->gateway.len > 0)
		(void)fprintf(out, "# The gateway has to have the name's key.  Behind it all goes "
				   "in clear.\n");
	if (c->is_all)
		(void)fprintf(out, "# All traffic with the address goes to whoever has the name's "
				   "key, and not DNS\n"
				   "# alone.\n");
}

static void
write_clients(const cli_connection *c, FILE *out)
{
	if (!c->is_server)
		return;
	(void)fprintf(out, "# Takes ");
	for (size_t i = 0; i < c->client_count; i++)
		(void)fprintf(out, "%s%s", i > 0 ? ", " : "", c->clients[i].text);
	(void)fprintf(out, "%s, to port 53 alone.\n", c->client_count > 0 ? "" : "anybody");
	if (cli_ipsec_is_authenticated(c) && !c->is_anonymous)
		(void)fprintf(out, "# They have to show a certificate by one of the daemon's "
				   "authorities.\n");
}

/* ---- what authenticates whom ---- */

static void
write_authentication(const cli_connection *c, const cli_ipsec_form *form, FILE *out)
{
	if (!cli_ipsec_is_authenticated(c))
		(void)fprintf(out, "# Nobody is authenticated (NULL on both sides, RFC 7619): who "
				   "listens is kept\n"
				   "# out, and who is in between is not.\n");
	else if (!c->is_anonymous && !c->is_server)
		(void)fprintf(out, "# Your own key is yours to name: %s.\n", form->own);
}

/* Measured (tests/integration/libreswan): no word of a connection keeps pluto from it. */
static void
write_authorities(const cli_connection *c, FILE *out)
{
	if (!cli_ipsec_is_authenticated(c))
		return;
	if (c->key_count > 1)
		(void)fprintf(out,
		    "# A connection of pluto's takes one key, and of RSA alone.  Here it is\n"
		    "# the first of %zu keys that are published whole: whoever has another is "
		    "refused.\n",
		    c->key_count);
	if (!c->is_server)
		(void)fprintf(out,
		    "# pluto also takes whoever has a certificate for %s by an\n"
		    "# authority in its NSS database, trusted there or not (certutil -L): have "
		    "none there.\n",
		    c->id);
}

/* Connections of strongSwan's that know no key. */
static void
write_plugin(const cli_connection *c, FILE *out)
{
	char name[CLI_IPSEC_NAME_MAX];

	if (c->key_path[0] != '\0' || c->is_server)
		return;
	(void)fprintf(out,
	    "# No key is named here: the plugin of examples/strongswan knows it by its records,\n"
	    "# and where it is not loaded, whoever one of charon's authorities has certified is\n"
	    "# taken.  Its settings:\n#   connections = ");
	for (size_t i = 0; i < c->place_count; i++) {
		cli_ipsec_name(c, i, "", name, sizeof name);
		(void)fprintf(out, "%s%s", i > 0 ? ", " : "", name);
	}
	(void)fprintf(out, "\n#   mode = %s\n", danepriv_word(DANEPRIV_KIND_PROFILE, c->profile));
	if (c->key_count > 0)
		(void)fprintf(out,
		    "# Or put the key below into a file that remote.pubkeys names (--key-out).\n");
}

/* ---- what leaves in clear ---- */

static void
write_shunts(const cli_connection *c, const cli_ipsec_form *form, FILE *out)
{
	if (c->is_server)
		return;
	if (c->spd.failed == DANEPRIV_SPD_DISCARD) {
		(void)fprintf(out,
		    "# strict: %s leaves in clear for the addresses above, neither while IKE\n"
		    "# negotiates nor after it failed.  For other addresses of the server "
		    "nothing is closed.\n",
		    c->is_all ? "nothing" : "no question to port 53");
		return;
	}
	(void)fprintf(out,
	    "# opportunistic: where IKE has failed because nobody answered, %s may go in\n"
	    "# clear for %u seconds; never after a wrong key, which the log tells.  The daemon "
	    "does\n"
	    "# neither by itself.  While the connection is routed it goes on\n"
	    "# holding all, whatever stands here, and tries IKE again.  To let it out:\n"
	    "#   %s\n# and to hold it again, which nobody does for you:\n#   %s\n",
	    c->is_all ? "everything" : "questions", (unsigned)c->spd.failed_s, form->opens,
	    form->closes);
}

void
cli_ipsec_write_notes(const cli_connection *c, const cli_ipsec_form *form, FILE *out)
{
	(void)fprintf(out, "# danepriv: %s at %s, for %s.\n",
	    c->is_server ? "the server itself" : "a client", c->id, form->word);
	write_records(c, out);
	write_places(c, out);
	write_clients(c, out);
	write_authentication(c, form, out);
	if (form == &cli_ipsec_swanctl)
		write_plugin(c, out);
	else
		write_authorities(c, out);
	write_shunts(c, form, out);
	(void)fprintf(out, "\n");
}
