# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""The examples as a whole: each in every language, short, run by a test, and in the README."""
import pathlib
import re
import unittest

import tap

HERE = pathlib.Path(__file__).parent
EXAMPLES = HERE.parents[1] / 'examples'
FOLDERS = {'c': '.c', 'python': '.py', 'js': '.js'}
MAX_LINES = 79


def names(folder, suffix):
    return {path.stem for path in (EXAMPLES / folder).iterdir() if path.suffix == suffix}


class Complete(unittest.TestCase):
    def test_every_language_has_them_all(self):
        expected = names('c', '.c')
        self.assertGreater(len(expected), 10)
        for folder, suffix in FOLDERS.items():
            self.assertEqual(names(folder, suffix), expected, folder)

    def test_nothing_else_is_there(self):
        for folder, suffix in FOLDERS.items():
            others = [path.name for path in (EXAMPLES / folder).iterdir() if path.suffix != suffix]
            self.assertEqual(others, [], folder)

    def test_each_is_short(self):
        for path in sorted(EXAMPLES.glob('*/*')):
            if path.is_file():
                self.assertLessEqual(len(path.read_text(encoding='utf-8').splitlines()), MAX_LINES, path)

    def test_each_is_run(self):
        """Beyond its usage: the table of that does not count."""
        tests = '\n'.join(path.read_text(encoding='utf-8') for path in HERE.glob('*.py'))
        calls = re.sub(r'^USAGE = {.*?^}', '', tests, flags=re.M | re.S)
        for name in names('c', '.c'):
            self.assertIn(f"'{name}'", calls)

    def test_each_is_in_the_readme(self):
        text = (EXAMPLES / 'README.md').read_text(encoding='utf-8')
        for path in sorted(EXAMPLES.glob('*/*')):
            if path.is_file():
                self.assertIn(f'({path.relative_to(EXAMPLES)})', text)


if __name__ == '__main__':
    tap.main()
