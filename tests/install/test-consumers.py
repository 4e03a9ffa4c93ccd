# SPDX-License-Identifier: LGPL-2.1-or-later
"""Strangers' projects (consumers/) build and run with what a DESTDIR got, source and build trees out
of reach, or uninstalled in `meson devenv`:  test-consumers.py destdir|devenv"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import throwaway

BUILD = pathlib.Path(os.environ['AIONET_BUILD'])
MESON = os.environ['AIONET_MESON']
PYTHON = os.environ['AIONET_PYTHON']
HERE = pathlib.Path(__file__).resolve().parent


def ask(*command):
    told = subprocess.run([MESON, 'introspect', *command, BUILD], stdout=subprocess.PIPE, check=True)
    return json.loads(told.stdout)


OPTIONS = {option['name']: option['value'] for option in ask('--buildoptions')}
INSTALLED = [pathlib.Path(path) for path in ask('--installed').values()]


def parent(name):
    """The directory that gets the file `name`; None if this build has none."""
    return next((path.parent for path in INSTALLED if path.name == name), None)


def without():
    absent = {'introspection': parent('Aionet-1.typelib'), 'vala': parent('libaionet-1.vapi'),
              'tool': parent('aionet'), 'replay': OPTIONS['plugin_replay'] != 'disabled'}
    return ' '.join(part for part, there in absent.items() if not there)


def destdir(work):
    """Shell commands, a wrapper and an environment for what was installed below `work`, laid over its prefix."""
    root, prefix = work / 'root', pathlib.Path(OPTIONS['prefix'])
    subprocess.run([MESON, 'install', '-C', BUILD, '--no-rebuild', '--quiet', '--destdir', root], check=True,
                   stdout=subprocess.DEVNULL)
    libdir = prefix / OPTIONS['libdir']
    setup = [throwaway.covered(prefix, f'{root}{prefix}'), *throwaway.hidden(BUILD, throwaway.SOURCE)]
    environment = {
        'LD_LIBRARY_PATH': libdir,
        'PKG_CONFIG_PATH': libdir / 'pkgconfig',
        'GI_TYPELIB_PATH': libdir / 'girepository-1.0',
        'XDG_DATA_DIRS': f'{prefix / OPTIONS["datadir"]}:/usr/local/share:/usr/share',
    }
    if parent('Aionet.py'):
        environment['PYTHONPATH'] = parent('Aionet.py').parents[1]
    return setup, [], environment


def devenv(_work):
    return [], [MESON, 'devenv', '-C', BUILD], {}


def main():
    reason = throwaway.missing()
    if reason:
        print(f'1..0 # SKIP {reason}')
        return 0
    with tempfile.TemporaryDirectory() as work:
        strangers = pathlib.Path(work) / 'strangers'
        shutil.copytree(HERE / 'consumers', strangers)
        shutil.copy(HERE.parent / 'tap.py', strangers)
        setup, wrapper, environment = {'destdir': destdir, 'devenv': devenv}[sys.argv[1]](pathlib.Path(work))
        ended = throwaway.run(setup, [*wrapper, PYTHON, strangers / 'consumers.py'], {
            **{name: str(value) for name, value in environment.items()},
            'AIONET_WITHOUT': without(), 'AIONET_PYTHON': PYTHON})
    print(ended.stdout, end='')
    print(ended.stderr, end='', file=sys.stderr)
    return ended.returncode


sys.exit(main())
