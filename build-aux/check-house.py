#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Fails on includes that point upwards, long files, forbidden calls, headers missing from the umbrella."""
import pathlib
import re
import subprocess
import sys

ROOMS = ['value', 'engine', 'provider', 'discovery', 'topology', 'pipe', 'server']  # lowest first
PURE = {'value', 'discovery'}
MAX_LINES = 600
CALLS = r'g_timeout_add\w*|g_idle_add\w*|g_source_remove|g_main_context_default|system|sprintf|strcpy|strcat'
FORBIDDEN = re.compile(r'(?<![\w>.])(%s) \(' % CALLS)
IMPURE = re.compile(r'(?<![\w>.])(g_get_monotonic_time|g_get_real_time|time|socket|g_socket_new|fopen|'
                    r'g_file_get_contents|getenv|g_getenv|g_random_\w+|g_main_context_\w+) \(')
INCLUDE = re.compile(r'^#include ["<]([^">]+)[">]', re.M)

root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else '.').resolve()
listed = subprocess.run(['git', '-C', root, 'ls-files', '-co', '--exclude-standard'],
                        capture_output=True, text=True, check=False).stdout.split()
paths = [root / name for name in listed] or [p for p in root.rglob('*') if p.is_file()]
faults = []
umbrella = (root / 'libaionet/aionet.h').read_text()

for path in paths:
    name = path.relative_to(root).as_posix()
    if path.suffix not in {'.c', '.cc', '.h', '.py', '.js', '.vala'} or not path.is_file():
        continue
    text = path.read_text()
    if text.count('\n') > MAX_LINES:
        faults.append(f'{name}: {text.count(chr(10))} lines, {MAX_LINES} at most: split it by responsibility')
    parts, includes = name.split('/'), INCLUDE.findall(text)
    if parts[0] == 'libaionet' and len(parts) == 3:
        for other in includes:
            room = other.split('/')[0]
            if room in ROOMS and ROOMS.index(room) > ROOMS.index(parts[1]):
                faults.append(f'{name}: includes {other}, which is upwards')
        if path.suffix == '.h' and not name.endswith('-private.h') and '/'.join(parts[1:]) not in umbrella:
            faults.append(f'{name}: missing from aionet.h')
    if parts[0] in {'plugins', 'tools', 'examples'}:
        for other in includes:
            if other.split('/')[0] in ROOMS or (other.endswith('-private.h') and '"' + other not in text):
                faults.append(f'{name}: includes {other}; only <aionet.h> and its own headers are allowed')
    if parts[0] in {'libaionet', 'plugins'} and path.suffix in {'.c', '.h'}:
        for call in FORBIDDEN.finditer(text):
            faults.append(f'{name}: calls {call.group(1)} (), which is forbidden here')
        for call in IMPURE.finditer(text) if parts[1] in PURE else ():
            faults.append(f'{name}: calls {call.group(1)} () in a pure room')

print('\n'.join(faults) or f'{len(paths)} files in order')
sys.exit(1 if faults else 0)
