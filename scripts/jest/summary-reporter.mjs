/**
 * Ends a run with the plain line `N passed, N failed`. A file that could not run counts as one failed test. With
 * TANDEMQ_TEST_SUMMARY set, the two numbers go to that file instead, for a caller that prints the line itself.
 */
import { writeFileSync } from "node:fs";

export default class SummaryReporter {
  onRunComplete(_contexts, results) {
    const broken = results.testResults.filter((file) => file.testExecError && file.numFailingTests === 0).length;
    const passed = results.numPassedTests;
    const failed = results.numFailedTests + broken;
    const file = process.env.TANDEMQ_TEST_SUMMARY;
    if (file) writeFileSync(file, JSON.stringify({ passed, failed }));
    else process.stderr.write(`\n${passed} passed, ${failed} failed\n`);
  }
}
