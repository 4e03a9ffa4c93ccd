# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""The examples in C are compiled as a stranger does it: by the line that the README or their own comment tells, away
from the tree, and without its flags. CC is the compiler, PKG_CONFIG_PATH has the build as if it were installed."""
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest

import tap

EXAMPLES = pathlib.Path(__file__).parents[2] / 'examples'
PATIENCE = 120


def lines_of(path):
    """What it tells to type that compiles something."""
    return re.findall(r'^(?: \* +\$ | {4})(cc .*?)(?: && .*)?$', (EXAMPLES / path).read_text(encoding='utf-8'), re.M)


@unittest.skipUnless(shutil.which('pkg-config'), 'pkg-config is not installed')
class Outside(unittest.TestCase):
    def setUp(self):
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.folder = pathlib.Path(made.name)
        (self.folder / 'bin').mkdir()
        # With the PATH as it is: a launcher such as ccache would find this very script otherwise.
        (self.folder / 'bin/cc').write_text(f'#!/bin/sh\nPATH={shlex.quote(os.environ["PATH"])}\n'
                                            f'exec {os.environ["CC"]} -Wall -Wextra -Wno-unused-parameter '
                                            '-Wno-missing-field-initializers -Werror "$@"\n', encoding='ascii')
        (self.folder / 'bin/cc').chmod(0o755)

    def compile(self, line, name):
        shutil.copy(EXAMPLES / 'c' / f'{name}.c', self.folder)
        path = f'{self.folder}/bin:{os.environ["PATH"]}'
        ended = subprocess.run(line, shell=True, cwd=self.folder, env={**os.environ, 'PATH': path}, text=True,
                               capture_output=True, timeout=PATIENCE, check=False)
        self.assertEqual((ended.returncode, ended.stdout, ended.stderr), (0, '', ''), line)

    def test_programs(self):
        [line] = lines_of('README.md')
        self.assertIn(' interfaces.c ', line)
        for name in sorted(path.stem for path in (EXAMPLES / 'c').glob('*.c')):
            if name not in {'plugin', 'http-over-route'}:
                self.compile(line.replace('interfaces', name), name)
                self.assertTrue(os.access(self.folder / name, os.X_OK))

    def test_with_libsoup(self):
        if subprocess.run(['pkg-config', '--exists', 'libsoup-3.0'], check=False).returncode != 0:
            self.skipTest('libsoup-3.0 is not installed')
        [line] = lines_of('README.md')
        self.compile(line.replace('interfaces', 'http-over-route').replace('libaionet-1', 'libaionet-1 libsoup-3.0'),
                     'http-over-route')

    def test_plugin(self):
        [line] = lines_of('c/plugin.c')
        self.compile(line, 'plugin')
        self.assertTrue((self.folder / 'libaionet-no-docker.so').exists())


if __name__ == '__main__':
    tap.main()
