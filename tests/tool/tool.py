# SPDX-License-Identifier: LGPL-2.1-or-later
"""What every test of the tool needs."""
import functools
import json
import os
import subprocess
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
