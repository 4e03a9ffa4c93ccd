# SPDX-License-Identifier: LGPL-2.1-or-later
"""The definitions for TypeScript: they are sound, a program compiled with them runs, mistakes do not
compile, the examples in JS follow them, and they declare what GJS has."""
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import tap

HERE = pathlib.Path(__file__).parent
TYPES = pathlib.Path(os.environ['AIONET_TYPES'])
MODULES = os.environ['AIONET_NODE_MODULES']
PROGRAM = HERE / 'typescript/program.ts'
EXAMPLES = HERE.parents[1] / 'examples/js'
OPTIONS = {'target': 'es2022', 'lib': ['es2022'], 'module': 'esnext', 'moduleResolution': 'bundler',
           'types': [], 'rootDir': '/'}


def run(*command):
    result = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            timeout=280)
    return result.returncode, result.stdout


def compile_with(directory, files, **options):
    """What tsc says of files, which see the definitions."""
    config = directory / 'tsconfig.json'
    config.write_text(json.dumps({'compilerOptions': {**OPTIONS, **options},
                                  'files': [str(path) for path in [*files, TYPES / 'index.d.ts']]}))
    return run(os.environ['AIONET_NODE'], MODULES + '/typescript/bin/tsc', '-p', config)


class TypeScript(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix='aionet-ts-')
        self.addCleanup(folder.cleanup)
        self.directory = pathlib.Path(folder.name)

    def test_program(self):
        """It compiles strictly, the definitions themselves are checked, and gjs runs it."""
        self.assertEqual(compile_with(self.directory, [PROGRAM], strict=True, skipLibCheck=False,
                                      outDir=str(self.directory)), (0, ''))
        [compiled] = self.directory.rglob('program.js')
        status, out = run(os.environ['AIONET_GJS'], '-m', compiled)
        self.assertEqual((status, out.splitlines()), (0, ['1..3', 'ok 1 values', 'ok 2 providers', 'ok 3 pipes']))

    def test_mistakes(self):
        """Each of the program's mistakes is one that the compiler finds."""
        text = PROGRAM.read_text()
        mistaken = self.directory / 'mistaken.ts'
        mistaken.write_text(re.sub('// @ts-expect-error', '//', text))
        wanted = {number + 2 for number, line in enumerate(text.splitlines()) if '// @ts-expect-error' in line}
        _, out = compile_with(self.directory, [mistaken], strict=True, skipLibCheck=True, noEmit=True)
        found = {int(number) for number in re.findall(r'mistaken\.ts\((\d+),', out)}
        self.assertGreater(len(wanted), 10)
        self.assertEqual(found, wanted)

    def test_examples(self):
        """The examples in JS, as an editor checks them."""
        examples = [path for path in sorted(EXAMPLES.glob('*.js')) if 'gi://' in path.read_text()]
        self.assertTrue(examples)
        _, out = compile_with(self.directory, examples, allowJs=True, checkJs=True, noEmit=True, strict=False,
                              skipLibCheck=True)
        # Definitions of what others wrote are not made here.
        self.assertEqual([line for line in out.splitlines() if not re.search("module 'gi://Soup", line)], [])

    def test_members(self):
        """Nothing is declared that does not exist, nothing that the override adds is left out."""
        status, names = run(os.environ['AIONET_NODE'], HERE / 'typescript/members.mjs', MODULES,
                            os.environ['AIONET_ADDITIONS'], TYPES / 'aionet-1.d.ts')
        self.assertEqual(status, 0, names)
        status, out = run(os.environ['AIONET_GJS'], HERE / 'typescript/members.js', HERE, names)
        self.assertEqual(status, 0, out)
        self.assertEqual(re.findall(r'^1\.\.(\d+)', out), ['3'])


if __name__ == '__main__':
    tap.main()
