/* SPDX-License-Identifier: BSD-2-Clause
 * How does a file come to hold something new, all of it or nothing? */
#include "replace.h"

#include "options.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Names beside a file that are tried: others may be left of what was killed, or somebody's who wants
 * to be in the way. */
#define TRIES_MAX 64

/* A new file beside `path`; its descriptor, or -1.  O_EXCL: it is a link to nowhere. */
static int
open_beside(const char *path, char *beside, size_t room)
{
	int file = -1;

	for (unsigned i = 0; file < 0 && i < TRIES_MAX; i++) {
		int len = snprintf(beside, room, "%s.%ld.%u.new", path, (long)getpid(), i);
		if (len < 0 || (size_t)len >= room) {
			errno = ENAMETOOLONG;
			break;
		}
		file = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
		if (file < 0 && errno != EEXIST)
			break;
	}
	return file;
}

static bool
write_all(int file, danepriv_span octets)
{
	while (octets.len > 0) {
		ssize_t written = write(file, octets.data, octets.len);
		if (written < 0 && errno != EINTR)
			return false;
		size_t done = written > 0 ? (size_t)written : 0;
		octets.data += done;
		octets.len -= done;
	}
	return true;
}

/* Into the file, and to the disk unless it is `special`; closes it either way. */
static bool
fill(int file, danepriv_span octets, bool special)
{
	bool written = write_all(file, octets) && (special || fsync(file) == 0);
	int error = errno;

	if (close(file) == 0 && written)
		return true;
	if (!written)
		errno = error;
	return false;
}

/* `may_be_file`: otherwise somebody has put a file in its place meanwhile, or a link to one. */
static bool
write_special(const char *path, bool may_be_file, danepriv_span octets)
{
	struct stat about;
	int file = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);

	if (file < 0)
		return false;
	if (!may_be_file && (fstat(file, &about) != 0 || S_ISREG(about.st_mode))) {
		(void)close(file);
		errno = EEXIST;
		return false;
	}
	return fill(file, octets, true);
}

static bool
write_beside(const char *path, danepriv_span octets)
{
	char beside[4096];
	int file = open_beside(path, beside, sizeof beside);

	if (file < 0)
		return false;
	if (fill(file, octets, false) && rename(beside, path) == 0)
		return true;
	int error = errno;
	(void)unlink(beside);
	errno = error;
	return false;
}

/* Is it /dev/stdout or the like, a link to what a program has open?  To put a file in its place
 * would take it away from everybody. */
static bool
leads_to_open(const char *path)
{
	static const char place[] = "/proc/";
	char target[sizeof place];

	return readlink(path, target, sizeof target) == (ssize_t)sizeof target &&
	       memcmp(target, place, sizeof place - 1) == 0;
}

bool
cli_replace_file(const char *path, danepriv_span octets)
{
	struct stat about;
	bool is_open = leads_to_open(path);
	bool special = stat(path, &about) == 0 && (!S_ISREG(about.st_mode) || is_open);

	if (special ? write_special(path, is_open, octets) : write_beside(path, octets))
		return true;
	cli_complain("%.200s: %s", path, strerror(errno));
	return false;
}
