/* SPDX-License-Identifier: BSD-2-Clause
 * What was asked for on the command line? */
#include "options.h"

#include "output.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* In --help, of what stands before the explanation. */
#define LEFT_COLUMNS 30

void
cli_complain(const char *format, ...)
{
	char line[512];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	/* An argument may hold line ends or escape sequences; scripts count on one line. */
	for (char *c = line; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7F)
			*c = '?';
	(void)fprintf(stderr, "danepriv: %s\n", line);
}

bool
cli_read_number(const char *text, int64_t least, int64_t most, int64_t *out)
{
	bool negative = text[0] == '-' && least < 0;
	int64_t value = 0;

	if (negative)
		text++;
	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		int digit = *text - '0';
		if (digit < 0 || digit > 9 || value > (INT64_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*out = negative ? -value : value;
	return *out >= least && *out <= most;
}

void
cli_print_row(const char *left, const char *right)
{
	if (strlen(left) <= LEFT_COLUMNS)
		(void)printf("  %-*s  %s\n", LEFT_COLUMNS, left, right);
	else
		(void)printf("  %s\n  %-*s  %s\n", left, LEFT_COLUMNS, "", right);
}

static void
print_option(const cli_option *option)
{
	char left[80];

	(void)snprintf(left, sizeof left, "%s%c%s--%s%s%s", option->letter ? "-" : "",
	    option->letter ? option->letter : ' ', option->letter ? ", " : "   ", option->name,
	    option->value ? " " : "", option->value ? option->value : "");
	cli_print_row(left, option->help);
}

static void
print_help(const cli_syntax *syntax)
{
	(void)printf("usage: danepriv %s\n\n%s\n\noptions:\n", syntax->usage, syntax->about);
	for (size_t i = 0; i < syntax->count; i++)
		print_option(&syntax->options[i]);
	cli_print_row("    --help", "print this");
	(void)printf("\nexit status:\n");
	for (size_t i = 0; i < syntax->exit_count; i++)
		(void)printf("  %d  %s\n", syntax->exits[i].code, syntax->exits[i].text);
	if (syntax->example)
		(void)printf("\nexample:\n  danepriv %s\n", syntax->example);
}

/* The option that an argument names, `--name`, `--name=...` or `-n`; NULL if there is none. */
static const cli_option *
find_option(const cli_syntax *syntax, const char *argument)
{
	size_t len = strcspn(argument + 2, "=");

	for (size_t i = 0; i < syntax->count; i++) {
		const cli_option *option = &syntax->options[i];
		if (argument[1] != '-') {
			if (option->letter && argument[1] == option->letter && argument[2] == '\0')
				return option;
		} else if (strlen(option->name) == len &&
			   memcmp(option->name, argument + 2, len) == 0) {
			return option;
		}
	}
	return NULL;
}

static bool
store_text(const cli_option *option, const char *value)
{
	const char **target = option->target;

	if (*target) {
		cli_complain("option --%s is given twice", option->name);
		return false;
	}
	*target = value;
	return true;
}

static bool
store_list(const cli_option *option, const char *value)
{
	cli_list *list = option->target;

	if (list->count == CLI_LIST_MAX) {
		cli_complain("option --%s is given too often", option->name);
		return false;
	}
	list->items[list->count++] = value;
	return true;
}

static bool
store_number(const cli_option *option, const char *value)
{
	cli_number *number = option->target;

	if (number->given) {
		cli_complain("option --%s is given twice", option->name);
		return false;
	}
	number->given = true;
	if (cli_read_number(value, option->least, option->most, &number->value))
		return true;
	cli_complain("option --%s: '%.40s' is no number from %lld to %lld", option->name, value,
	    (long long)option->least, (long long)option->most);
	return false;
}

static bool
store_word(const cli_option *option, const char *value)
{
	cli_number *number = option->target;
	size_t len = strlen(value);

	if (number->given) {
		cli_complain("option --%s is given twice", option->name);
		return false;
	}
	number->given = true;
	number->value = 0;
	for (const char *word = option->value; *word != '\0'; number->value++) {
		size_t room = strcspn(word, "|");
		if (room == len && memcmp(word, value, len) == 0)
			return true;
		word += room + (word[room] == '|');
	}
	cli_complain("option --%s: '%.40s' is none of %s", option->name, value, option->value);
	return false;
}

static bool
store(const cli_option *option, const char *value)
{
	switch (option->kind) {
	case CLI_SWITCH:
		*(bool *)option->target = true;
		return true;
	case CLI_TEXT:
		return store_text(option, value);
	case CLI_LIST:
		return store_list(option, value);
	case CLI_NUMBER:
		return store_number(option, value);
	case CLI_WORD:
		return store_word(option, value);
	}
	return false;
}

/* Takes the option at argv[*i], and its value, which may be the argument after it. */
static bool
take_option(const cli_syntax *syntax, int argc, char **argv, int *i)
{
	const char *argument = argv[*i];
	const cli_option *option = find_option(syntax, argument);
	const char *value = argument[1] == '-' ? strchr(argument, '=') : NULL;

	if (!option) {
		cli_complain("%s: unknown option '%.80s' (see danepriv %s --help)", argv[0],
		    argument, argv[0]);
		return false;
	}
	if (option->kind == CLI_SWITCH && value) {
		cli_complain("option --%s takes no value", option->name);
		return false;
	}
	if (value)
		return store(option, value + 1);
	if (option->kind == CLI_SWITCH)
		return store(option, NULL);
	if (*i + 1 >= argc) {
		cli_complain("option --%s needs a value", option->name);
		return false;
	}
	return store(option, argv[++*i]);
}

static bool
take_operand(const cli_syntax *syntax, char **argv, const char *argument)
{
	cli_list *list = syntax->operands;

	if (list && list->count < CLI_LIST_MAX) {
		list->items[list->count++] = argument;
		return true;
	}
	if (list) {
		cli_complain("%s: more than %d arguments", argv[0], CLI_LIST_MAX);
		return false;
	}
	if (syntax->operand && !*syntax->operand_target) {
		*syntax->operand_target = argument;
		return true;
	}
	cli_complain(
	    "%s: unexpected argument '%.80s' (see danepriv %s --help)", argv[0], argument, argv[0]);
	return false;
}

static bool
lacks_operand(const cli_syntax *syntax)
{
	if (syntax->operands)
		return syntax->operands->count == 0;
	return syntax->operand && !*syntax->operand_target;
}

cli_parsed
cli_parse(const cli_syntax *syntax, int argc, char **argv)
{
	bool options = true; /* until `--` */

	for (int i = 1; i < argc; i++) {
		const char *argument = argv[i];
		bool good;
		if (options && strcmp(argument, "--") == 0) {
			options = false;
			continue;
		}
		if (options && strcmp(argument, "--help") == 0) {
			print_help(syntax);
			return cli_flush() ? CLI_HELPED : CLI_WRONG;
		}
		if (options && argument[0] == '-' && argument[1] != '\0')
			good = take_option(syntax, argc, argv, &i);
		else
			good = take_operand(syntax, argv, argument);
		if (!good)
			return CLI_WRONG;
	}
	if (lacks_operand(syntax)) {
		cli_complain("%s: %s is missing (see danepriv %s --help)", argv[0], syntax->operand,
		    argv[0]);
		return CLI_WRONG;
	}
	return CLI_RUN;
}
