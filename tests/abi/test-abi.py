# SPDX-License-Identifier: LGPL-2.1-or-later
"""The library can replace the one that was recorded: no symbol is gone, no signature, type or line of
the API has changed. What is new passes."""
import collections
import os
import pathlib
import platform
import shutil
import subprocess
import tempfile
import unittest

import abi
import tap

ADVICE = '\nIf programs have to be built anew anyway: ninja -C BUILD record-abi'
OLD = '''
#include <stdint.h>
typedef struct _AionetPoint AionetPoint;
struct _AionetPoint { int x; int y; };
typedef enum { AIONET_COLOUR_RED, AIONET_COLOUR_BLUE } AionetColour;
typedef struct _AionetHidden AionetHidden;
'''
FUNCTIONS = '''
int aionet_measure (AionetPoint *point, AionetColour colour) { return point->x + point->y + (int) colour; }
void aionet_erase (AionetPoint *point) { point->x = point->y = 0; }
uint64_t aionet_count (void) { return 1; }
int aionet_peek (AionetHidden *hidden) { return hidden->secret; }
'''
HIDDEN = 'struct _AionetHidden { int secret; };\n'


class Tiny(unittest.TestCase):
    """The comparison finds what it has to find, in a library of three functions."""

    def setUp(self):
        if shutil.which('abidiff') is None:
            self.skipTest('there is no abidiff')
        work = tempfile.TemporaryDirectory()
        self.addCleanup(work.cleanup)
        self.work = pathlib.Path(work.name)
        self.build('old', OLD, HIDDEN, FUNCTIONS)
        abi.dump(self.work / 'old.so', self.work / 'old', self.work / 'old.abi')

    def build(self, name, header, private, functions):
        (self.work / name).mkdir()
        (self.work / name / 'tiny.h').write_text(header)
        (self.work / f'{name}.c').write_text(f'#include "{name}/tiny.h"\n{private}{functions}')
        subprocess.run([*os.environ['AIONET_CC'].split(), '-g', '-shared', '-fPIC', f'{name}.c', '-o', f'{name}.so'],
                       cwd=self.work, check=True)

    def verdict(self, header=OLD, private=HIDDEN, functions=FUNCTIONS):
        self.build('new', header, private, functions)
        return abi.compare(self.work / 'old.abi', self.work / 'new.so', self.work / 'new')

    def test_same(self):
        self.assertEqual(self.verdict(), '')

    def test_added(self):
        self.assertEqual(self.verdict(functions=FUNCTIONS + 'int aionet_new (void) { return 1; }\n'), '')

    def test_private_change(self):
        self.assertEqual(self.verdict(private=HIDDEN.replace('int secret', 'long other; int secret')), '')

    def test_removed(self):
        kept = FUNCTIONS.replace('void aionet_erase', 'static void erase')
        self.assertIn('aionet_erase', self.verdict(functions=kept))

    def test_signature(self):
        changed = FUNCTIONS.replace('(AionetPoint *point, A', '(long long number, A')
        changed = changed.replace('point->x + point->y', '(int) number')
        self.assertIn('aionet_measure', self.verdict(functions=changed))

    def test_system_type(self):
        self.assertIn('aionet_count', self.verdict(functions=FUNCTIONS.replace('uint64_t', 'uint16_t')))

    def test_struct(self):
        self.assertIn('_AionetPoint', self.verdict(header=OLD.replace('int x;', 'int z; int x;')))

    def test_enum(self):
        red = 'AIONET_COLOUR_RED,'
        self.assertIn('AionetColour', self.verdict(header=OLD.replace(red, f'AIONET_COLOUR_GREEN, {red}')))

    def test_enum_goes_on(self):
        blue = 'AIONET_COLOUR_BLUE '
        self.assertEqual(self.verdict(header=OLD.replace(blue, f'{blue}, AIONET_COLOUR_GREEN ')), '')


class Library(unittest.TestCase):
    def test_abi(self):
        if platform.machine() != 'x86_64':
            self.skipTest('the baseline was recorded on x86_64')
        if shutil.which('abidiff') is None:
            self.skipTest('there is no abidiff')
        library = os.environ['AIONET_LIBRARY']
        sections = subprocess.run(['objdump', '-h', library], capture_output=True, text=True, check=True).stdout
        if '.debug_info' not in sections:
            self.skipTest('built without debugging information')
        with tempfile.TemporaryDirectory() as root:
            subprocess.run([os.environ['AIONET_MESON'], 'install', '-C', os.environ['AIONET_BUILD'], '--no-rebuild',
                            '--quiet', '--tags', 'devel', '--destdir', root], check=True, stdout=subprocess.DEVNULL)
            headers = next(pathlib.Path(root).rglob('aionet.h')).parent
            found = abi.compare(abi.HERE / 'libaionet-1.abi', library, headers)
        self.assertEqual(found, '', found + ADVICE)


class Bindings(unittest.TestCase):
    """The same of what bindings see, on any machine."""

    def setUp(self):
        if not os.environ.get('AIONET_GIR'):
            self.skipTest('built without introspection')
        self.now = abi.api(os.environ['AIONET_GIR'])

    def test_api(self):
        recorded = (abi.HERE / 'Aionet-1.api').read_text().splitlines()
        gone = collections.Counter(recorded) - collections.Counter(self.now)
        self.assertEqual(sorted(gone), [], 'gone, or no longer so' + ADVICE)

    def test_lines(self):
        """All kinds of things have their line."""
        for line in ('class Aionet.Pipe : GObject.Object', 'signal Aionet.Pipe.message',
                     'property Aionet.Host.timeout: guint [readable writable]', 'member Aionet.Error.closed = ',
                     'virtual-method Aionet.AddressBackend.begin (',
                     'method Aionet.Pipe.send (GLib.Bytes, Gio.SocketAddress?) -> gboolean throws',
                     'constructor Aionet.Pipe.new (Gio.SocketProtocol, utf8?, Route?) -> full Pipe'):
            self.assertTrue(any(each.startswith(line) for each in self.now), line)


if __name__ == '__main__':
    tap.main()
