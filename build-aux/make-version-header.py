#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes aionet-version.h: version numbers, and availability macros of every minor release."""
import sys

version, output = sys.argv[1:3]
major, minor, micro = (int(part) for part in version.split('.'))

text = f'''/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Generated from the project version by build-aux/make-version-header.py */

#pragma once

#include <glib.h>

/**
 * AIONET_MAJOR_VERSION:
 *
 * Major version of the headers that a program is compiled with, the 1 of 1.2.3.
 *
 * Since: 0.1
 */
#define AIONET_MAJOR_VERSION {major}

/**
 * AIONET_MINOR_VERSION:
 *
 * Minor version of the headers, the 2 of 1.2.3.
 *
 * Since: 0.1
 */
#define AIONET_MINOR_VERSION {minor}

/**
 * AIONET_MICRO_VERSION:
 *
 * Micro version of the headers, the 3 of 1.2.3.
 *
 * Since: 0.1
 */
#define AIONET_MICRO_VERSION {micro}

/**
 * AIONET_VERSION_STRING:
 *
 * Version of the headers as text, `1.2.3`.
 *
 * Since: 0.1
 */
#define AIONET_VERSION_STRING "{version}"

/**
 * AIONET_CHECK_VERSION:
 * @major: major version
 * @minor: minor version
 * @micro: micro version
 *
 * Tells at compile time whether the headers are of this version or a later one.
 *
 * Since: 0.1
 */
#define AIONET_CHECK_VERSION(major, minor, micro)                                                  \\
  (AIONET_MAJOR_VERSION > (major)                                                                  \\
   || (AIONET_MAJOR_VERSION == (major) && AIONET_MINOR_VERSION > (minor))                          \\
   || (AIONET_MAJOR_VERSION == (major) && AIONET_MINOR_VERSION == (minor)                          \\
       && AIONET_MICRO_VERSION >= (micro)))

#define AIONET_EXTERN __attribute__ ((visibility ("default"))) extern

/**
 * AIONET_DECLARE_FLAGS: (skip)
 * @Type: a type of flags
 *
 * Makes flags of a type combine to flags in C++, where they would combine to a number, which no
 * function takes. Nothing in C.
 *
 * Since: 0.1
 */
#ifdef __cplusplus
#define AIONET_DECLARE_FLAGS(Type)                                                                 \\
  extern "C++"                                                                                     \\
  {{                                                                                                \\
    constexpr Type operator| (Type a, Type b) {{ return Type (unsigned (a) | unsigned (b)); }}       \\
    constexpr Type operator& (Type a, Type b) {{ return Type (unsigned (a) & unsigned (b)); }}       \\
    inline Type &operator|= (Type &a, Type b) {{ return a = a | b; }}                                \\
    inline Type &operator&= (Type &a, Type b) {{ return a = a & b; }}                                \\
  }}
#else
#define AIONET_DECLARE_FLAGS(Type)
#endif

'''
for number in range(1, minor + 1) if major == 0 else ():
    text += f'#define AIONET_AVAILABLE_IN_0_{number} AIONET_EXTERN\n'

with open(output, 'w', encoding='utf-8') as file:
    file.write(text)
