/* SPDX-License-Identifier: BSD-2-Clause
 * May this authority issue for these names?  (RFC 5280 section 4.2.1.10)
 *
 * Three answers to "is this name in that subtree?", and the third is for what cannot be compared:
 * that is in no permitted subtree, and may be in an excluded one. */
#include "crypto/constraints.h"

#include "base/account.h"
#include "base/bounds.h"
#include "base/reader.h"
#include "crypto/der.h"
#include "crypto/distinguished.h"

#include <danepriv/status.h>
#include <string.h>

enum {
	TAG_MAIL = 0x81,      /* [1] rfc822Name */
	TAG_DNS = 0x82,	      /* [2] dNSName */
	TAG_DIRECTORY = 0xA4, /* [4] EXPLICIT Name */
	TAG_ADDRESS = 0x87,   /* [7] iPAddress */
	TAG_SEQUENCE = 0x30,
	TAG_PERMITTED = 0xA0,
	TAG_EXCLUDED = 0xA1
};

#define ADDRESS_4_OCTETS 4
#define ADDRESS_16_OCTETS 16

typedef enum relation { UNKNOWN = 0, WITHIN, OUTSIDE } relation;

/* A name that is held against subtrees. */
typedef struct subject_name {
	uint8_t tag; /* of GeneralName */
	bool is_readable;
	dp_name host; /* dNSName; a star is a label */
	dp_name_store room;
	danepriv_span octets; /* of an address; for the others, what they are charged by */
	const dp_distinguished *directory;
} subject_name;

/* Hosts */

static bool
is_host_octet(uint8_t octet)
{
	return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z') ||
	       (octet >= '0' && octet <= '9') || octet == '-' || octet == '_';
}

/* Labels of letters, digits, hyphens and underscores, with dots between; `may_have_star`: the first
 * one may be a star.  False: it is no name of a host. */
static bool
read_host(danepriv_span text, bool may_have_star, dp_name_store *out)
{
	size_t label = 0; /* where its length goes */

	/* Each octet is one of the wire form, with a length in front and the root behind. */
	if (text.len == 0 || text.len + 2 > DP_NAME_OCTETS_MAX)
		return false;
	for (size_t i = 0; i <= text.len; i++) {
		if (i < text.len && text.data[i] != '.') {
			bool is_star = may_have_star && i == 0 && text.data[i] == '*' &&
				       text.len > 1 && text.data[1] == '.';
			if (!is_star && !is_host_octet(text.data[i]))
				return false;
			out->octets[i + 1] = text.data[i];
			continue;
		}
		if (i == label || i - label > DP_LABEL_OCTETS_MAX)
			return false;
		out->octets[label] = (uint8_t)(i - label);
		label = i + 1;
	}
	out->octets[label] = 0;
	out->len = (uint8_t)(label + 1);
	return true;
}

/* An empty one means all, and a dot in front that a label more is wanted. */
static relation
host_relation(dp_name name, danepriv_span subtree)
{
	dp_name_store store;
	bool is_below = subtree.len > 0 && subtree.data[0] == '.';

	if (subtree.len == 0)
		return WITHIN;
	if (is_below) {
		subtree.data++;
		subtree.len--;
	}
	if (!read_host(subtree, false, &store))
		return UNKNOWN;
	dp_name ancestor = dp_name_of(&store);
	bool is_in = is_below ? dp_name_below(name, ancestor) : dp_name_within(name, ancestor);
	return is_in ? WITHIN : OUTSIDE;
}

/* Addresses */

/* Ones, and then zeros. */
static bool
is_mask(const uint8_t *mask, size_t len)
{
	bool has_ended = false;

	for (size_t i = 0; i < len; i++)
		for (int bit = 7; bit >= 0; bit--) {
			bool is_one = (mask[i] >> bit & 1) != 0;
			if (is_one && has_ended)
				return false;
			has_ended = !is_one;
		}
	return true;
}

/* An address and a mask of the same length; one of the other family is outside. */
static relation
address_relation(danepriv_span address, danepriv_span subtree)
{
	size_t len = subtree.len / 2;

	if ((subtree.len != 2 * ADDRESS_4_OCTETS && subtree.len != 2 * ADDRESS_16_OCTETS) ||
	    !is_mask(subtree.data + len, len))
		return UNKNOWN;
	if (address.len != len)
		return OUTSIDE;
	for (size_t i = 0; i < len; i++)
		if (((address.data[i] ^ subtree.data[i]) & subtree.data[len + i]) != 0)
			return OUTSIDE;
	return WITHIN;
}

