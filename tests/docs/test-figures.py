# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Pictures and tables of the docs say what the library says today."""
import os
import pathlib
import re
import subprocess
import unittest

import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet

import tap
import tool

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCS = ROOT / 'docs'
PYTHON = os.environ['AIONET_PYTHON']


def page(name):
    return (DOCS / f'{name}.md').read_text(encoding='utf-8')


class Figures(unittest.TestCase):
    def assert_made_by(self, name, *command):
        """The script is run apart from the host: nothing it loads is asked of a network."""
        made = subprocess.run(['unshare', '-Urn', PYTHON, DOCS / command[0], *command[1:]],
                              capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual((made.returncode, made.stderr), (0, ''))
        self.assertEqual((DOCS / name).read_text(encoding='utf-8'), made.stdout, ' '.join(map(str, command)))

    def test_pictures_of_routes(self):
        if tool.lab_refusal():
            self.skipTest(tool.lab_refusal())
        for example, family in (1, '4'), (2, '6'):
            with self.subTest(family):
                self.assert_made_by(f'routes-ipv{family}.svg', 'draw-routes.py',
                                    ROOT / f'data/fixtures/guide-example-{example}.json', family)

    def test_picture_of_a_host(self):
        """Of the drawing only its source is compared: graphviz draws differently from version to version."""
        if tool.lab_refusal():
            self.skipTest(tool.lab_refusal())
        script = ('import importlib.util, sys; spec = importlib.util.spec_from_file_location("d", sys.argv[1]); '
                  'd = importlib.util.module_from_spec(spec); spec.loader.exec_module(d); '
                  'print(d.mark(d.source(sys.argv[2])), end="")')
        made = subprocess.run(['unshare', '-Urn', PYTHON, '-c', script, DOCS / 'draw-host.py',
                               ROOT / 'data/fixtures/dual-homed.json'], capture_output=True, text=True, timeout=60, check=True)
        self.assertTrue((DOCS / 'show-dot.svg').read_text(encoding='utf-8').endswith(made.stdout), 'draw-host.py')

    def test_table_of_nats(self):
        made = subprocess.run([PYTHON, DOCS / 'nat-table.py'], capture_output=True, text=True, timeout=60, check=True)
        self.assertGreater(made.stdout.count('\n'), 8)
        self.assertIn(made.stdout, page('nat-types'))

    def test_labels_of_nats(self):
        rows = dict(re.findall(r'^\| ([1-7]) \| `(.*?)` \|', page('nat-types').partition('## Deltas')[0], re.M))
        self.assertEqual(rows, {str(number): Aionet.NatType.get_label(Aionet.NatType(number)) for number in range(1, 8)})
        rows = dict(re.findall(r'^\| ([1-6]) \| `(.*?)` \|', page('nat-types').partition('## Deltas')[2], re.M))
        self.assertEqual(rows, {str(number): Aionet.DeltaType.get_label(Aionet.DeltaType(number)) for number in range(1, 7)})

    def test_links_lead_to_files(self):
        for text in [*ROOT.glob('*.md'), *DOCS.glob('*.md')]:
            for link in re.findall(r'\]\(([^)#:]+)(?:#[^)]*)?\)', text.read_text(encoding='utf-8')):
                self.assertTrue((text.parent / link).exists(), f'{text.name}: {link}')

    def test_every_error_is_told(self):
        names = {value.value_name for value in Aionet.Error.__enum_values__.values()}
        self.assertGreater(len(names), 10)
        self.assertEqual(set(re.findall(r'^\| `(AIONET_ERROR_\w+)` \|', page('errors'), re.M)), names)

    def test_every_command_is_told(self):
        listed = tool.run('--help').stdout
        commands = re.findall(r'^  ([a-z]+)  +\S', listed, re.M)
        self.assertGreater(len(commands), 8)
        self.assertEqual([name for name in commands if f'aionet {name}' not in page('tool')], [])

    def test_every_network_is_told(self):
        names = re.findall(r'^(\S+)  ', tool.run('lab', 'list').stdout, re.M)[1:]
        self.assertGreater(len(names), 20)
        self.assertEqual([name for name in names if name not in page('lab')], [])


if __name__ == '__main__':
    tap.main()
