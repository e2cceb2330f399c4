/* SPDX-License-Identifier: BSD-2-Clause
 * What is a domain name, and how do two of them stand to each other?  (RFC 1035, RFC 4034 section
 * 6) */
#include "dns/name.h"

#include <string.h>

#define LABEL_OCTETS_MAX 63

static const dp_name no_name = { NULL, 0 };

uint8_t
dp_octet_lower(uint8_t octet)
{
	return octet >= 'A' && octet <= 'Z' ? (uint8_t)(octet + ('a' - 'A')) : octet;
}

dp_name
dp_name_root(void)
{
	static const uint8_t root[1] = { 0 };
	dp_name name = { root, 1 };

	return name;
}

dp_name
dp_name_of(const dp_name_store *store)
{
	dp_name name = { store->octets, store->len };

	return store->len ? name : no_name;
}

void
dp_name_keep(dp_name_store *store, dp_name name)
{
	store->len = (uint8_t)name.len;
	if (name.len)
		memmove(store->octets, name.octets, name.len);
}

dp_name
dp_name_read(dp_reader *r)
{
	size_t start = r->at;

	/* A name of 255 octets has at most 128 labels, the root's included. */
	for (unsigned i = 0; i <= DP_NAME_LABELS_MAX; i++) {
		uint8_t label = dp_read_u8(r);
		if (!dp_reader_ok(r) || label > LABEL_OCTETS_MAX)
			break;
		if (label == 0) {
			dp_name name = { r->data + start, r->at - start };
			if (name.len > DP_NAME_OCTETS_MAX)
				break;
			return name;
		}
		(void)dp_read_span(r, label);
	}
	dp_reader_fail(r);
	return no_name;
}

danepriv_status
dp_name_unpack(dp_reader *r, dp_name_store *out)
{
	dp_buffer name = dp_buffer_over(out->octets, sizeof out->octets);
	dp_reader at = *r;
	bool jumped = false;
	size_t before = r->at; /* the next pointer must point before this */

	out->len = 0;
	for (unsigned i = 0; i < 2 * (DP_NAME_LABELS_MAX + 1); i++) {
		uint8_t label = dp_read_u8(&at);
		if (!dp_reader_ok(&at))
			break;
		if (label >= 0xC0) {
			size_t target = (size_t)(label & 0x3F) << 8 | dp_read_u8(&at);
			if (!dp_reader_ok(&at) || target >= before)
				break;
			if (!jumped)
				r->at = at.at;
			jumped = true;
			before = target;
			at.at = target;
			continue;
		}
		if (label > LABEL_OCTETS_MAX)
			break;
		dp_write_u8(&name, label);
		dp_write_span(&name, dp_read_span(&at, label));
		if (!dp_reader_ok(&at) || name.status != DANEPRIV_OK)
			break;
		if (label == 0) {
			if (!jumped)
				r->at = at.at;
			out->len = (uint8_t)name.len;
			return DANEPRIV_OK;
		}
	}
	dp_reader_fail(r);
	return DANEPRIV_EMALFORMED;
}

void
dp_name_write(dp_buffer *b, dp_name name, bool lowered)
{
	size_t start = b->len;

	dp_write(b, name.octets, name.len);
	if (!lowered || b->status != DANEPRIV_OK)
		return;
	/* Length octets are below 64 and so never letters. */
	for (size_t i = start; i < b->len; i++)
		b->data[i] = dp_octet_lower(b->data[i]);
}

bool
dp_name_is_root(dp_name name)
{
	return name.len == 1;
}

bool
dp_name_is_wildcard(dp_name name)
{
	return name.len > 2 && name.octets[0] == 1 && name.octets[1] == '*';
}

dp_name
dp_name_parent(dp_name name)
{
	if (name.len <= 1)
		return name;
	dp_name parent = { name.octets + 1 + name.octets[0], name.len - 1 - name.octets[0] };
	return parent;
}

unsigned
dp_name_labels(dp_name name)
{
	unsigned labels = 0;

	for (; name.len > 1; name = dp_name_parent(name))
		labels++;
	return labels;
}

dp_name
dp_name_tail(dp_name name, unsigned labels)
{
	for (unsigned have = dp_name_labels(name); have > labels; have--)
		name = dp_name_parent(name);
	return name;
}

bool
dp_name_equal(dp_name a, dp_name b)
{
	if (a.len != b.len || a.len == 0)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (dp_octet_lower(a.octets[i]) != dp_octet_lower(b.octets[i]))
			return false;
	return true;
}

bool
dp_name_within(dp_name name, dp_name ancestor)
{
	if (ancestor.len == 0)
		return false;
	while (name.len > ancestor.len)
		name = dp_name_parent(name);
	return dp_name_equal(name, ancestor);
}

bool
dp_name_below(dp_name name, dp_name ancestor)
{
	return name.len > ancestor.len && dp_name_within(name, ancestor);
}

/* The first label against another's, as lowered octets, a prefix first. */
static int
compare_label(dp_name a, dp_name b)
{
	size_t shorter = a.octets[0] < b.octets[0] ? a.octets[0] : b.octets[0];

	for (size_t i = 1; i <= shorter; i++) {
		int order = dp_octet_lower(a.octets[i]) - dp_octet_lower(b.octets[i]);
		if (order != 0)
			return order;
	}
	return a.octets[0] - b.octets[0];
}

unsigned
dp_name_shared(dp_name a, dp_name b)
{
	unsigned labels_a = dp_name_labels(a), labels_b = dp_name_labels(b);
	unsigned shared = 0;

	a = dp_name_tail(a, labels_b);
	b = dp_name_tail(b, labels_a);
	for (; a.len > 1; a = dp_name_parent(a), b = dp_name_parent(b))
		shared = compare_label(a, b) == 0 ? shared + 1 : 0;
	return shared;
}

int
dp_name_compare(dp_name a, dp_name b)
{
	unsigned labels_a = dp_name_labels(a), labels_b = dp_name_labels(b);
	unsigned shared = dp_name_shared(a, b);

	if (shared == labels_a || shared == labels_b)
		return (labels_a > labels_b) - (labels_a < labels_b);
	return compare_label(dp_name_tail(a, shared + 1), dp_name_tail(b, shared + 1));
}

danepriv_status
dp_name_wildcard(dp_name parent, dp_name_store *out)
{
	static const uint8_t star[2] = { 1, '*' };
	dp_buffer b = dp_buffer_over(out->octets, sizeof out->octets);

	dp_write(&b, star, sizeof star);
	dp_name_write(&b, parent, false);
	out->len = b.status == DANEPRIV_OK ? (uint8_t)b.len : 0;
	return out->len ? DANEPRIV_OK : DANEPRIV_EMALFORMED;
}

danepriv_status
dp_name_substitute(dp_name name, dp_name from, dp_name to, dp_name_store *out)
{
	dp_buffer b = dp_buffer_over(out->octets, sizeof out->octets);

	dp_write(&b, name.octets, name.len - from.len);
	dp_name_write(&b, to, false);
	out->len = b.status == DANEPRIV_OK ? (uint8_t)b.len : 0;
	return out->len ? DANEPRIV_OK : DANEPRIV_EMALFORMED;
}
