/* SPDX-License-Identifier: BSD-2-Clause
 * What do the proofs in the file say?  Somebody else looks records up and writes their proofs
 * (`danepriv lookup NAME... --proofs FILE`).  They are validated here, by our own trust anchors, so
 * that the file need not be trusted.  Only a timer reads it: nothing that a peer sends does.
 *
 * A cache takes no proof of a server that it knows already.  So each new file gets a cache of its
 * own, and then what the old cache still holds of other servers: a lookup that failed once takes
 * nobody's keys away. */
#include "plugin.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <threading/rwlock.h>
#include <unistd.h>

#define CACHE_OCTETS (16u << 20)
#define FILE_OCTETS (8u << 20)

static rwlock_t *lock; /* of the next four */
static danepriv *context;
static danepriv_cache *cache;
static chunk_t anchors; /* text, or empty: the library's own */
static uint64_t edition;
static struct stat taken; /* the file as it was read last */
static int failure;	  /* errno that was told of last */
static atomic_bool anchors_expected;

/* ---- files ---- */

/* The whole file, with an octet of zero behind it; empty on failure, with errno. */
static chunk_t
read_open_file(int fd, size_t size)
{
	chunk_t octets = chunk_alloc(size + 1);
	size_t have = 0;
	ssize_t got;

	while (have < size && (got = read(fd, octets.ptr + have, size - have)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			chunk_free(&octets);
			return chunk_empty;
		}
		have += (size_t)got;
	}
	octets.ptr[have] = 0;
	octets.len = have;
	return octets;
}

/* 0, or errno. */
static int
read_file(const char *path, struct stat *about, chunk_t *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), error = 0;

	*out = chunk_empty;
	if (fd < 0 || fstat(fd, about) < 0)
		error = errno;
	else if (!S_ISREG(about->st_mode))
		error = EINVAL;
	else if (about->st_size > FILE_OCTETS)
		error = EFBIG;
	else if (!(*out = read_open_file(fd, (size_t)about->st_size)).ptr)
		error = errno;
	if (fd >= 0)
		close(fd);
	return error;
}

static bool
is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
	       a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* ---- proofs ---- */

/* Takes the proofs of a file up to the first that is none. */
static void
take_file(danepriv_cache *into, const char *path, chunk_t octets, danepriv_time now)
{
	size_t at = 0, good = 0, bad = 0, used;

	while (at < octets.len) {
		danepriv_span rest = { octets.ptr + at, octets.len - at };
		danepriv_status status = danepriv_cache_import(into, context, rest, now, &used);

		if (used == 0) {
			DBG1(DBG_CFG, "danepriv: '%s': nothing behind octet %zu can be read: %s",
			    path, at, danepriv_sentence(DANEPRIV_KIND_STATUS, status));
			break;
		}
		*(status == DANEPRIV_OK ? &good : &bad) += 1;
		at += used;
	}
	DBG1(DBG_CFG, "danepriv: '%s': %zu proofs taken, %zu prove nothing now", path, good, bad);
}

/* What is still proven of servers that `into` does not know. */
static void
take_old(danepriv_cache *into, danepriv_time now)
{
	uint8_t *octets = malloc(DANEPRIV_EXPORT_MAX);
	danepriv_status status = octets && cache ? DANEPRIV_EAGAIN : DANEPRIV_ENOTFOUND;
	uint64_t position = 0;
	size_t len, used;

	while (status == DANEPRIV_OK || status == DANEPRIV_EAGAIN) {
		status =
		    danepriv_cache_export(cache, now, &position, octets, DANEPRIV_EXPORT_MAX, &len);
		if (status == DANEPRIV_OK)
			(void)!danepriv_cache_import(
			    into, context, (danepriv_span){ octets, len }, now, &used);
	}
	free(octets);
}

static danepriv_cache *
new_cache(void)
{
	danepriv_cache_settings settings = { .size = sizeof settings, .max_octets = CACHE_OCTETS };
	danepriv_cache *made;

	return danepriv_cache_new(&settings, &made) == DANEPRIV_OK ? made : NULL;
}

static void
replace(danepriv_cache *with)
{
	danepriv_cache *old;

	lock->write_lock(lock);
	old = cache;
	cache = with;
	edition++;
	lock->unlock(lock);
	danepriv_cache_free(old);
}

/* Once for each reason, not every second. */
static void
tell_failure(const char *path, int error)
{
	if (error != failure)
		DBG1(DBG_CFG, "danepriv: no proofs from '%s': %s", path, strerror(error));
	failure = error;
	taken = (struct stat){ 0 };
}

/* 0, or errno. */
static int
renew_from(const char *path, struct stat *about)
{
	danepriv_time now = time(NULL);
	danepriv_cache *fresh;
	chunk_t octets;
	int error = read_file(path, about, &octets);

	if (error)
		return error;
	fresh = new_cache();
	if (fresh) {
		take_file(fresh, path, octets, now);
		take_old(fresh, now);
		replace(fresh);
	}
	chunk_free(&octets);
	return fresh ? 0 : ENOMEM;
}

/* ---- anchors ---- */

