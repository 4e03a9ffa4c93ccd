# SPDX-License-Identifier: LGPL-2.1-or-later
"""On a throwaway copy of the machine: installs the packages named, lets the strangers use them, and
removes them again.  in-packages.py CONSUMERS.PY DEB…"""
import os
import pathlib
import subprocess
import sys

# What dpkg, ldconfig and logs keep for themselves.
KEPT = ('/var/lib/dpkg/', '/var/log/', '/var/cache/ldconfig/')


def call(*command):
    ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    print('# ' + '\n# '.join([' '.join(command), *ended.stdout.splitlines()]), flush=True)
    if ended.returncode != 0:
        sys.exit(f'{command[0]}: exit {ended.returncode}')
    return ended.stdout


def left_behind():
    """Files and directories that are there now and were not before."""
    for name in ('usr', 'etc', 'var'):
        new, old = pathlib.Path('/mnt') / name / 'up', pathlib.Path('/mnt') / name / 'was'
        for folder, folders, files in os.walk(new):
            for path in [pathlib.Path(folder) / entry for entry in folders + files]:
                inside = path.relative_to(new)
                place = f'/{name}/{inside}'
                # A character device says that something is no longer there.
                if not path.is_char_device() and not os.path.lexists(old / inside) and not place.startswith(KEPT):
                    yield place


def main():
    consumers, debs = sys.argv[1], sys.argv[2:]
    names = [os.path.basename(deb).split('_')[0] for deb in debs]
    # Triggers of others would index all manual pages of this machine.
    call('dpkg', '--no-triggers', '--force-unsafe-io', '-i', *debs)
    call('dpkg', '--triggers-only', 'libc-bin')
    if not any(line.endswith('.so') for line in call('dpkg', '-L', 'libaionet-1-plugins').splitlines()):
        sys.exit('no plugins in their package')
    call('gzip', '-t', '/usr/share/man/man1/aionet.1.gz')
    strangers = subprocess.run([os.environ['AIONET_PYTHON'], consumers], check=False).returncode
    call('dpkg', '--no-triggers', '--force-unsafe-io', '-P', *names)
    call('dpkg', '--triggers-only', 'libc-bin')
    left = sorted(left_behind())
    sys.exit(f'left behind: {left}' if left else strangers)


main()
