/* SPDX-License-Identifier: BSD-2-Clause
 * Does an SA stay up?  An end date on a trusted key does nothing in charon.  So what the peer has
 * shown is kept, and it is judged again when the evidence ends and when other keys are expected.
 * The SA of a peer that fails is closed; the others are left alone. */
#include "plugin.h"

#include <collections/linked_list.h>
#include <threading/mutex.h>

typedef struct entry {
	meant_t meant;
	shown_t shown;
	danepriv_time valid_until;
	uint64_t edition;
	uint32_t sa;
	bool given; /* a key was handed out for it */
	bool kept;  /* it is up, and `meant` and `shown` are there */
} entry_t;

/* One that failed, to be told of and closed without our lock. */
typedef struct failed {
	meant_t meant;
	judged_t judged;
	uint32_t sa;
} failed_t;

static linked_list_t *entries;
static mutex_t *lock;

void
live_open(void)
{
	entries = linked_list_create();
	lock = mutex_create(MUTEX_TYPE_DEFAULT);
}

static void
free_entry(void *given)
{
	entry_t *entry = given;

	shown_free(&entry->shown);
	free(entry);
}

void
live_close(void)
{
	entries->destroy_function(entries, free_entry);
	lock->destroy(lock);
}

/* Under the lock. */
static entry_t *
find(uint32_t sa)
{
	enumerator_t *all = entries->create_enumerator(entries);
	entry_t *entry, *found = NULL;

	while (!found && all->enumerate(all, &entry))
		if (entry->sa == sa)
			found = entry;
	all->destroy(all);
	return found;
}

/* Under the lock. */
static entry_t *
find_or_add(uint32_t sa)
{
	entry_t *entry = find(sa);

	if (entry)
		return entry;
	entry = calloc(1, sizeof *entry);
	entry->sa = sa;
	entries->insert_last(entries, entry);
	return entry;
}

void
live_note_given(uint32_t sa)
{
	lock->lock(lock);
	find_or_add(sa)->given = TRUE;
	lock->unlock(lock);
}

bool
live_was_given(uint32_t sa)
{
	lock->lock(lock);
	entry_t *entry = find(sa);
	bool given = entry && entry->given;
	lock->unlock(lock);
	return given;
}

void
live_keep(uint32_t sa, const meant_t *meant, shown_t *shown, const judged_t *judged)
{
	lock->lock(lock);
	entry_t *entry = find_or_add(sa);
	shown_free(&entry->shown);
	entry->meant = *meant;
	entry->shown = *shown;
	entry->valid_until = judged->found.valid_until;
	entry->edition = judged->edition;
	entry->kept = TRUE;
	lock->unlock(lock);
	*shown = (shown_t){ 0 };
}

void
live_rekeyed(uint32_t from, uint32_t to)
{
	lock->lock(lock);
	entry_t *entry = find(from);
	if (entry)
		entry->sa = to;
	lock->unlock(lock);
}

void
live_forget(uint32_t sa)
{
	lock->lock(lock);
	entry_t *entry = find(sa);
	if (entry) {
		entries->remove(entries, entry, NULL);
		free_entry(entry);
	}
	lock->unlock(lock);
}

/* Under the lock.  Has its time come? */
static bool
is_due(const entry_t *entry, danepriv_time now)
{
	return entry->kept && (now > entry->valid_until || entry->edition != evidence_edition());
}

/* Under the lock.  NULL: it may stay. */
static failed_t *
judge_again(entry_t *entry)
{
	judged_t judged;
	failed_t *failed;

	if (judge(&entry->meant, &entry->shown, &judged)) {
		entry->valid_until = judged.found.valid_until;
		entry->edition = judged.edition;
		return NULL;
	}
	failed = malloc(sizeof *failed);
	*failed = (failed_t){ entry->meant, judged, entry->sa };
	/* What is told of it points into the judgement itself. */
	failed->judged.why.each = failed->judged.each;
	return failed;
}

void
live_judge(void)
{
	linked_list_t *out = linked_list_create();
	danepriv_time now = time(NULL);
	failed_t *failed;
	entry_t *entry;

	lock->lock(lock);
	enumerator_t *each = entries->create_enumerator(entries);
	while (each->enumerate(each, &entry))
		if (is_due(entry, now) && (failed = judge_again(entry)))
			out->insert_last(out, failed);
	each->destroy(each);
	lock->unlock(lock);
	while (out->remove_first(out, (void **)&failed) == SUCCESS) {
		tell(&failed->meant, &failed->judged, "closed: no longer");
		/* At once: a peer that says nothing would keep it for minutes. */
		charon->controller->terminate_ike(
		    charon->controller, failed->sa, TRUE, NULL, NULL, 0);
		free(failed);
	}
	out->destroy(out);
}
