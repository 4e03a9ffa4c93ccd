# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""Every code block of the docs does what its page says: test-blocks.py GIR|- FILE…

Blocks of c, python, js and sh run one after the other in a folder of their page, in the lab; parts of programs
in C are compiled. `<!-- lab: NAME -->` before a block chooses the network, `<!-- file: NAME -->` writes the block
to a file, too, and with `<!-- run: later -->` to that only. A block of output is what the one before it prints, `…` is anything."""
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

import blocks
import tap
import tool

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CC = os.environ['AIONET_CC'].split() + ['-std=gnu11', '-Wall', '-Wextra', '-Werror', '-Wno-unused-parameter']
PATIENCE = 120
# Of the lab's world; the lab tells programs so as AIONET_LAB_WORLD.
WORLD = '198.18.0.1'
CORE = '{http://www.gtk.org/introspection/core/1.0}'
FILES = {path: pathlib.Path(path).read_text(encoding='utf-8') for path in sys.argv[2:]}


def reference():
    """Texts of the reference by symbol."""
    if sys.argv[1] == '-':
        return {}
    texts = {}
    for top in ElementTree.parse(sys.argv[1]).getroot().find(CORE + 'namespace'):
        for element in [top, *top]:
            doc = element.find(CORE + 'doc')
            if doc is not None:
                names = [top.get('name')] + ([element.get('name')] if element is not top else [])
                texts['.'.join(map(str, names))] = doc.text or ''
    return texts


def flags():
    return subprocess.run(['pkg-config', '--cflags', '--libs', 'libaionet-1'], capture_output=True, text=True,
                          check=True).stdout.split()


def matches(expected, printed):
    pattern = re.escape(expected.rstrip('\n')).replace('…', '.*')
    return re.fullmatch(pattern, printed.rstrip('\n'), re.S) is not None


class Page:
    """Runs the blocks of one text in a folder."""

    def __init__(self, test, folder):
        self.test, self.folder = test, pathlib.Path(folder)
        self.runners = {'c': self.c, 'python': self.python, 'js': self.js, 'sh': self.sh, 'json': self.json,
                        'console': self.console, 'text': lambda block: None, 'meson': lambda block: None}

    def run(self, block):
        self.test.assertIn(block.language, self.runners, 'what is this?')
        name = block.directives.get('file')
        if name:
            (self.folder / name).write_text(block.text, encoding='utf-8')
        if block.directives.get('run') == 'later':
            self.test.assertTrue(name, 'what is run later is a file')
        elif block.directives.get('needs') and not shutil.which(block.directives['needs']):
            print(f'# line {block.line}: {block.directives["needs"]} is not installed')
        else:
            self.runners[block.language](block)

    def in_lab(self, block, *command):
        if tool.lab_refusal():
            return
        options = []
        env = {'AIONET_DOCS_WORLD': ''}
        if 'example.org' in block.text or block.directives.get('world'):
            options = ['--world', f'{sys.executable} {HERE / "world.py"} {WORLD}']
            env = {'AIONET_DOCS_WORLD': '1'}
        ended = tool.lab('unshare', '-m', sys.executable, str(HERE / 'stage.py'), *command,
                         nat=block.directives.get('lab', 'guide'), options=options, cwd=self.folder,
                         env={'TMPDIR': str(self.folder), **env})
        self.test.assertEqual(ended.returncode, int(block.directives.get('status', '0')), ended.stdout + ended.stderr)
        if block.language != 'sh':
            self.test.assertEqual(ended.stderr, '')
        if block.output is not None and not matches(block.output, ended.stdout):
            self.test.assertEqual(ended.stdout, block.output)

    def compile(self, text, *options):
        source = self.folder / 'block.c'
        source.write_text(text, encoding='utf-8')
        ended = subprocess.run([*CC, source, *options, *flags()], capture_output=True, text=True, check=False,
                               timeout=PATIENCE, cwd=self.folder)
        self.test.assertEqual((ended.returncode, ended.stderr), (0, ''))

    def c(self, block):
        if blocks.is_whole_c(block.text):
            self.compile(block.text, '-o', self.folder / 'block')
            self.in_lab(block, './block')
        else:
            self.compile(blocks.c_unit([(f'line {block.line}', block.text)]), '-fsyntax-only', '-Wno-unused',
                         '-Wno-missing-prototypes')

    def script(self, block, suffix, text, *command):
        if not shutil.which(command[0]) or not os.environ.get('GI_TYPELIB_PATH'):
            print(f'# line {block.line}: not run, {command[0]} or the typelib is not there')
            return
        (self.folder / f'block.{suffix}').write_text(text, encoding='utf-8')
        self.in_lab(block, *command, f'block.{suffix}')

    def python(self, block):
        self.script(block, 'py', blocks.whole_python(block.text), os.environ['AIONET_PYTHON'])

    def js(self, block):
        self.script(block, 'js', blocks.whole_js(block.text), 'gjs', '-m')

    def sh(self, block):
        (self.folder / 'block.sh').write_text(block.text, encoding='utf-8')
        self.in_lab(block, 'bash', '-euo', 'pipefail', 'block.sh')

    def json(self, block):
        json.loads(block.text)

    def console(self, block):
        """Not run: what it names of ours has to be there."""
        for line in block.text.replace('\\\n', ' ').splitlines():
            words = shlex.split(line, comments=True)
            for word in words:
                if word.startswith('./scripts/'):
                    self.test.assertTrue((ROOT / word).is_file(), word)
            for position, word in enumerate(words):
                if word == 'aionet':
                    self.known(words[position + 1:])

    def known(self, words):
        command = words[:2] if words[:1] in (['lab'], ['serve']) else words[:1]
        ended = tool.run(*command, '--help')
        self.test.assertEqual(ended.returncode, 0, words)
        for word in words[:words.index('--')] if '--' in words else words:
            if word.startswith('--'):
                self.test.assertIn(word.partition('=')[0], ended.stdout, words)


class Blocks(unittest.TestCase):
    def check(self, path):
        found = blocks.read(FILES[path])
        self.assertEqual(FILES[path].count('\n```') + FILES[path].startswith('```'), 2 * len(found) +
                         2 * sum(block.output is not None for block in found), 'fences that nobody reads')
        with tempfile.TemporaryDirectory(prefix='aionet-docs-') as folder:
            page = Page(self, folder)
            for block in found:
                with self.subTest(f'{path}:{block.line}'):
                    page.run(block)

    def test_reference(self):
        """The parts of programs in the reference compile, all at once."""
        parts = [(name, block.text) for name, text in reference().items() for block in blocks.read(text)
                 if block.language == 'c']
        others = [name for name, text in reference().items() for block in blocks.read(text)
                  if block.language not in {'c', 'text'}]
        self.assertEqual(others, [])
        if sys.argv[1] == '-':
            self.skipTest('built without introspection')
        with tempfile.TemporaryDirectory(prefix='aionet-docs-') as folder:
            Page(self, folder).compile(blocks.c_unit(parts), '-fsyntax-only', '-Wno-unused', '-Wno-missing-prototypes')


def add(path):
    name = pathlib.Path(path).stem.lower().replace('-', '_')
    setattr(Blocks, f'test_{name}' if pathlib.Path(path).parent.name == 'docs' else f'test_top_{name}',
            lambda self: self.check(path))


for each in FILES:
    add(each)

if __name__ == '__main__':
    if tool.lab_refusal():
        print(f'# nothing is run: {tool.lab_refusal()}')
    tap.main()
