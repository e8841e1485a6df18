"""Reads JUnit reports as CI servers do, by a library that is not ours: junit.py REPORT..."""

import sys

from junitparser import Error, Failure, JUnitXml, Skipped

for path in sys.argv[1:]:
    report = JUnitXml.fromfile(path)
    suites = list(report)
    cases = [case for suite in suites for case in suite]
    assert suites and cases, path
    counts = {kind: sum(isinstance(result, kind) for case in cases for result in case.result) for kind in (Failure, Error, Skipped)}
    assert (report.tests, report.failures, report.errors, report.skipped) == (len(cases), *counts.values()), path
    names = [(case.classname, case.name) for case in cases]
    assert len(set(names)) == len(names), f"{path}: cases of the same name"
    assert all(case.time is not None for case in cases), path
    for case in cases:
        for result in case.result:
            assert result.message, f"{path}: {case.name} says nothing"
            if isinstance(result, (Failure, Error)):
                assert result.text and "replay" in result.text, f"{path}: {case.name} cannot be replayed"
    print(f"{path}: {len(suites)} suites, {len(cases)} cases, " + ", ".join(f"{n} {k.__name__}" for k, n in counts.items()))
