/* SPDX-License-Identifier: BSD-2-Clause
 * plugin.h - what do the rooms of this plugin ask each other?
 *
 *	meant      which server does an SA have to reach?
 *	shown      what has the peer shown?
 *	evidence   what do the proofs in the file say?
 *	judge      is this peer the one that was published?
 *	keys       which key of charon's has these octets?
 *	trust      which keys does charon take for the peer's?
 *	last_word  does the SA come up?
 *	live       does it stay up?
 *	version    is this the charon that we were built for? */
#ifndef STRONGSWAN_DANEPRIV_PLUGIN_H
#define STRONGSWAN_DANEPRIV_PLUGIN_H

#include <daemon.h>
#include <library.h>

#include <danepriv/danepriv.h>

#include <time.h>

/* ---- settings: charon.plugins.danepriv.* in strongswan.conf ---- */

/* A setting, or NULL.  Borrowed. */
char *setting(const char *key);

/* ---- version ---- */

bool charon_is_ours(void);

/* ---- meant ---- */

#define NAME_ROOM 1024

/* Which server an SA has to reach, with the text that its name is in. */
typedef struct meant {
	char name[NAME_ROOM];
	char connection[128];
} meant_t;

/* False: its connection is not listed, or has no fixed identity of the server's. */
bool meant_by(ike_sa_t *sa, meant_t *out);

/* Which server a child has to reach that comes over an SA of `other`, and is not that one's own. */
bool meant_by_child(child_cfg_t *child, peer_cfg_t *other, meant_t *out);

/* ---- shown ---- */

#define CERTIFICATES 16

/* What a peer has shown, in memory of its own.  Free it with shown_free. */
typedef struct shown {
	chunk_t id, address, key;
	chunk_t authority; /* the certificate that charon's own path ended with, if it found one */
	chunk_t certificate[CERTIFICATES];
	uint8_t encoding[CERTIFICATES];
	size_t count;
	uint32_t auth;
	uint8_t id_type;
} shown_t;

/* `used`: the key of AUTH counts as well, which has been verified by now. */
void shown_read(ike_sa_t *sa, auth_cfg_t *auth, bool used, shown_t *out);

void shown_free(shown_t *shown);

/* ---- evidence ---- */

/* What cannot be opened proves nothing: PKIX alone must not pass whom we were to judge. */
void evidence_open(void);

void evidence_close(void);

/* The anchors are read again with the file, at the next evidence_renew.  From any thread. */
void evidence_expect_anchors(void);

/* Reads the file again if it has changed.  From one thread alone. */
void evidence_renew(void);

/* As danepriv_ike_judge.  Where no record of usage 2 or 3 fits, the authority by which charon has
 * passed the peer serves as root for usages 0 and 1. */
danepriv_status evidence_judge(const danepriv_server *server, const shown_t *shown,
    danepriv_time now, danepriv_ike_found *found, danepriv_verdict *why);

/* One of the keys that are published whole, as danepriv_ike_key; to be freed. */
chunk_t evidence_key(const danepriv_server *server, size_t index, danepriv_time now);

/* Another number for each file that was read: each fills a cache of its own, once. */
uint64_t evidence_edition(void);

/* ---- judge ---- */

#define RECORDS 8

/* A judgement, as far as it is kept and told. */
typedef struct judged {
	danepriv_ike_found found;
	danepriv_verdict why;
	danepriv_record_verdict each[RECORDS];
	danepriv_status status;
	danepriv_decision decision;
	uint64_t edition; /* of the evidence, before it was judged by that */
	danepriv_time at;
} judged_t;

danepriv_server server_of(const meant_t *meant);

/* True: the SA may go on, authenticated or not: `decision` says which. */
bool judge(const meant_t *meant, const shown_t *shown, judged_t *out);

/* One line in the log. */
void tell(const meant_t *meant, const judged_t *judged, const char *refused);

/* ---- keys: SubjectPublicKeyInfo in DER ---- */

void keys_open(void);

void keys_close(void);

/* NULL: charon cannot read it.  To be destroyed. */
public_key_t *keys_read(chunk_t octets);

/* Empty on failure.  To be freed. */
chunk_t keys_write(public_key_t *key);

/* ---- trust, last_word ---- */

extern credential_set_t trust;
extern listener_t last_word;

/* ---- live ---- */

void live_open(void);

void live_close(void);

/* The SA was given a key, whatever its connection will be in the end. */
void live_note_given(uint32_t sa);

bool live_was_given(uint32_t sa);

/* The SA comes up: watch it from now on.  Takes what `shown` has. */
void live_keep(ike_sa_t *sa, const meant_t *meant, shown_t *shown, const judged_t *judged);

/* Has it come up so, and was not forgotten? */
bool live_is_judged(uint32_t sa);

void live_rekeyed(uint32_t from, ike_sa_t *to);

void live_forget(uint32_t sa);

/* Judges the SAs again whose evidence has ended or is of another edition.  Closes those that fail. */
void live_judge(void);

#endif
