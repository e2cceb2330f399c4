/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test see what becomes of a caller's struct, whatever size it has? */
#include "support/sized.h"

#include "base/sized.h"
#include "support/suite.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* Memory, and behind it a page that nobody may touch. */
typedef struct fence {
	uint8_t *pages, *memory;
	size_t room; /* octets of the pages in front of it */
	size_t page;
} fence;

static void
fence_open(fence *f, size_t octets)
{
	f->page = (size_t)sysconf(_SC_PAGESIZE);
	f->room = (octets + f->page - 1) / f->page * f->page;
	f->pages = aligned_alloc(f->page, f->room + f->page);
	ck_assert_ptr_nonnull(f->pages);
	ck_assert_int_eq(mprotect(f->pages + f->room, f->page, PROT_NONE), 0);
	f->memory = f->pages + f->room - octets;
}

static void
fence_close(fence *f)
{
	ck_assert_int_eq(mprotect(f->pages + f->room, f->page, PROT_READ | PROT_WRITE), 0);
	free(f->pages);
}

static size_t
size_of_row(const sized_case *one, int row)
{
	const size_t sizes[SIZED_ROWS] = { 0, 1, one->least - 1, one->least, one->known,
		one->known + 8, DP_STRUCT_OCTETS_MAX, DP_STRUCT_OCTETS_MAX + 1, SIZE_MAX };

	return sizes[row];
}

/* What is to be written has rubbish in it. */
static void
fill(const sized_case *one, uint8_t *memory, size_t count, size_t each, size_t size)
{
	memset(memory, one->is_out ? 0xa5 : 0, count * each);
	for (size_t i = 0; one->fill && i < count; i++)
		one->fill(memory + i * each, i);
	if (one->elements == 0)
		memcpy(memory, &size, sizeof size);
}

/* What is set that this library does not know is refused: the first octet and the last. */
static void
check_unknown(const sized_case *one, uint8_t *last, size_t size, uint8_t *memory)
{
	const size_t places[] = { one->known, size - 1 };

	for (int i = 0; i < 2; i++) {
		last[places[i]] = 1;
		ck_assert_msg(one->call(memory, size) == DANEPRIV_EINVAL, "%s: octet %zu of %zu",
		    one->name, places[i], size);
		last[places[i]] = 0;
	}
}

static void
check_zeroed(const sized_case *one, const uint8_t *memory, size_t count, size_t size)
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = one->known; k < size; k++)
			ck_assert_msg(memory[i * size + k] == 0, "%s: octet %zu of %zu is left",
			    one->name, k, size);
}

void
sized_check(const sized_case *one, int row)
{
	size_t size = size_of_row(one, row), count = one->elements ? one->elements : 1;
	bool fits = dp_sized_fits(size, one->least);
	size_t each = fits ? size : one->least;
	static uint8_t before[2 * DP_STRUCT_OCTETS_MAX];
	fence f;

	ck_assert_uint_le(count * each, sizeof before);
	fence_open(&f, count * each);
	fill(one, f.memory, count, each, size);
	memcpy(before, f.memory, count * each);
	danepriv_status status = one->call(f.memory, size);
	ck_assert_msg(status == (fits ? DANEPRIV_OK : DANEPRIV_EINVAL), "%s of %zu: %s", one->name,
	    size, danepriv_sentence(DANEPRIV_KIND_STATUS, status));
	bool is_touched = memcmp(before, f.memory, count * each) != 0;
	ck_assert_msg(is_touched == (fits && one->is_out), "%s of %zu: touched %d", one->name, size,
	    is_touched);
	if (fits && one->is_out)
		check_zeroed(one, f.memory, count, size);
	if (fits && !one->is_out && size > one->known)
		check_unknown(one, f.memory + (count - 1) * each, size, f.memory);
	fence_close(&f);
}
