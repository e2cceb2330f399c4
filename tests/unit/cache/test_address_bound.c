/* SPDX-License-Identifier: BSD-2-Clause
 * lib/cache/address_found: who counts at an address to which strangers point their names?
 *
 * All happens at one address.  Servers are capital letters; V is who runs it.  A story is words
 * with a space between them:
 *
 *	V=100		its secure records are put, and hold for so many seconds
 *	V=-		it is put that there are none
 *	V V! Vx		it is bound there; it authenticated itself there; it was rejected there
 *	i c f t		events, as the address was tried
 *	+50		so many seconds pass
 *	>expected >try >none	what the address wants by now */
#include "support/cached.h"
#include "support/crowd.h"
#include "support/suite.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name, *story;
} table[] = {
	/* nobody is forgotten */
	{ "four names", "V=100 V >expected A B C D >expected" },
	{ "eight, in between", "A B C D V=100 V >expected E F G H >expected +100 >expected" },
	{ "one after another", "V=100 V A A B A C B D C E D F E >expected" },
	{ "of servers without keys", "V=100 V A=- A B=- B C=- C D=- D >expected" },
	{ "of servers that were rejected", "V=100 V Ax Bx Cx Dx Ex >expected" },
	{ "keys that came later", "V A B C V=100 D E F >expected" },
	{ "and too late, until it is bound again", "V A B C D V=100 >try V >expected" },
	{ "keys for as long", "V=100 V A=100 A B=100 B C=100 C D=100 D >expected +100 >expected" },
	{ "keys for longer",
	    "V=100 V A=200 A B=200 B C=200 C D=200 D +100 >expected +100 >expected +1 >try" },
	{ "keys for shorter", "V=100 V A=9 A B=9 B C=9 C D=9 D E=9 E +10 >expected" },
	{ "keys that went before",
	    "A=9 A B=9 B C=9 C D=9 D +10 >try V=50 V E=9 E F=9 F +10 >expected" },
	{ "keys that are withdrawn",
	    "A=900 A B=900 B C=900 C D=900 D A=- B=- C=- D=- V=100 V E F G >expected" },
	/* who authenticated itself there stays */
	{ "before those that hold longer",
	    "V=100 V! A=900 A B=900 B C=900 C D=900 D i f >expected" },
	{ "before those that take theirs away",
	    "V=100 V! A=900 A B=900 B C=900 C D=900 D A=- B=- C=- D=- >expected" },
	{ "when it was rejected since",
	    "V=100 V! Vx A=900 A B=900 B C=900 C D=900 D i f >expected" },
	{ "when its keys come back",
	    "V=9 V! +10 A=900 A B=900 B C=900 C D=900 D V=50 i f >expected" },
	{ "when all others did, too", "V=100 V! A! B! C! D! E! i f >expected" },
	{ "but five that did are too many", "V=100 V! A=100 A! B=100 B! C=100 C! D=100 D! A=- B=- "
					    "C=- D=- >try V >try V! >expected" },
	{ "and one that did not leaves for them", "V=100 V A! B! C! >expected D! >try" },
	/* nothing is made up */
	{ "keys of a stranger, failed before", "i f >none A=100 A >none" },
	{ "failed after", "A=100 A >expected i >expected f >none" },
	{ "reached before", "i c i f A=100 A >none" },
	{ "timed out", "i t A=100 A >none" },
	{ "lost", "i +5 A=100 A >none" },
	{ "rejected there", "i f A=100 Ax >none" },
	{ "four of them", "i f A=100 A B=100 B C=100 C D=100 D >none" },
	{ "beside one that authenticated, without keys", "V! i f A=100 A >none" },
	{ "and whose keys are over", "V=9 V! i f >expected +10 >none A=100 A >none" },
	{ "after the damping once", "i f A=90000 A +86400 >none +1 >expected i f >none" },
	/* of those that authenticated themselves there, keys count whatever failed */
	{ "failed", "V=100 V! i f >expected +100 >expected +1 >none" },
	{ "timed out, then", "V=100 V! i t >expected" },
	{ "lost, then", "V=100 V! i +5 >expected" },
	{ "failed before it did", "V=100 V i f >none V! >expected" },
};

static danepriv_server
server_of(char letter, char name[static 16])
{
	const danepriv_server server = { .name = name, .aliases = DANEPRIV_ALIASES_REFUSE };

	memcpy(name, "ns.x.example", 13);
	name[3] = letter;
	return server;
}

static void
put(danepriv_cache *cache, const danepriv_server *server, const char *word, danepriv_time now)
{
	bool has_keys = *word != '-';

	crowd_put(cache, server, has_keys ? SECURE : DENIED, 0, 35,
	    now + (has_keys ? atoi(word) : 60), now);
}

static void
tell_server(
    danepriv_cache *cache, const danepriv_address *address, const char *word, danepriv_time now)
{
	char name[16];
	const danepriv_server server = server_of(*word, name);
	danepriv_status status = DANEPRIV_OK;

	switch (word[1]) {
	case '=':
		put(cache, &server, word + 2, now);
		break;
	case '!':
		status = danepriv_cache_note_finding(
		    cache, address, &server, DANEPRIV_FINDING_MATCH, now);
		break;
	case 'x':
		status = danepriv_cache_note_finding(
		    cache, address, &server, DANEPRIV_FINDING_MISMATCH, now);
		break;
	default:
		status = danepriv_cache_bind(cache, address, &server);
	}
	ck_assert_int_eq(status, DANEPRIV_OK);
}

static danepriv_event
event_of(char letter)
{
	static const char letters[] = "-icftr";
	const char *at = strchr(letters, letter);

	ck_assert_ptr_nonnull(at);
	return (danepriv_event)(at - letters);
}

START_TEST(story)
{
	static const uint8_t octets[4] = { 192, 0, 2, 1 };
	const danepriv_address address = { { octets, 4 }, 0, DANEPRIV_TRANSPORT_DOT };
	danepriv_cache *cache = cached_open();
	danepriv_time now = NOW;
	char words[160], *rest = words;

	ck_assert_uint_lt(strlen(table[_i].story), sizeof words);
	strcpy(words, table[_i].story);
	for (char *word; (word = strtok_r(rest, " ", &rest)) != NULL;) {
		if (*word == '+')
			now += atoi(word + 1);
		else if (*word == '>')
			ck_assert_msg(strcmp(word + 1,
					  danepriv_word(DANEPRIV_KIND_WISH,
					      danepriv_cache_get_wish(cache, &address, now))) == 0,
			    "%s: not %s before \"%s\"", table[_i].name, word, rest);
		else if (*word >= 'A' && *word <= 'Z')
			tell_server(cache, &address, word, now);
		else
			ck_assert_int_eq(
			    danepriv_cache_note_event(cache, &address, event_of(*word), 0, now),
			    DANEPRIV_OK);
	}
	danepriv_cache_free(cache);
}
END_TEST

Suite *
test_suite(void)
{
	Suite *suite = suite_create("address_bound");
	TCase *tc = tcase_create("address_bound");

	tcase_add_loop_test(tc, story, 0, ROWS(table));
	suite_add_tcase(suite, tc);
	return suite;
}
