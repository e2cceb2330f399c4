/* SPDX-License-Identifier: BSD-2-Clause
 * What does an IKE daemon have to be told about one server? */
#ifndef CLI_IPSEC_H
#define CLI_IPSEC_H

#include "ipsec_place.h"
#include "network.h"

#include <danepriv/ike.h>
#include <stdio.h>

#define CLI_IPSEC_PLACES_MAX 8
#define CLI_IPSEC_NETS_MAX 16
#define CLI_IPSEC_KEYS_MAX 8
/* A name with its dots and underscores told apart; and a number and a protocol behind it. */
#define CLI_IPSEC_STEM_MAX 256
#define CLI_IPSEC_NAME_MAX (CLI_IPSEC_STEM_MAX + 40)
#define CLI_IPSEC_PATH_MAX 1024

/* A plain struct: zero it first.  All text in it has been checked: it may stand in a configuration
 * as it is. */
typedef struct cli_connection {
	/* what was asked for */
	char id[256];		  /* whom the server says it is: a name, or an address */
	danepriv_ike_id identity; /* the same as IKE has it; borrows from here */
	char stem[CLI_IPSEC_STEM_MAX];
	cli_ipsec_place own; /* of a server that is named by its place in the reverse tree */
	cli_ipsec_place gateway;
	cli_ipsec_place clients[CLI_IPSEC_NETS_MAX]; /* whom a server takes; none: anybody */
	size_t client_count;
	danepriv_profile profile;
	bool is_server, is_anonymous, is_all; /* all: all traffic */
	char key_path[CLI_IPSEC_PATH_MAX];    /* where keys are written; "": nowhere */
	bool has_records, has_place;	      /* given by hand */
	/* where it is */
	cli_ipsec_place places[CLI_IPSEC_PLACES_MAX];
	size_t place_count;
	/* what the records say */
	danepriv_finding finding; /* MATCH: something can match */
	danepriv_decision decision;
	danepriv_spd_entry spd;
	danepriv_span keys[CLI_IPSEC_KEYS_MAX]; /* published whole; borrowed */
	size_t key_count;
	danepriv_time until;
} cli_connection;

/* ---- ipsec_checked.c: may this stand in a configuration?  False, and said why, when not ---- */

/* Sets `id`, `identity`, `stem` and `own`.  `given`: the name as it was asked for. */
bool cli_ipsec_read_id(const char *given, const danepriv_server *server, cli_connection *out);
/* Sets `key_path`: absolute, since daemons have folders of their own. */
bool cli_ipsec_read_path(const char *given, cli_connection *out);

/* ---- ipsec_records.c ---- */

/* Sets what the records say, at `now`. */
void cli_ipsec_judge(
    const danepriv *ctx, const danepriv_records *records, danepriv_time now, cli_connection *out);

/* ---- how it is written: ipsec_tell.c, ipsec_libreswan.c, ipsec_swanctl.c, ipsec_notes.c ---- */

typedef struct cli_ipsec_form {
	const char *word;
	/* Why it cannot be written: from what was asked for, and from what the records say.  NULL:
	 * it can. */
	const char *(*lacks)(const cli_connection *c);
	const char *(*misses)(const cli_connection *c);
	/* False: memory is out. */
	bool (*write)(const cli_connection *c, FILE *out);
	/* for people: what they have to say of their own key, what lets packets out in clear, and
	 * what keeps them again */
	const char *own, *opens, *closes;
} cli_ipsec_form;

extern const cli_ipsec_form cli_ipsec_libreswan, cli_ipsec_swanctl;

/* Writes the keys to their files, and prints all.  The status to exit with. */
int cli_ipsec_tell(const cli_connection *c, const cli_ipsec_form *form, bool json);
/* The JSON object where there is no configuration, and why.  False: it was not printed. */
bool cli_ipsec_tell_refusal(const cli_connection *c, const cli_ipsec_form *form, const char *why);

/* Comments: what the connections are, and what they are not. */
void cli_ipsec_write_notes(const cli_connection *c, const cli_ipsec_form *form, FILE *out);

/* Is it the owner's key that authenticates?  If not, it is NULL on both sides. */
bool cli_ipsec_is_authenticated(const cli_connection *c);
/* The name of the connections of one place. */
void cli_ipsec_name(
    const cli_connection *c, size_t place, const char *suffix, char *out, size_t room);
/* Where a key is written: `key_path`, and further ones at `key_path`.2 and so on. */
void cli_ipsec_key_path(const cli_connection *c, size_t key, char *out, size_t room);
/* In PEM, to free; NULL: memory is out. */
char *cli_ipsec_pem(danepriv_span key);

#endif
