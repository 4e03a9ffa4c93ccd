# SPDX-License-Identifier: LGPL-2.1-or-later
"""Records the baselines of test-abi.py, and Debian's list of symbols: record.py LIBRARY GIR VERSION.
Run it by  ninja -C BUILD record-abi  when something was added, or when the soname changed."""
import os
import pathlib
import subprocess
import sys
import tempfile

import abi

SYMBOLS = abi.HERE.parents[1] / 'debian/libaionet-1-0.symbols'
LATER = ' (regex|optional)"^aionet_.*@Base$" '


def exported(library):
    out = subprocess.run(['nm', '-D', '--defined-only', library], capture_output=True, text=True, check=True).stdout
    return {line.split()[-1] for line in out.splitlines()}


def record_symbols(library, version):
    """Symbols keep the version that is recorded for them."""
    lines = SYMBOLS.read_text().splitlines() if SYMBOLS.exists() else []
    known = dict(line.split() for line in lines if line.startswith(' aionet_'))
    names = {name for name in exported(library) if not name.startswith('aionet_plugin_1_')}
    # Those that Debian builds in.
    names |= {f'aionet_plugin_1_{plugin}_describe' for plugin in ('netlink', 'nice')}
    lines = [f' {name}@Base {known.get(f"{name}@Base", version)}' for name in sorted(names)]
    head = ['libaionet-1.so.0 libaionet-1-0 #MINVER#', '* Build-Depends-Package: libaionet-1-dev']
    SYMBOLS.write_text('\n'.join([*head, *lines, LATER + version]) + '\n')


def main():
    library, gir, version = sys.argv[1:]
    with tempfile.TemporaryDirectory() as root:
        subprocess.run([os.environ['AIONET_MESON'], 'install', '-C', os.environ['AIONET_BUILD'], '--no-rebuild',
                        '--quiet', '--tags', 'devel', '--destdir', root], check=True, stdout=subprocess.DEVNULL)
        headers = next(pathlib.Path(root).rglob('aionet.h')).parent
        abi.dump(library, headers, abi.HERE / 'libaionet-1.abi')
    (abi.HERE / 'Aionet-1.api').write_text('\n'.join(abi.api(gir)) + '\n')
    record_symbols(library, version)


main()
