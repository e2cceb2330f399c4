/* SPDX-License-Identifier: BSD-2-Clause
 * Does an SA stay up?  An end date on a trusted key does nothing in charon.  So what the peer has
 * shown is kept, and it is judged again when the evidence ends and when other keys are expected.
 * The SA of a peer that fails is closed; the others are left alone. */
#include "plugin.h"

#include <collections/linked_list.h>
#include <processing/jobs/callback_job.h>
#include <threading/mutex.h>

typedef struct entry {
	meant_t meant;
	shown_t shown;
	danepriv_time judged_at, valid_until;
	uint64_t edition;
	ike_sa_id_t *id; /* of one that is up */
	uint32_t sa;
	bool given;   /* a key was handed out for it */
	bool kept;    /* it is up, and `meant`, `shown` and `id` are there */
	bool closing; /* it has failed, and a job closes it */
} entry_t;

/* One that failed, to be told of and closed without our lock. */
typedef struct failed {
	meant_t meant;
	judged_t judged;
	ike_sa_id_t *id;
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
	DESTROY_IF(entry->id);
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

bool
live_is_judged(uint32_t sa)
{
	lock->lock(lock);
	entry_t *entry = find(sa);
	bool judged = entry && entry->kept;
	lock->unlock(lock);
	return judged;
}

/* Under the lock. */
static void
set_id(entry_t *entry, ike_sa_t *sa)
{
	ike_sa_id_t *id = sa->get_id(sa);

	DESTROY_IF(entry->id);
	entry->id = id->clone(id);
	entry->sa = sa->get_unique_id(sa);
	entry->closing = FALSE;
}

/* Under the lock. */
static void
set_judged(entry_t *entry, const judged_t *judged)
{
	entry->judged_at = judged->at;
	entry->valid_until = judged->found.valid_until;
	entry->edition = judged->edition;
}

void
live_keep(ike_sa_t *sa, const meant_t *meant, shown_t *shown, const judged_t *judged)
{
	lock->lock(lock);
	entry_t *entry = find_or_add(sa->get_unique_id(sa));
	set_id(entry, sa);
	shown_free(&entry->shown);
	entry->meant = *meant;
	entry->shown = *shown;
	set_judged(entry, judged);
	entry->kept = TRUE;
	lock->unlock(lock);
	*shown = (shown_t){ 0 };
}

void
live_rekeyed(uint32_t from, ike_sa_t *to)
{
	lock->lock(lock);
	entry_t *entry = find(from);
	if (entry)
		set_id(entry, to);
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

/* Under the lock.  Has its time come?  By a clock that was put back an end may never come. */
static bool
is_due(const entry_t *entry, danepriv_time now)
{
	return entry->kept && !entry->closing &&
	       (now < entry->judged_at || now > entry->valid_until ||
		   entry->edition != evidence_edition());
}

/* Under the lock.  NULL: it may stay. */
static failed_t *
judge_again(entry_t *entry)
{
	judged_t judged;
	failed_t *failed;

	if (judge(&entry->meant, &entry->shown, &judged)) {
		DBG2(DBG_CFG, "danepriv: judged again '%s' on connection '%s': it stays",
		    entry->meant.name, entry->meant.connection);
		set_judged(entry, &judged);
		return NULL;
	}
	entry->closing = TRUE;
	failed = malloc(sizeof *failed);
	*failed = (failed_t){ entry->meant, judged, entry->id->clone(entry->id) };
	/* What is told of it points into the judgement itself. */
	failed->judged.why.each = failed->judged.each;
	return failed;
}

/* Not in the timer: another thread may have the SA for long, in a script or a fetch, and the timer
 * has others to look after.  At once: a peer that says nothing would keep it for minutes. */
static job_requeue_t
close_sa(void *id)
{
	ike_sa_manager_t *manager = charon->ike_sa_manager;
	ike_sa_t *sa = manager->checkout(manager, id);
	status_t status;

	if (!sa)
		return JOB_REQUEUE_NONE;
	status = (sa->delete)(sa, TRUE); /* in brackets: it is no delete of C++ */
	if (status == DESTROY_ME)
		manager->checkin_and_destroy(manager, sa);
	else
		manager->checkin(manager, sa);
	return JOB_REQUEUE_NONE;
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
		lib->processor->queue_job(lib->processor,
		    (job_t *)callback_job_create_with_prio(close_sa, failed->id,
			(callback_job_cleanup_t)failed->id->destroy, NULL, JOB_PRIO_HIGH));
		free(failed);
	}
	out->destroy(out);
}
