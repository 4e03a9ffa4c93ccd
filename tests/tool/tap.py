# SPDX-License-Identifier: LGPL-2.1-or-later
"""unittest with TAP output, and the helpers that every test of the tool needs."""
import functools
import json
import os
import subprocess
import sys
import unittest

TOOL = os.environ['AIONET_TOOL']
HERE = os.path.dirname(os.path.abspath(__file__))
# A hang is a failure; the figure only has to be far above what a busy machine needs.
TIMEOUT = 60


class TapResult(unittest.TestResult):
    """Prints one TAP line a test; sub-tests that fail fail their test."""

    def __init__(self):
        super().__init__()
        self.number = 0
        self.faults = []

    def startTest(self, test):
        super().startTest(test)
        self.faults = []
        self.skipped_for = None

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.faults.append(self._exc_info_to_string(err, test))

    addError = addFailure

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.faults.append(f'{subtest}\n{self._exc_info_to_string(err, test)}')

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.skipped_for = reason

    def stopTest(self, test):
        super().stopTest(test)
        self.number += 1
        for fault in self.faults:
            print('# ' + fault.replace('\n', '\n# '))
        name = test.id().split('.', 1)[-1]
        end = f' # SKIP {self.skipped_for}' if self.skipped_for else ''
        print(f'{"not ok" if self.faults else "ok"} {self.number} - {name}{end}', flush=True)


def main():
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules['__main__'])
    print(f'1..{suite.countTestCases()}', flush=True)
    result = TapResult()
    suite.run(result)
    sys.exit(1 if result.failures or result.errors else 0)


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
