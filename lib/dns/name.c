/* SPDX-License-Identifier: BSD-2-Clause
 * What is a domain name, and how do two of them stand to each other?  (RFC 1035, RFC 4034 section
 * 6) */
#include "dns/name.h"

#include <string.h>

#define LABEL_OCTETS_MAX 63
/* Pointers that a compressed name may have beyond one for each label. */
#define POINTERS_MORE 8

static const dp_name no_name = { NULL, 0 };

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

/* Where a pointer at `at` leads, which is before `before`; SIZE_MAX when nowhere. */
static size_t
follow_pointer(danepriv_span message, size_t at, size_t before)
{
	if (at + 1 >= message.len)
		return SIZE_MAX;
	size_t target = (size_t)(message.data[at] & 0x3F) << 8 | message.data[at + 1];
	return target < before ? target : SIZE_MAX;
}

danepriv_status
dp_name_unpack(dp_reader *r, dp_name_store *out)
{
	danepriv_span message = { r->data, r->len };
	size_t at = r->at, after = 0; /* after: what follows the name; 0: as far as it was read */
	size_t before = r->at;	      /* the next pointer must point before this */
	size_t len = 0;
	/* As many pointers as labels, and some: the work is in proportion to what comes out. */
	unsigned pointers = POINTERS_MORE;

	out->len = 0;
	while (dp_reader_ok(r) && at < message.len && pointers > 0) {
		uint8_t label = message.data[at];
		if (label >= 0xC0) {
			size_t target = follow_pointer(message, at, before);
			if (target == SIZE_MAX)
				break;
			after = after > 0 ? after : at + 2;
			at = before = target;
			pointers--;
			continue;
		}
		if (label > LABEL_OCTETS_MAX || message.len - at <= label ||
		    len + 1 + label > sizeof out->octets)
			break;
		memcpy(out->octets + len, message.data + at, 1u + label);
		len += 1u + label;
		at += 1u + label;
		pointers++;
		if (label > 0)
			continue;
		r->at = after > 0 ? after : at;
		out->len = (uint8_t)len;
		return DANEPRIV_OK;
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
		b->data[i] = dp_name_octet_lower(b->data[i]);
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
	if (memcmp(a.octets, b.octets, a.len) == 0)
		return true;
	for (size_t i = 0; i < a.len; i++)
		if (dp_name_octet_lower(a.octets[i]) != dp_name_octet_lower(b.octets[i]))
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

/* Where the labels of a name begin, the root's not counted. */
typedef struct labels {
	const uint8_t *octets;
	unsigned count;
	uint8_t at[DP_NAME_LABELS_MAX];
} labels;

static void
find_labels(dp_name name, labels *out)
{
	out->octets = name.octets;
	out->count = 0;
	for (size_t at = 0; at + 1 < name.len; at += 1u + name.octets[at])
		out->at[out->count++] = (uint8_t)at;
}

/* The label that has so many to its right. */
static const uint8_t *
label_before(const labels *l, unsigned right)
{
	return l->octets + l->at[l->count - 1 - right];
}

/* As lowered octets, a prefix first. */
static int
compare_label(const uint8_t *a, const uint8_t *b)
{
	size_t shorter = a[0] < b[0] ? a[0] : b[0];

	for (size_t i = 1; i <= shorter; i++) {
		int order = dp_name_octet_lower(a[i]) - dp_name_octet_lower(b[i]);
		if (order != 0)
			return order;
	}
	return a[0] - b[0];
}

/* Labels that both end in; *order: how the first one to their left compares. */
static unsigned
count_shared(const labels *a, const labels *b, int *order)
{
	unsigned shared = 0;

	*order = 0;
	for (; shared < a->count && shared < b->count; shared++) {
		*order = compare_label(label_before(a, shared), label_before(b, shared));
		if (*order != 0)
			break;
	}
	return shared;
}

unsigned
dp_name_shared(dp_name a, dp_name b)
{
	labels labels_a, labels_b;
	int order;

	find_labels(a, &labels_a);
	find_labels(b, &labels_b);
	return count_shared(&labels_a, &labels_b, &order);
}

int
dp_name_compare(dp_name a, dp_name b)
{
	labels labels_a, labels_b;
	int order;

	find_labels(a, &labels_a);
	find_labels(b, &labels_b);
	(void)count_shared(&labels_a, &labels_b, &order);
	if (order != 0)
		return order;
	return (labels_a.count > labels_b.count) - (labels_a.count < labels_b.count);
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
