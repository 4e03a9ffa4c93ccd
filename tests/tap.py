# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the unittest classes of a program and prints TAP, which meson reads."""
import sys
import unittest


class Result(unittest.TestResult):
    """Prints one TAP line a test; sub-tests that fail fail their test."""

    def __init__(self):
        super().__init__()
        self.number = 0

    def startTest(self, test):
        super().startTest(test)
        self.faults = []
        self.reason = None

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
        self.reason = reason

    def stopTest(self, test):
        super().stopTest(test)
        self.number += 1
        for fault in self.faults:
            print('# ' + fault.replace('\n', '\n# '))
        name = test.id().split('.', 1)[-1]
        end = f' # SKIP {self.reason}' if self.reason and not self.faults else ''
        print(f'{"not ok" if self.faults else "ok"} {self.number} - {name}{end}', flush=True)


def main():
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules['__main__'])
    print(f'1..{suite.countTestCases()}', flush=True)
    result = Result()
    suite.run(result)
    sys.exit(0 if result.wasSuccessful() and result.number == suite.countTestCases() else 1)
