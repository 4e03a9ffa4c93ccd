#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""`aionet plugins` on the museum of bad modules: what became of each, and why."""
import json
import os
import pathlib
import shutil
import tempfile
import unittest

import tap
import tool

MUSEUM = pathlib.Path(os.environ['AIONET_MUSEUM'])
REASONS = {
    'answers-twice': ('ready', None),
    'answers-wrong-type': ('ready', None),
    'bad-size': ('refused', 'descriptor is too short'),
    'drops': ('ready', None),
    'never-answers': ('ready', None),
    'no-symbol': ('refused', 'no plugin of this library'),
    'refuses': ('unsupported', 'gives no reason'),
    'throws': ('unsupported', 'The moon is in the wrong phase'),
    'writable': ('refused', 'can be written by everybody'),
    'wrong-abi': ('refused', 'made for another binary interface'),
    'wrong-name': ('refused', 'calls itself “right-name”'),
    'wrong-type': ('refused', 'of no known kind'),
}


class Museum(unittest.TestCase):
    def setUp(self):
        # Copies, since the rights of files in a build directory are anybody's guess.
        self.root = pathlib.Path(tempfile.mkdtemp(prefix='aionet-museum-'))
        self.addCleanup(shutil.rmtree, self.root)
        for place in ('', 'duplicate'):
            (self.root / place).mkdir(exist_ok=True)
            for module in (MUSEUM / place).glob('libaionet-*.so'):
                self.copy(module, self.root / place / module.name, 0o755)
        self.copy(MUSEUM / 'libaionet-good.so', self.root / 'libaionet-writable.so', 0o757)
        self.path = f'{self.root}:{self.root}/duplicate'

    @staticmethod
    def copy(source, target, mode):
        shutil.copyfile(source, target)
        target.chmod(mode)

    def plugins(self):
        ended = tool.run('plugins', '--json', env={'AIONET_PLUGIN_PATH': self.path})
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return [plugin for plugin in json.loads(ended.stdout) if plugin['origin'] == 'module'
                and plugin['path'].startswith(str(self.root))]

    def test_reasons(self):
        found = {plugin['name']: plugin for plugin in self.plugins()}
        for name, (state, reason) in REASONS.items():
            with self.subTest(name):
                self.assertEqual(found[name]['state'], state)
                self.assertIn(reason or '', found[name]['reason'] or '')
                self.assertEqual(found[name]['reason'] is None, reason is None)
        self.assertEqual(set(found), set(REASONS) | {'good'})

    def test_duplicate(self):
        first, second = (plugin for plugin in self.plugins() if plugin['name'] == 'good')
        self.assertEqual((first['state'], second['state']), ('ready', 'shadowed'))
        self.assertIn(first['path'], second['reason'])

    def test_bad_backends(self):
        for name, words in (('drops', 'let go of a request'), ('answers-wrong-type', 'misbehaved'),
                            ('throws', 'The moon'), ('wrong-abi', 'another binary interface')):
            with self.subTest(name):
                ended = tool.run('list', '--backend', name, env={'AIONET_PLUGIN_PATH': self.path})
                self.assertEqual(ended.returncode, 1)
                self.assertIn(words, ended.stderr)
                self.assertEqual(ended.stderr.count('\n'), 1)


if __name__ == '__main__':
    tap.main()
