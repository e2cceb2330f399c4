/* SPDX-License-Identifier: BSD-2-Clause
 * What was asked for on the command line?  Long options, each a row of a table. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* More than danepriv takes records, so that the library is the one to complain. */
#define CLI_LIST_MAX 1024

typedef struct cli_list {
	const char *items[CLI_LIST_MAX];
	size_t count;
} cli_list;

typedef struct cli_number {
	int64_t value;
	bool given;
} cli_number;

typedef enum cli_kind {
	CLI_SWITCH, /* --name; target: bool */
	CLI_TEXT,   /* --name VALUE or --name=VALUE, once; target: const char * */
	CLI_LIST,   /* the same, any number of times; target: cli_list */
	CLI_NUMBER, /* a decimal number, once; target: cli_number */
	CLI_WORD    /* one of the words of `value`, `a|b|c`, once; target: cli_number, its place */
} cli_kind;

typedef struct cli_option {
	const char *name; /* without dashes */
	char letter;	  /* short form, or 0 */
	cli_kind kind;
	const char *value; /* how --help calls its value: `a|b|c` for words, FILE for files */
	const char *help;
	void *target;
	int64_t least, most; /* of a number */
} cli_option;

/* What an exit status means. */
typedef struct cli_exit {
	int code;
	const char *text;
} cli_exit;

typedef struct cli_syntax {
	const char *usage; /* the lines after "usage: danepriv " */
	const char *about;
	const cli_option *options;
	size_t count;
	const char *operand; /* what the one argument that is no option is called; NULL: none */
	const char **operand_target;
	const cli_exit *exits;
	size_t exit_count;
	const char *example; /* a command line after "danepriv ", or NULL */
	cli_list *operands;  /* where there may be several: all of them; NULL: no more than one */
} cli_syntax;

typedef enum cli_parsed { CLI_RUN, CLI_HELPED, CLI_WRONG } cli_parsed;

/* One row of a list in --help: what is meant, and behind it or below what is said of it. Completion
 * and the manual page are made of these rows. */
void cli_print_row(const char *left, const char *right);

/* RUN: all targets are set.  HELPED: --help was printed.  WRONG: one line was said on stderr. */
cli_parsed cli_parse(const cli_syntax *syntax, int argc, char **argv);

/* One line on stderr, "danepriv: ...", whatever is in the arguments. */
void cli_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A decimal number of digits alone, with a leading minus if `least` is below zero. */
bool cli_read_number(const char *text, int64_t least, int64_t most, int64_t *out);

#endif
