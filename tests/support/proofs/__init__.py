# SPDX-License-Identifier: BSD-2-Clause
"""Signs zones in memory, right and wrong, for the files of tests/vectors/proofs."""
