/* SPDX-License-Identifier: BSD-2-Clause
 * How long may a client of dot_server take?
 *
 * Not so many seconds for an octet, which whoever sends one now and then can have for ever, but for
 * a whole thing: the handshake; a question, from its first octet to its last; the next answer, to
 * be given and taken.  Between them a connection may be idle for as long. */
#include "dot_server.h"

#include <time.h>

static long long
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* How many messages have come to their end.  RFC 7858 section 3.3: the length, then the message. */
static unsigned
pass(flow *f, const uint8_t *octets, size_t len)
{
	unsigned ended = 0;

	for (const uint8_t *end = octets + len; octets < end;) {
		if (f->head < 2) {
			f->left = f->left << 8 | *octets++;
			f->head++;
		} else {
			size_t some = (size_t)(end - octets);
			some = some < f->left ? some : f->left;
			octets += some;
			f->left -= some;
			ended += f->left == 0;
		}
		if (f->head == 2 && f->left == 0)
			f->head = 0;
	}
	return ended;
}

void
pace_start(pace *p, int limit_s)
{
	*p = (pace){ .limit = limit_s * 1000LL };
	atomic_store(&p->last, now_ms());
}

void
pace_shaken(pace *p)
{
	atomic_store(&p->last, now_ms());
}

void
pace_up(pace *p, const void *octets, size_t len)
{
	bool is_new = p->up.head == 0;
	unsigned ended = pass(&p->up, octets, len);
	long long now = now_ms();

	if (is_new || ended > 0)
		p->question = now;
	if (ended == 0)
		return;
	if (atomic_fetch_add(&p->waiting, ended) == 0)
		p->answer = now;
	atomic_store(&p->last, now);
}

void
pace_down(pace *p, const void *octets, size_t len)
{
	unsigned ended = pass(&p->down, octets, len), waiting = atomic_load(&p->waiting);

	if (ended == 0)
		return;
	/* a question can have several answers (RFC 5936 section 2.2) */
	atomic_store(&p->waiting, waiting > ended ? waiting - ended : 0);
	p->answer = now_ms();
	atomic_store(&p->last, p->answer);
}

int
pace_left(const pace *p)
{
	bool is_asking = p->up.head > 0, is_waiting = atomic_load(&p->waiting) > 0;
	long long begun = is_asking || is_waiting ? now_ms() : atomic_load(&p->last);

	if (is_asking && p->question < begun)
		begun = p->question;
	if (is_waiting && p->answer < begun)
		begun = p->answer;
	long long left = begun + p->limit - now_ms();
	return left > 0 ? (int)left : 0;
}

/* Who waits for an answer is not slow, as those are who ask nothing, or ask slowly. */
bool
pace_is_slower(const pace *a, const pace *b)
{
	bool is_waiting = atomic_load(&a->waiting) > 0;

	if (is_waiting != (atomic_load(&b->waiting) > 0))
		return !is_waiting;
	return atomic_load(&a->last) < atomic_load(&b->last);
}
