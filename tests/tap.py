# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the unittest classes of a program and prints TAP, which meson reads."""
import sys
import unittest


class Result(unittest.TestResult):
    """Prints one TAP line a test; sub-tests that fail fail their test. So do classes that cannot be
    set up, or are skipped as a whole."""

    def __init__(self):
        super().__init__()
        self.number = 0
        self.running = None

    def startTest(self, test):
        super().startTest(test)
        self.running, self.faults, self.reason = test, [], None

    def stopTest(self, test):
        super().stopTest(test)
        self.running = None
        self._print(test, self.faults, self.reason)

    def _print(self, test, faults, reason=None):
        self.number += 1
        for fault in faults:
            print('# ' + fault.replace('\n', '\n# '))
        name = test.id().replace('__main__.', '')
        end = f' # SKIP {reason}' if reason and not faults else ''
        print(f'{"not ok" if faults else "ok"} {self.number} - {name}{end}', flush=True)

    def _fault(self, test, text):
        if self.running is None:
            self._print(test, [text])
        else:
            self.faults.append(text)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._fault(test, self._exc_info_to_string(err, test))

    addError = addFailure

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._fault(test, f'{subtest}\n{self._exc_info_to_string(err, test)}')

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        if self.running is None:
            self._print(test, [], reason)
        else:
            self.reason = reason


def main():
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules['__main__'])
    result = Result()
    suite.run(result)
    print(f'1..{result.number}', flush=True)
    sys.exit(0 if result.number and result.wasSuccessful() else 1)
