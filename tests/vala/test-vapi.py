# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""The VAPI says in Vala what the GIR says: GIR VAPI."""
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

import tap

GIR, VAPI = map(pathlib.Path, sys.argv[1:3])
METADATA = pathlib.Path(__file__).resolve().parents[2] / 'introspection/vala/vapi'
CORE = '{http://www.gtk.org/introspection/core/1.0}'
NAMESPACE = xml.etree.ElementTree.parse(GIR).find(CORE + 'namespace')
TEXT = VAPI.read_text(encoding='utf-8')


def block(name):
    """What stands between the braces of a class."""
    return re.search(r'class %s : [^{]*{\n(.*?)\n\t}' % name, TEXT, re.S).group(1)


def classes():
    return NAMESPACE.findall(CORE + 'class')


class Vapi(unittest.TestCase):
    def test_no_warning(self):
        """vapigen has nothing to say, nor is anything in the metadata for nothing."""
        with tempfile.TemporaryDirectory() as work:
            ended = subprocess.run(['vapigen', '--library=libaionet-1', '--pkg=gio-2.0', '--pkg=json-glib-1.0',
                                    f'--metadatadir={METADATA}', f'--directory={work}', GIR],
                                   capture_output=True, text=True, check=True)
            self.assertEqual((ended.stdout, ended.stderr), ('Generation succeeded - 0 warning(s)\n', ''))
            self.assertEqual((pathlib.Path(work) / 'libaionet-1.vapi').read_text(encoding='utf-8'), TEXT)

    def test_async(self):
        """Each pair of async and finish is one async method, that a cancellable may be left out of."""
        pairs = 0
        for found in classes():
            names = {method.get('name') for method in found.findall(CORE + 'method')}
            for name in sorted(name for name in names if name.endswith('_async')):
                with self.subTest(f'{found.get("name")}.{name}'):
                    pairs += 1
                    self.assertIn(name.replace('_async', '_finish'), names)
                    line = re.search(rf'async [\w.?]+ {name} \(.*', block(found.get('name'))).group()
                    self.assertIn('GLib.Cancellable? cancellable = null) throws GLib.Error;', line)
        self.assertGreater(pairs, 12)
        self.assertNotIn('_finish', TEXT)
        self.assertNotIn('AsyncReadyCallback', TEXT)

    def test_nullable(self):
        """A property is nullable where its getter is."""
        for found in classes():
            getters = {method.get('name'): method.find(CORE + 'return-value').get('nullable') == '1'
                       for method in found.findall(CORE + 'method')}
            for prop in found.findall(CORE + 'property'):
                name = prop.get('name').replace('-', '_')
                with self.subTest(f'{found.get("name")}.{name}'):
                    line = re.search(rf'public (\S+) @?{name} {{', block(found.get('name'))).group(1)
                    if prop.get('getter') in getters:
                        self.assertEqual(line.endswith('?'), getters[prop.get('getter')], line)

    def test_errors(self):
        """The error domain is one, with all codes."""
        codes = NAMESPACE.find(f"{CORE}enumeration[@name='Error']").findall(CORE + 'member')
        domain = re.search(r'errordomain Error {(.*?);', TEXT, re.S).group(1)
        self.assertEqual(re.findall(r'\w+', domain), [code.get('name').upper() for code in codes])


if __name__ == '__main__':
    tap.main()
