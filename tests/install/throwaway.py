# SPDX-License-Identifier: LGPL-2.1-or-later
"""Commands on a throwaway copy of this machine: namespaces of their own, in which what is installed
lies over the real directories, and the source and build trees are empty."""
import functools
import os
import pathlib
import shutil
import subprocess
import tempfile

# Nothing of this machine can be reached but loopback, and nothing goes on when this was killed.
UNSHARE = ['unshare', '-Urmnpf', '--kill-child', '--propagation', 'private', 'sh', '-euc']
SOURCE = pathlib.Path(__file__).resolve().parents[2]


def quote(path):
    return "'" + str(path).replace("'", "'\\''") + "'"


def covered(directory, layer):
    """A shell command after which the files below `layer` appear in `directory`, which stays as it is."""
    return f'mount -t overlay overlay -o lowerdir={quote(layer)}:{quote(directory)} {quote(directory)}'


def hidden(*directories):
    """Shell commands after which the directories are empty."""
    return [f'mount -t tmpfs none {quote(directory)}' for directory in directories]


def writable(*directories):
    """Shell commands after which the directories can be written to, without any effect; what was
    written is seen below /mnt/<name>/up, what had been there below /mnt/<name>/was."""
    yield 'mount -t tmpfs none /mnt'
    for path in directories:
        room = pathlib.Path('/mnt') / pathlib.Path(path).name
        yield f'mkdir -p {room}/up {room}/work {room}/was'
        yield f'mount --bind {path} {room}/was'
        yield f'mount -t overlay overlay -o userxattr,lowerdir={path},upperdir={room}/up,workdir={room}/work {path}'


def run(setup, command, environment, timeout=170):
    """Runs the shell commands `setup`, then `command`; nothing of the environment of tests is left."""
    script = '\n'.join(['ip link set lo up', *setup, 'cd /', 'exec "$@"'])
    plain = {'PATH': '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', 'LC_ALL': 'C.UTF-8', 'TMPDIR': '/tmp'}
    with tempfile.TemporaryDirectory() as home:
        return subprocess.run([*UNSHARE, script, 'sh', *map(str, command)], env={**plain, 'HOME': home, **environment},
                              capture_output=True, text=True, check=False, timeout=timeout)


@functools.cache
def missing():
    """Why this machine cannot be copied, or None."""
    for program in ('unshare', 'ip'):
        if shutil.which(program) is None and not os.path.exists(f'/sbin/{program}'):
            return f'there is no {program}'
    tried = run([covered('/usr', '/etc')], ['true'], {})
    return f'no namespaces with overlays here: {tried.stderr.strip()}' if tried.returncode else None


@functools.cache
def can_write():
    """Whether what is writable() takes new directories that are moved, as dpkg does; where the files of
    root are somebody else's in namespaces, or the kernel is old, it does not."""
    return run(writable('/usr'), ['sh', '-c', 'mkdir /usr/lib/a.new && mv /usr/lib/a.new /usr/lib/a'],
               {}).returncode == 0
