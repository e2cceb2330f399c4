/* SPDX-License-Identifier: BSD-2-Clause
 * What is told of it all: a transcript, the answers, and what has become visible to whom? */
#include "iterate.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define FINDING_ROOM 160

void
tell(const iterator *it, const char *format, ...)
{
	va_list arguments;

	printf("%*s", (int)(2 * it->depth), "");
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
	fflush(stdout);
}

/* ---- words ---- */

/* Lives until the next call. */
const char *
host_text(const host *h)
{
	static char text[INET6_ADDRSTRLEN];

	return inet_ntop(h->len == 4 ? AF_INET : AF_INET6, h->octets, text, sizeof text);
}

const char *
finding_text(const danepriv_verdict *why)
{
	static char text[FINDING_ROOM];

	(void)snprintf(text, sizeof text, "%s%s",
	    danepriv_sentence(DANEPRIV_KIND_FINDING, why->finding),
	    why->attack ? ": a likely attack" : "");
	return text;
}

void
tell_proof(const iterator *it, const char *what, const char *name, danepriv_security security,
    danepriv_reason reason)
{
	tell(it, "%s %s: %s%s%s", what, name, danepriv_sentence(DANEPRIV_KIND_SECURITY, security),
	    reason == DANEPRIV_REASON_NONE ? "" : ": ",
	    reason == DANEPRIV_REASON_NONE ? "" : danepriv_sentence(DANEPRIV_KIND_REASON, reason));
}

/* ---- answers ---- */

static void
tell_record(const iterator *it, danepriv_span octets, const dns_record *r)
{
	char name[DNS_NAME_ROOM], data[2 * UINT8_MAX + sizeof "..."] = "";
	host address = { .len = r->len };
	bool is_address =
	    (r->type == DNS_TYPE_A && r->len == 4) || (r->type == DNS_TYPE_AAAA && r->len == 16);

	if (is_address) {
		memcpy(address.octets, octets.data + r->at, r->len);
		tell(it, "answer: %s %s %s", r->name, dns_type_text(r->type), host_text(&address));
	} else if ((r->type == DNS_TYPE_NS || r->type == DNS_TYPE_CNAME) &&
		   dns_name_read(octets, r->at, name)) {
		tell(it, "answer: %s %s %s", r->name, dns_type_text(r->type), name);
	} else {
		for (size_t i = 0; i < r->len && i < UINT8_MAX; i++)
			(void)sprintf(data + 2 * i, "%02x", octets.data[r->at + i]);
		strcat(data, r->len > UINT8_MAX ? "..." : "");
		tell(it, "answer: %s %s \\# %zu %s", r->name, dns_type_text(r->type), r->len, data);
	}
}

void
tell_answer(const iterator *it, const danepriv_question *question, const reply *answer)
{
	danepriv_span octets = { answer->octets, answer->len };
	dns_message m = dns_message_over(octets);
	size_t count = 0;
	dns_record r;

	while (dns_message_next(&m, &r)) {
		bool is_asked = r.type != DNS_TYPE_RRSIG || question->type == DNS_TYPE_RRSIG;
		if (r.section != DNS_SECTION_ANSWER || !is_asked ||
		    strcmp(r.name, question->name) != 0)
			continue;
		tell_record(it, octets, &r);
		count++;
	}
	if (count == 0)
		tell(it, "answer: %s",
		    dns_message_rcode(octets) ? "no such name" : "no such records");
}

/* ---- leaks ---- */

static const char *const leak_words[LEAKS] = {
	[LEAK_HELLO] = "server's name in a ClientHello",
	[LEAK_META_TLS] = "meta-query over tls, unauthenticated",
	[LEAK_META_CLEAR] = "meta-query in clear",
	[LEAK_QUESTION_TLS] = "question over tls, unauthenticated",
	[LEAK_QUESTION_CLEAR] = "question in clear",
};

void
leak_note(iterator *it, leak_kind kind, const char *name, uint16_t type)
{
	leaks *l = &it->leaks;
	size_t i = 0;

	while (i < l->count && (l->each[i].kind != kind || l->each[i].type != type ||
				   strcmp(l->each[i].name, name) != 0))
		i++;
	if (i == LEAKS_MAX || strlen(name) >= DNS_NAME_ROOM) {
		l->more++;
		return;
	}
	if (i == l->count) {
		l->each[l->count++] = (leak){ .kind = kind, .type = type };
		strcpy(l->each[i].name, name);
	}
	l->each[i].times++;
}

void
leaks_tell(const iterator *it)
{
	const leaks *l = &it->leaks;

	tell(it, "%u meta-queries were sent", l->meta);
	for (leak_kind kind = LEAK_HELLO; kind < LEAKS; kind++) {
		unsigned times = 0;
		for (size_t i = 0; i < l->count; i++) {
			const leak *each = &l->each[i];
			if (each->kind != kind)
				continue;
			times += each->times;
			tell(it, "leak: %s: %s%s%s (%u)", leak_words[kind], each->name,
			    each->type ? " " : "", each->type ? dns_type_text(each->type) : "",
			    each->times);
		}
		if (times == 0)
			tell(it, "no %s", leak_words[kind]);
	}
	if (l->more > 0)
		tell(it, "leak: %u more", l->more);
}
