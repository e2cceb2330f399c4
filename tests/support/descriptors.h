/* SPDX-License-Identifier: BSD-2-Clause
 * Did anything stay open? */
#ifndef TESTS_DESCRIPTORS_H
#define TESTS_DESCRIPTORS_H

/* How many file descriptors this process has. */
unsigned open_descriptors(void);

#endif
