# SPDX-License-Identifier: LGPL-2.1-or-later
"""What every test of the tool needs."""
import fcntl
import functools
import json
import os
import pty
import re
import struct
import subprocess
import termios
import unittest

TOOL = os.environ['AIONET_TOOL']
HERE = os.path.dirname(os.path.abspath(__file__))
# A hang is a failure; the figure only has to be far above what a busy machine needs.
TIMEOUT = 60


def run(*arguments, env=None, **options):
    """Runs the tool; every environment variable that steers it is the test's own."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith('AIONET_') or k == 'AIONET_PLUGIN_PATH'}
    clean.update(env or {})
    options.setdefault('stdin', subprocess.DEVNULL)
    return subprocess.run([TOOL, *arguments], capture_output=True, text=True, check=False,
                          timeout=TIMEOUT, env=clean, **options)


@functools.lru_cache(None)
def lab_refusal():
    """Why there is no lab on this machine, or None."""
    ended = run('lab', 'run', '--', 'true')
    if ended.returncode == 0:
        return None
    if 'forbidden' in ended.stderr or 'the lab needs' in ended.stderr:
        return ended.stderr.strip()
    raise AssertionError(f'the lab failed: {ended.stderr}')


@functools.lru_cache(None)
def plugins():
    """Names of the plugins that are in this build. Replay, for one, is not supported until it has a file."""
    return {plugin['name'] for plugin in json.loads(run('plugins', '--json').stdout) if plugin['state'] in {'ready', 'unsupported'}}


def needs_plugins(*names):
    """Skips a test, or all of a class, in a build without one of the plugins."""
    def decorate(item):
        if isinstance(item, type):
            for name in unittest.defaultTestLoader.getTestCaseNames(item):
                setattr(item, name, decorate(getattr(item, name)))
            return item

        @functools.wraps(item)
        def test(self):
            for name in names:
                if name not in plugins():
                    self.skipTest(f'the plugin “{name}” is not in this build')
            item(self)
        return test
    return decorate


def needs_lab(test_class):
    """Skips the tests of a class, each with the reason, where namespaces are refused."""
    def set_up(self):
        if lab_refusal():
            self.skipTest(lab_refusal())
    test_class.setUp = set_up
    return test_class


def lab(*arguments, nat='guide', options=(), **rest):
    """Runs a command in the lab."""
    return run('lab', 'run', '--nat', nat, *options, '--', *arguments, **rest)


def lab_json(*arguments, **rest):
    """The same for a command that prints JSON and must succeed."""
    ended = lab(*arguments, **rest)
    assert ended.returncode == 0, f'exit {ended.returncode}: {ended.stderr}'
    return json.loads(ended.stdout)


def on_terminal(*arguments, env=None, errors_only=False, output_only=False, columns=200):
    """Output of the tool on a pseudo-terminal; errors_only, output_only: the other is none. On a busy machine standard
    error may tell that it takes long."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack('HHHH', 40, columns, 0, 0))
    clean = {k: v for k, v in os.environ.items() if k not in ('NO_COLOR', 'TERM')}
    output = subprocess.DEVNULL if errors_only else follower
    with subprocess.Popen([TOOL, *arguments], stdin=subprocess.DEVNULL, stdout=output,
                          stderr=subprocess.DEVNULL if output_only else follower,
                          env=clean | {'TERM': 'xterm'} | (env or {})) as running:
        os.close(follower)
        text = b''
        while True:
            try:
                piece = os.read(leader, 65536)
            except OSError:  # EIO: everybody has closed it
                break
            if not piece:
                break
            text += piece
        running.wait(TIMEOUT)
    os.close(leader)
    return text.decode()


def without_colours(text):
    return re.sub('\033\\[[0-9;]*m', '', text)
