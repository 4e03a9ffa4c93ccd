# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs unittest classes and prints TAP, which meson reads."""
import sys
import traceback
import unittest


class _Result(unittest.TestResult):
    def _line(self, test, ok, note=''):
        self.number = getattr(self, 'number', 0) + 1
        print(f"{'ok' if ok else 'not ok'} {self.number} {test.id()}{note}", flush=True)

    def addSuccess(self, test):
        self._line(test, True)

    def addSkip(self, test, reason):
        self._line(test, True, f' # SKIP {reason}')

    def _fail(self, test, err):
        for line in ''.join(traceback.format_exception(*err)).splitlines():
            print('#', line)
        self._line(test, False)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._fail(test, err)

    def addError(self, test, err):
        super().addError(test, err)
        self._fail(test, err)


def main():
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules['__main__'])
    result = _Result()
    print(f'1..{suite.countTestCases()}', flush=True)
    suite.run(result)
    sys.exit(0 if result.wasSuccessful() else 1)
