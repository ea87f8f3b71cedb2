"""Runs unittest cases and says in TAP how each ended, so that each counts."""

import os
import sys
import unittest

# Begins the reason of a skip that is right on some machines, whatever was installed.
NOT_HERE = 'not on this machine: '


class TapResult(unittest.TestResult):
    def __init__(self, stream):
        super().__init__()
        self.stream = stream
        self.number = 0
        self.failures_seen = 0

    def say(self, line):
        print(line, file=self.stream, flush=True)

    def name(self, test):
        description = test.id().split('.', 1)[-1]
        return description.replace('#', '')

    def case(self, outcome, test, directive=''):
        self.number += 1
        self.say(f'{outcome} {self.number} - {self.name(test)}{directive}')

    def fail(self, test, text):
        self.failures_seen += 1
        self.case('not ok', test)
        for line in text.splitlines():
            self.say(f'# {line}')

    def addSuccess(self, test):
        self.case('ok', test)

    def addSkip(self, test, reason):
        if os.environ.get('KELVIN_TESTS_MUST_RUN') and not reason.startswith(NOT_HERE):
            self.fail(test, f'must run here, but: {reason}')
        else:
            self.case('ok', test, f' # SKIP {reason}')

    def addFailure(self, test, err):
        self.fail(test, self._exc_info_to_string(err, test))

    def addError(self, test, err):
        self.fail(test, self._exc_info_to_string(err, test))

    def addSubTest(self, test, subtest, err):
        """A subtest that fails fails its test, which unittest then doesn't report itself."""
        if err is not None:
            self.fail(subtest, self._exc_info_to_string(err, test))

    def addExpectedFailure(self, test, err):
        self.case('not ok', test, ' # TODO expected')

    def addUnexpectedSuccess(self, test):
        self.fail(test, 'was expected to fail')


def main(module='__main__'):
    """Arguments, if any, are parts of the names of the cases to run."""
    suite = unittest.defaultTestLoader.loadTestsFromName(module)
    cases = [case for case in flatten(suite) if not sys.argv[1:] or any(arg in case.id() for arg in sys.argv[1:])]
    result = TapResult(sys.stdout)
    unittest.TestSuite(cases).run(result)
    result.say(f'1..{result.number}')
    sys.exit(1 if result.failures_seen else 0)


def flatten(suite):
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from flatten(item)
        else:
            yield item
