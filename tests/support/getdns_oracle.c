/* SPDX-License-Identifier: BSD-2-Clause
 * What does another validator make of a chain?  The one of getdns, which we did not write.
 *
 * Each line of input is `ANCHORS TIME ANSWER SUPPORT`: a file of zone file lines, and two DNS
 * messages in hex: the one that is to be judged, question and all, and the records that prove it.
 * Each line of output is `secure`, `insecure`, `bogus`, `indeterminate` or `error` and a number.
 * That it crashes on some input is a known fault of getdns 1.6.0. */
#include <getdns/getdns.h>
#include <getdns/getdns_extra.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define OCTETS_MAX 65535
#define LINE_MAX (4 * OCTETS_MAX + 8192)

/* A DNS message in hex; NULL when it is none. */
static getdns_dict *
read_message(const char *hex)
{
	static uint8_t octets[OCTETS_MAX];
	getdns_dict *message = NULL;
	size_t len = 0;
	unsigned octet;

	while (hex && len < sizeof octets && sscanf(hex + 2 * len, "%2x", &octet) == 1)
		octets[len++] = (uint8_t)octet;
	(void)getdns_wire2msg_dict(octets, len, &message);
	return message;
}

static getdns_list *
read_anchors(const char *path)
{
	FILE *stream = path ? fopen(path, "r") : NULL;
	getdns_list *anchors = NULL;

	if (!stream)
		return NULL;
	(void)getdns_fp2rr_list(stream, &anchors, NULL, 3600);
	(void)fclose(stream);
	return anchors;
}

static void
print_verdict(getdns_return_t verdict)
{
	static const struct {
		getdns_return_t verdict;
		const char *word;
	} words[] = { { (getdns_return_t)GETDNS_DNSSEC_SECURE, "secure" },
		{ (getdns_return_t)GETDNS_DNSSEC_INSECURE, "insecure" },
		{ (getdns_return_t)GETDNS_DNSSEC_BOGUS, "bogus" },
		{ (getdns_return_t)GETDNS_DNSSEC_INDETERMINATE, "indeterminate" } };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (words[i].verdict == verdict) {
			(void)puts(words[i].word);
			return;
		}
	(void)printf("error %d\n", (int)verdict);
}

static void
judge(char *line)
{
	char *rest = line;
	getdns_list *anchors = read_anchors(strtok_r(rest, " ", &rest));
	const char *now = strtok_r(NULL, " ", &rest);
	getdns_dict *answer = read_message(strtok_r(NULL, " ", &rest));
	getdns_dict *support = read_message(strtok_r(NULL, " \n", &rest));
	getdns_list *replies = getdns_list_create(), *records = NULL;

	if (anchors && now && answer && support && replies &&
	    getdns_list_set_dict(replies, 0, answer) == GETDNS_RETURN_GOOD &&
	    getdns_dict_get_list(support, "/answer", &records) == GETDNS_RETURN_GOOD)
		print_verdict(getdns_validate_dnssec2(
		    replies, records, anchors, (time_t)strtoll(now, NULL, 10), 0));
	else
		(void)puts("unreadable");
	(void)fflush(stdout);
	getdns_list_destroy(replies);
	getdns_list_destroy(anchors);
	getdns_dict_destroy(answer);
	getdns_dict_destroy(support);
}

int
main(void)
{
	const struct rlimit no_core = { 0, 0 };
	static char line[LINE_MAX];

	(void)setrlimit(RLIMIT_CORE, &no_core);
	while (fgets(line, sizeof line, stdin))
		judge(line);
	return 0;
}