/* Of these anchors, with roots of its own. */
static danepriv *
open_context(chunk_t text, chunk_t roots)
{
	danepriv_settings settings = { .size = sizeof settings,
		.anchors = text.len ? (const char *)text.ptr : NULL,
		.roots = { roots.ptr, roots.len } };
	danepriv *opened;
	danepriv_status status = danepriv_open(&settings, &opened);

	if (status != DANEPRIV_OK)
		DBG1(DBG_CFG, "danepriv: anchors or authority not taken: %s",
		    danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	return opened;
}

static void
replace_anchors(danepriv *opened, chunk_t text)
{
	danepriv *old_context;
	chunk_t old_text;

	lock->write_lock(lock);
	old_context = context;
	old_text = anchors;
	context = opened;
	anchors = text;
	lock->unlock(lock);
	danepriv_close(old_context);
	chunk_free(&old_text);
}

/* On failure those from before hold. */
static void
renew_anchors(void)
{
	const char *path = setting("anchors");
	danepriv_cache *fresh = new_cache();
	danepriv *opened = NULL;
	chunk_t text = chunk_empty;
	struct stat about;
	int error = path ? read_file(path, &about, &text) : 0;

	if (error)
		DBG1(DBG_CFG, "danepriv: anchors '%s': %s", path, strerror(error));
	else if (path && text.len == 0)
		DBG1(DBG_CFG, "danepriv: anchors '%s': an empty file", path);
	else if (fresh)
		opened = open_context(text, chunk_empty);
	if (!opened) {
		DBG1(DBG_CFG, "danepriv: %s",
		    context ? "the anchors from before hold"
			    : "there is no evidence, so that all servers of listed connections are "
			      "refused");
		danepriv_cache_free(fresh);
		chunk_free(&text);
		return;
	}
	replace_anchors(opened, text);
	/* What the old anchors have proven the new ones have to prove, too. */
	take_old(fresh, time(NULL));
	replace(fresh);
	taken = (struct stat){ 0 };
}

void
evidence_expect_anchors(void)
{
	atomic_store(&anchors_expected, true);
}

void
evidence_renew(void)
{
	const char *path = setting("proofs");
	struct stat about;
	int error;

	if (atomic_exchange(&anchors_expected, false))
		renew_anchors();
	if (!context)
		return;
	if (!path) {
		tell_failure("(the setting `proofs` is missing)", ENOENT);
		return;
	}
	error = stat(path, &about) < 0 ? errno : 0;
	if (!error && is_same(&about, &taken))
		return;
	if (!error)
		error = renew_from(path, &about);
	if (error) {
		tell_failure(path, error);
		return;
	}
	taken = about;
	failure = 0;
}

/* ---- begin and end ---- */

void
evidence_open(void)
{
	lock = rwlock_create(RWLOCK_TYPE_DEFAULT);
	evidence_expect_anchors();
	evidence_renew();
}

void
evidence_close(void)
{
	danepriv_cache_free(cache);
	danepriv_close(context);
	lock->destroy(lock);
	chunk_free(&anchors);
	cache = NULL;
	context = NULL;
	lock = NULL;
	taken = (struct stat){ 0 };
}

/* ---- questions ---- */

/* Borrows from `shown`, and puts the certificates into `room`. */
static danepriv_ike_peer
peer_of(const shown_t *shown, danepriv_ike_certificate *room)
{
	for (size_t i = 0; i < shown->count; i++)
		room[i] = (danepriv_ike_certificate){
			.octets = { shown->certificate[i].ptr, shown->certificate[i].len },
			.encoding = shown->encoding[i],
		};
	return (danepriv_ike_peer){
		.size = sizeof(danepriv_ike_peer),
		.id = { .octets = { shown->id.ptr, shown->id.len }, .type = shown->id_type },
		.certificates = room,
		.count = shown->count,
		.key = { shown->key.ptr, shown->key.len },
		.address = { shown->address.ptr, shown->address.len },
		.auth = shown->auth,
	};
}

/* Usages 0 and 1: the connection's own authorities have passed the peer before. */
static danepriv_status
judge_under_authority(const danepriv_server *server, const danepriv_ike_peer *peer,
    chunk_t authority, danepriv_time now, danepriv_ike_found *found, danepriv_verdict *why)
{
	danepriv *rooted = open_context(anchors, authority);
	danepriv_records *records = NULL;
	danepriv_status status = DANEPRIV_ENOMEM;

	if (rooted)
		status = danepriv_cache_get(cache, server, now, &records);
	if (status == DANEPRIV_OK)
		status = danepriv_ike_evaluate(rooted, records, peer, now, found, why);
	danepriv_records_free(records);
	danepriv_close(rooted);
	return status;
}

danepriv_status
evidence_judge(const danepriv_server *server, const shown_t *shown, danepriv_time now,
    danepriv_ike_found *found, danepriv_verdict *why)
{
	danepriv_ike_certificate room[CERTIFICATES];
	danepriv_ike_peer peer = peer_of(shown, room);
	danepriv_status status;

	lock->read_lock(lock);
	status = !context ? DANEPRIV_ENOTFOUND
			  : danepriv_ike_judge(cache, context, server, &peer, now, found, why);
	if (status == DANEPRIV_OK && shown->authority.len > 0 &&
	    found->finding != DANEPRIV_FINDING_MATCH)
		status = judge_under_authority(server, &peer, shown->authority, now, found, why);
	lock->unlock(lock);
	return status;
}

chunk_t
evidence_key(const danepriv_server *server, size_t index, danepriv_time now)
{
	danepriv_records *records = NULL;
	danepriv_span key = { 0 };
	chunk_t copy = chunk_empty;

	lock->read_lock(lock);
	if (context && danepriv_cache_get(cache, server, now, &records) == DANEPRIV_OK &&
	    danepriv_ike_key(context, records, index, now, &key, NULL) == DANEPRIV_OK)
		copy = chunk_clone(chunk_create((u_char *)key.data, key.len));
	lock->unlock(lock);
	danepriv_records_free(records);
	return copy;
}

uint64_t
evidence_edition(void)
{
	uint64_t now;

	lock->read_lock(lock);
	now = edition;
	lock->unlock(lock);
	return now;
}
