"""Runs tests of tempest by name and tells of each, as a line of JSON on standard output: {"name", "outcome", "why"}.

Names come in on standard input, one a line. tempest finds its configuration by TEMPEST_CONFIG_DIR.
"""
import json
import sys
import unittest


class Telling(unittest.TestResult):
    def tell(self, test, outcome, why=""):
        # tempest adds its own attributes to the name of a test: [id-…,smoke]
        print(json.dumps({"name": test.id().split("[")[0], "outcome": outcome, "why": why}), flush=True)

    def addSuccess(self, test):
        self.tell(test, "ok")

    def addSkip(self, test, reason):
        self.tell(test, "skipped", reason)

    def addFailure(self, test, err):
        self.tell(test, "failed", self._exc_info_to_string(err, test))

    addError = addFailure


names = [line.strip() for line in sys.stdin if line.strip()]
unittest.defaultTestLoader.loadTestsFromNames(names).run(Telling())
