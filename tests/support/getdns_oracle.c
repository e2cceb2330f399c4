/* SPDX-License-Identifier: BSD-2-Clause
 * What does another validator make of a chain?  The one of getdns, which we did not write.
 *
 *	getdns_oracle ANCHORS TIME <two lines of hex
 *
 * The lines are DNS messages: the answer that is to be judged, question and all, and the records
 * that prove it.  ANCHORS are zone file lines.  Prints `secure`, `insecure`, `bogus`,
 * `indeterminate`, or `error` and a number; it may crash, which is a known fault of getdns 1.6.0.
*/
#include <errno.h>
#include <getdns/getdns.h>
#include <getdns/getdns_extra.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define OCTETS_MAX 65535

/* One line of hex as a DNS message; NULL when it is none. */
static getdns_dict *
read_message(void)
{
	static char line[2 * OCTETS_MAX + 2];
	static uint8_t octets[OCTETS_MAX];
	getdns_dict *message = NULL;
	size_t len = 0;
	unsigned octet;

	if (!fgets(line, sizeof line, stdin))
		return NULL;
	while (len < sizeof octets && sscanf(line + 2 * len, "%2x", &octet) == 1)
		octets[len++] = (uint8_t)octet;
	(void)getdns_wire2msg_dict(octets, len, &message);
	return message;
}

static getdns_list *
read_anchors(const char *path)
{
	FILE *stream = fopen(path, "r");
	getdns_list *anchors = NULL;

	if (!stream)
		return NULL;
	(void)getdns_fp2rr_list(stream, &anchors, NULL, 3600);
	(void)fclose(stream);
	return anchors;
}

/* A list of its own for a message, as the validator wants it. */
static getdns_list *
list_of(getdns_dict *message)
{
	getdns_list *list = getdns_list_create();

	if (list && message)
		(void)getdns_list_set_dict(list, 0, message);
	return list;
}

static void
print_verdict(int verdict)
{
	switch (verdict) {
	case GETDNS_DNSSEC_SECURE:
		(void)puts("secure");
		break;
	case GETDNS_DNSSEC_INSECURE:
		(void)puts("insecure");
		break;
	case GETDNS_DNSSEC_BOGUS:
		(void)puts("bogus");
		break;
	case GETDNS_DNSSEC_INDETERMINATE:
		(void)puts("indeterminate");
		break;
	default:
		(void)printf("error %d\n", verdict);
	}
}

int
main(int argc, char **argv)
{
	const struct rlimit no_core = { 0, 0 };
	getdns_dict *answer, *support;
	getdns_list *anchors, *records = NULL;

	if (argc != 3)
		return 2;
	(void)setrlimit(RLIMIT_CORE, &no_core);
	anchors = read_anchors(argv[1]);
	answer = read_message();
	support = read_message();
	if (!anchors || !answer || !support ||
	    getdns_dict_get_list(support, "/answer", &records) != GETDNS_RETURN_GOOD) {
		(void)puts("unreadable");
		return 2;
	}
	getdns_list *replies = list_of(answer);
	print_verdict((int)getdns_validate_dnssec2(
	    replies, records, anchors, (time_t)strtoll(argv[2], NULL, 10), 0));
	getdns_list_destroy(replies);
	getdns_list_destroy(anchors);
	getdns_dict_destroy(answer);
	getdns_dict_destroy(support);
	return 0;
}
