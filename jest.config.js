/**
 * Two projects. `unit` runs packages/<name>/test on the sources, no build needed; `int` runs test/ on the built packages.
 * One private MongoDB and one private Redis serve the whole run: see scripts/jest/global-setup.mjs.
 */
const swc = {
  swcrc: false,
  jsc: { target: "es2022", parser: { syntax: "typescript" } },
  module: { type: "es6" },
  sourceMaps: "inline",
};

const common = {
  testEnvironment: "<rootDir>/scripts/jest/environment.mjs",
  extensionsToTreatAsEsm: [".ts"],
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
  modulePathIgnorePatterns: ["<rootDir>/packages/[^/]+/dist/cjs/"],
  transform: { "^.+\\.ts$": ["@swc/jest", swc] },
};

export default {
  coverageProvider: "v8",
  // Whatever stays open has failed its test file by then (scripts/jest/environment.mjs).
  forceExit: true,
  globalSetup: "<rootDir>/scripts/jest/global-setup.mjs",
  globalTeardown: "<rootDir>/scripts/jest/global-teardown.mjs",
  // Tests wait more than they compute: with two of them at a time, two cores were idle for two fifths of the time.
  maxWorkers: 3,
  testSequencer: "<rootDir>/scripts/jest/sequencer.mjs",
  reporters: ["default", "<rootDir>/scripts/jest/summary-reporter.mjs", "<rootDir>/scripts/jest/matrix-reporter.mjs"],
  // No measure of anything: longer than what a test waits for (test/support/wait-for.ts), on a machine that stands still.
  testTimeout: 180_000,
  projects: [
    {
      ...common,
      displayName: "unit",
      testMatch: ["<rootDir>/packages/*/test/**/*.test.ts"],
      testEnvironmentOptions: { customExportConditions: ["@tandemq/source", "node", "node-addons"] },
    },
    { ...common, displayName: "int", testMatch: ["<rootDir>/test/**/*.test.ts"] },
  ],
};
