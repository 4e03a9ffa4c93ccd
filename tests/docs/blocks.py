# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""The code blocks of a text, and what makes a part of a program a whole one."""
import dataclasses
import re
import textwrap

BLOCK = re.compile(r'((?:^<!-- .*? -->\n)*)^```([\w-]*)\n(.*?)^```$', re.M | re.S)
DIRECTIVE = re.compile(r'<!-- (\w+): (.*?) -->')

# What the reader of a part in C is told is there: the class's own name in small letters.
AT_HAND = {
    'nic': 'AionetInterface', 'host': 'AionetHost', 'route': 'AionetRoute', 'pool': 'AionetRoutePool',
    'pipe': 'AionetPipe', 'daemon': 'AionetDaemon', 'nat': 'AionetNat', 'other_nat': 'AionetNat',
    'registry': 'AionetRegistry', 'link': 'AionetLink', 'request': 'AionetRequest', 'message': 'AionetMessage',
    'cancellable': 'GCancellable', 'bytes': 'GBytes', 'loop': 'GMainLoop',
}
PYTHON = '''\
import asyncio
import gi
gi.require_version('Aionet', '1')
from gi.repository import Aionet, Gio, GLib


async def main():
    nic = await Aionet.Interface()
%s

asyncio.run(main())
'''
JS = '''\
import Aionet from 'gi://Aionet?version=1';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';

const nic = new Aionet.Interface();
await nic.load_async();
%s
'''


@dataclasses.dataclass
class Block:
    """`output` is what the page says that it prints, if it does."""
    line: int
    language: str
    text: str
    directives: dict
    output: str = None


def read(text):
    blocks = []
    for match in BLOCK.finditer(text):
        block = Block(text.count('\n', 0, match.start(2)) + 1, match[2], match[3], dict(DIRECTIVE.findall(match[1])))
        if block.language == 'output':
            blocks[-1].output = block.text
        else:
            blocks.append(block)
    return blocks


def is_whole_c(text):
    return re.search(r'^main \(', text, re.M) is not None


def c_unit(parts):
    """One source of all parts of programs: functions stay, statements get a function around them."""
    arguments = ', '.join(f'{kind} *{name}' for name, kind in AT_HAND.items())
    source = '#include <aionet.h>\n'
    for where, text in parts:
        if re.search(r'^\{', text, re.M):
            source += f'#line 1 "{where}"\n{text}'
        else:
            name = re.sub(r'\W', '_', where)
            source += (f'void part_{name} ({arguments}, GAsyncReadyCallback on_ready, gpointer user_data, GError **error);\n'
                       f'void\npart_{name} ({arguments}, GAsyncReadyCallback on_ready, gpointer user_data, GError **error)\n'
                       f'{{\n{{\n#line 1 "{where}"\n{text}}}\n}}\n')
    return source


def whole_python(text):
    return text if 'import gi' in text else PYTHON % textwrap.indent(text, '    ')


def whole_js(text):
    return text if 'import Aionet' in text else JS % text
