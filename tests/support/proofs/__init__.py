# SPDX-License-Identifier: BSD-2-Clause
"""How are zones signed in memory, right and wrong, for the files of tests/vectors/proofs?"""