/* Directory names */

/* A subtree is all that begins with its RDNs. */
static relation
directory_relation(const dp_distinguished *name, danepriv_span subtree)
{
	dp_distinguished top;

	if (dp_distinguished_read(subtree, &top) != DANEPRIV_OK)
		return UNKNOWN;
	if (top.len <= name->len && memcmp(top.octets, name->octets, top.len) == 0)
		return WITHIN;
	return top.is_plain && name->is_plain ? OUTSIDE : UNKNOWN;
}

/* Subtrees */

static relation
relation_of(const subject_name *name, const dp_der_element *base)
{
	if (!name->is_readable)
		return UNKNOWN;
	if (name->tag == TAG_DNS)
		return host_relation(name->host, base->content);
	if (name->tag == TAG_ADDRESS)
		return address_relation(name->octets, base->content);
	if (name->tag == TAG_DIRECTORY)
		return directory_relation(name->directory, base->content);
	return UNKNOWN;
}

/* GeneralSubtree ::= SEQUENCE { base GeneralName, [0] minimum DEFAULT 0, [1] maximum OPTIONAL }:
 * the last two are never used (section 4.2.1.10), and DER leaves a DEFAULT out. */
static bool
read_subtree(dp_reader *list, dp_der_element *base)
{
	dp_reader in = dp_reader_over(dp_der_inside(list, TAG_SEQUENCE));

	*base = dp_der_read(&in);
	return dp_reader_done(&in);
}

/* Can every subtree for which we have a reader be read, whatever names there are? */
static bool
is_readable(const dp_der_element *base)
{
	const uint8_t none[ADDRESS_16_OCTETS] = { 0 };
	danepriv_span address = { none, sizeof none };
	dp_distinguished top;

	if (base->tag == TAG_DNS)
		return host_relation(dp_name_root(), base->content) != UNKNOWN;
	if (base->tag == TAG_ADDRESS)
		return address_relation(address, base->content) != UNKNOWN;
	if (base->tag == TAG_DIRECTORY)
		return dp_distinguished_read(base->content, &top) == DANEPRIV_OK;
	return base->tag != 0;
}

/* The two lists.  Each has an entry or more, and there is one of them at least. */
typedef struct lists {
	danepriv_span permitted, excluded; /* what is in them */
} lists;

static bool
is_list(danepriv_span list)
{
	dp_reader r = dp_reader_over(list);
	dp_der_element base;

	while (dp_reader_left(&r) > 0)
		if (!read_subtree(&r, &base) || !is_readable(&base))
			return false;
	return list.len > 0 && dp_reader_done(&r);
}

static bool
read_lists(danepriv_span constraints, lists *out)
{
	dp_reader r = dp_reader_over(constraints);
	const danepriv_span none = { NULL, 0 };
	dp_der_element e = dp_der_read(&r);

	out->permitted = out->excluded = none;
	if (e.tag == TAG_PERMITTED) {
		out->permitted = e.content;
		if (!is_list(e.content))
			return false;
		if (dp_reader_left(&r) == 0)
			return dp_reader_done(&r);
		e = dp_der_read(&r);
	}
	out->excluded = e.content;
	return e.tag == TAG_EXCLUDED && is_list(e.content) && dp_reader_done(&r);
}

/* So many octets of names and subtrees. */
static bool
pay(uint64_t *work, size_t octets)
{
	return dp_account_pay(work, 1 + octets / DP_OCTETS_PER_WORK);
}

/* One name in one list.  `is_excluded`: which.  Names of kinds that we cannot hold against subtrees
 * are refused where they would have to be. */
