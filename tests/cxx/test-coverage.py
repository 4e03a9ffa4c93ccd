# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Every function of the library is called by the GoogleTest suite: LIBRARY SUITE."""
import shutil
import subprocess
import sys
import unittest

import tap

LIBRARY, SUITE = sys.argv[1:3]
# What macros call, and what only the registry looks for.
NO_FUNCTIONS = ('_get_type', '_describe')


def symbols(path, *options):
    listed = subprocess.run(['nm', *options, path], capture_output=True, text=True, check=True).stdout
    return {line.split()[-1].partition('@')[0] for line in listed.splitlines() if line}


@unittest.skipIf(shutil.which('nm') is None, 'there is no nm (package binutils)')
class Coverage(unittest.TestCase):
    def test_functions(self):
        """A function without a case is named here."""
        exported = {name for name in symbols(LIBRARY, '-D', '--defined-only')
                    if name.startswith('aionet_') and not name.endswith(NO_FUNCTIONS)}
        self.assertGreater(len(exported), 300)
        self.assertEqual(sorted(exported - symbols(SUITE, '-u')), [])


if __name__ == '__main__':
    tap.main()
