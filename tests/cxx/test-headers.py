# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""The public headers, given as arguments, in every language and by every compiler that strangers may use."""
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import tap

HEADERS = [pathlib.Path(name) for name in sys.argv[1:]]
ALONE = [header for header in HEADERS if header.name != 'aionet.h']
GLIB = subprocess.run(['pkg-config', '--cflags', 'gio-2.0', 'json-glib-1.0'], capture_output=True, text=True,
                      check=True).stdout.split()
FLAGS = os.environ['AIONET_CFLAGS'].split() + GLIB
STRICT = ['-Wall', '-Wextra', '-Wpedantic', '-Wshadow', '-Wundef', '-Wcast-qual', '-Werror']
USE = """#include <aionet.h>
int main (void) { return AIONET_IS_INTERFACE (aionet_interface_new_default ()) ? 0 : 1; }
"""
COMPILERS = ([(name, 'c', standard) for name in ('gcc', 'clang') for standard in ('c99', 'c11', 'gnu17')] +
             [(name, 'c++', standard) for name in ('g++', 'clang++') for standard in ('c++17', 'c++20')])


def compiles(compiler, language, text, *options):
    """What the compiler says, or an empty text."""
    ended = subprocess.run([compiler, '-x', language, '-fsyntax-only', *FLAGS, *options, '-'], input=text,
                           capture_output=True, text=True, check=False, timeout=60)
    return ended.stderr if ended.returncode or ended.stderr else ''


def in_parallel(function, cases):
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(zip(cases, pool.map(function, cases)))


class Headers(unittest.TestCase):
    def test_strict(self):
        """No compiler warns of a program that includes <aionet.h>, in no standard from C99 and C++17 on."""
        there = [case for case in COMPILERS if shutil.which(case[0])]
        self.assertTrue(there)
        for case, said in in_parallel(lambda c: compiles(c[0], c[1], USE, f'-std={c[2]}', *STRICT), there):
            with self.subTest(case):
                self.assertEqual(said, '')

    def test_complete(self):
        """Every header includes what it needs itself."""
        compiler, language = ('g++', 'c++') if shutil.which('g++') else ('gcc', 'c')
        for header, said in in_parallel(lambda h: compiles(compiler, language, f'#include "{h}"\n',
                                                           '-DAIONET_INSIDE'), ALONE):
            with self.subTest(header.name):
                self.assertEqual(said, '')

    def test_umbrella(self):
        """A header by itself is refused, by a line that says what to include."""
        for header in ALONE:
            with self.subTest(header.name), tempfile.NamedTemporaryFile('w', suffix='.c') as source:
                source.write(f'#include "{header}"\n')
                source.flush()
                ended = subprocess.run(['gcc', '-E', '-Wfatal-errors', *FLAGS, source.name, '-o', os.devnull],
                                       capture_output=True, text=True, check=False, timeout=60)
                self.assertNotEqual(ended.returncode, 0)
                self.assertIn('#error "Only <aionet.h> can be included directly."', ended.stderr)


if __name__ == '__main__':
    tap.main()