static dp_permission
permit_in_list(const subject_name *name, danepriv_span list, bool is_excluded, bool is_critical,
    uint64_t *work)
{
	bool is_known =
	    name->tag == TAG_DNS || name->tag == TAG_ADDRESS || name->tag == TAG_DIRECTORY;
	bool is_constrained = false, is_within = false;
	dp_reader r = dp_reader_over(list);
	dp_der_element base;

	while (read_subtree(&r, &base)) {
		if (!pay(work, base.content.len + name->octets.len))
			return DP_PERMISSION_LIMIT;
		if (base.tag != name->tag)
			continue;
		if (!is_known && is_critical)
			return DP_PERMISSION_NO;
		if (!is_known)
			continue;
		relation found = relation_of(name, &base);
		if (is_excluded && found != OUTSIDE)
			return DP_PERMISSION_NO;
		is_constrained = true;
		is_within = is_within || found == WITHIN;
	}
	return is_excluded || !is_constrained || is_within ? DP_PERMISSION_YES : DP_PERMISSION_NO;
}

/* An authority that is asked, its lists read. */
typedef struct asking {
	lists lists;
	bool is_critical;
	uint64_t *work;
} asking;

static dp_permission
begin(const dp_profile *authority, uint64_t *work, asking *out)
{
	out->is_critical = authority->has_constraints == DP_CRITICAL;
	out->work = work;
	if (!dp_account_pay(work, 1 + authority->constraints.len / DP_CONSTRAINT_OCTETS_PER_WORK))
		return DP_PERMISSION_LIMIT;
	return read_lists(authority->constraints, &out->lists) ? DP_PERMISSION_YES
							       : DP_PERMISSION_NO;
}

static dp_permission
permit(const asking *a, const subject_name *name)
{
	dp_permission permission =
	    permit_in_list(name, a->lists.permitted, false, a->is_critical, a->work);

	if (permission != DP_PERMISSION_YES)
		return permission;
	return permit_in_list(name, a->lists.excluded, true, a->is_critical, a->work);
}

static dp_permission
permit_directory(const asking *a, danepriv_span name)
{
	dp_distinguished read;
	bool is_readable = dp_distinguished_read(name, &read) == DANEPRIV_OK;
	subject_name subject = {
		.tag = TAG_DIRECTORY, .is_readable = is_readable, .octets = name, .directory = &read
	};
	dp_permission permission = permit(a, &subject);

	/* Names of mail are there, too (section 4.2.1.10). */
	if (permission != DP_PERMISSION_YES || !is_readable || !read.has_mail)
		return permission;
	subject_name mail = { .tag = TAG_MAIL, .octets = name };
	return permit(a, &mail);
}

static dp_permission
permit_alternative(const asking *a, const dp_der_element *name)
{
	subject_name subject = { .tag = name->tag, .octets = name->content };

	if (name->tag == TAG_DIRECTORY)
		return permit_directory(a, name->content);
	if (name->tag == TAG_DNS)
		subject.is_readable = read_host(name->content, true, &subject.room);
	else
		subject.is_readable =
		    name->tag == TAG_ADDRESS && (name->content.len == ADDRESS_4_OCTETS ||
						    name->content.len == ADDRESS_16_OCTETS);
	subject.host = dp_name_of(&subject.room);
	return permit(a, &subject);
}

dp_permission
dp_constraints_permit(const dp_profile *authority, const dp_profile *certificate, uint64_t *work)
{
	dp_reader names = dp_reader_over(certificate->names);
	dp_reader subject = dp_reader_over(certificate->fields.subject);
	asking a;

	if (authority->has_constraints == DP_ABSENT)
		return DP_PERMISSION_YES;
	dp_permission permission = begin(authority, work, &a);
	/* As many as DP_CERTIFICATE_NAMES_MAX. */
	while (permission == DP_PERMISSION_YES && dp_reader_left(&names) > 0) {
		dp_der_element name = dp_der_read(&names);
		permission = permit_alternative(&a, &name);
	}
	/* An empty subject is none. */
	if (permission == DP_PERMISSION_YES && dp_der_read(&subject).content.len > 0)
		permission = permit_directory(&a, certificate->fields.subject);
	return permission;
}

dp_permission
dp_constraints_permit_name(const dp_profile *authority, dp_name name, uint64_t *work)
{
	subject_name subject = { .tag = TAG_DNS,
		.is_readable = true,
		.host = name,
		.octets = { name.octets, name.len } };
	asking a;

	if (authority->has_constraints == DP_ABSENT)
		return DP_PERMISSION_YES;
	dp_permission permission = begin(authority, work, &a);
	return permission == DP_PERMISSION_YES ? permit(&a, &subject) : permission;
}
