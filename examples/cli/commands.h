/* SPDX-License-Identifier: BSD-2-Clause
 * Which commands are there?  A new one is a function here and a line in main.c. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

/* What a command ends with. */
enum {
	CLI_EXIT_YES = 0,
	CLI_EXIT_NO = 1,
	CLI_EXIT_USAGE = 2, /* usage, or unreadable input */
	CLI_EXIT_UNAUTHENTICATED = 3,
	CLI_EXIT_UNREACHABLE = 4
};

/* argv[0] is the command's name; each returns the exit status. */
int cli_match(int argc, char **argv);
int cli_prove(int argc, char **argv);
int cli_check(int argc, char **argv); /* this and the next four: only with getdns */
int cli_anchor(int argc, char **argv);
int cli_chain(int argc, char **argv);
int cli_lookup(int argc, char **argv);
int cli_ipsec(int argc, char **argv);
int cli_record(int argc, char **argv);

#endif
