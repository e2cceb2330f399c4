/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by octets? */
#include "support/octets.h"

#include "support/require.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct test_vectors {
	FILE *file;
	char line[262144];
};

static test_octets
octets_new(size_t len)
{
	test_octets octets = { malloc(len ? len : 1), len };

	if (!octets.data)
		test_give_up("no memory", "octets");
	return octets;
}

static int
hex_value(char c)
{
	const char *digits = "0123456789abcdef";
	const char *at = memchr(digits, tolower((unsigned char)c), 16);

	return at ? (int)(at - digits) : -1;
}

test_octets
octets_from_hex(const char *text)
{
	test_octets octets = octets_new(strlen(text) / 2);
	size_t digits = 0;

	if (strcmp(text, "-") == 0)
		text = "";
	for (const char *t = text; *t; t++) {
		if (isspace((unsigned char)*t))
			continue;
		int value = hex_value(*t);
		if (value < 0)
			test_give_up("not hexadecimal", text);
		uint8_t *octet = octets.data + digits / 2;
		*octet = digits % 2 ? (uint8_t)((unsigned)*octet << 4 | (unsigned)value)
				    : (uint8_t)value;
		digits++;
	}
	if (digits % 2)
		test_give_up("half an octet", text);
	test_octets exact = octets_copy((danepriv_span){ octets.data, digits / 2 });
	octets_free(octets);
	return exact;
}

static FILE *
open_vector(const char *path)
{
	char whole[4096];
	int len = snprintf(whole, sizeof whole, "%s/%s", TEST_VECTORS, path);
	FILE *file = len > 0 && (size_t)len < sizeof whole ? fopen(whole, "rb") : NULL;

	if (!file)
		test_give_up("cannot open", path);
	return file;
}

test_octets
octets_from_file(const char *path)
{
	static uint8_t room[1 << 20];
	FILE *file = open_vector(path);
	size_t len = fread(room, 1, sizeof room, file);

	if (ferror(file) || len == sizeof room)
		test_give_up("cannot read, or too long", path);
	fclose(file);
	return octets_copy((danepriv_span){ room, len });
}

test_octets
octets_copy(danepriv_span s)
{
	test_octets octets = octets_new(s.len);

	if (s.len > 0)
		memcpy(octets.data, s.data, s.len);
	return octets;
}

test_octets
octets_of_buffer(dp_buffer *b)
{
	if (b->status != DANEPRIV_OK)
		test_give_up("cannot write", "octets");
	test_octets octets = octets_copy(dp_buffer_span(b));
	dp_buffer_free(b);
	return octets;
}

danepriv_span
octets_span(test_octets octets)
{
	return (danepriv_span){ octets.data, octets.len };
}

void
octets_free(test_octets octets)
{
	free(octets.data);
}

test_vectors *
vectors_open(const char *path)
{
	test_vectors *vectors = calloc(1, sizeof *vectors);

	if (!vectors)
		test_give_up("no memory", path);
	vectors->file = open_vector(path);
	return vectors;
}

bool
vectors_next(test_vectors *vectors, test_vector *out)
{
	memset(out, 0, sizeof *out);
	while (fgets(vectors->line, sizeof vectors->line, vectors->file)) {
		char *rest = vectors->line;
		if (rest[0] == '#')
			continue;
		for (size_t i = 0; i < VECTOR_FIELDS_MAX; i++)
			out->fields[i] = strtok_r(i ? NULL : rest, " \t\r\n", &rest);
		if (out->fields[0])
			return true;
	}
	return false;
}

int
vectors_count(const char *path)
{
	test_vectors *vectors = vectors_open(path);
	test_vector row;
	int count = 0;

	while (vectors_next(vectors, &row))
		count++;
	vectors_close(vectors);
	return count;
}

test_vectors *
vectors_at(const char *path, int index, test_vector *out)
{
	test_vectors *vectors = vectors_open(path);

	for (int i = 0; i <= index; i++)
		if (!vectors_next(vectors, out))
			test_give_up("no such line", path);
	return vectors;
}

void
vectors_close(test_vectors *vectors)
{
	fclose(vectors->file);
	free(vectors);
}
