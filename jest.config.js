import { availableParallelism } from 'node:os';

/** Unit tests stand beside the code; conformance and integration under test/. Native ES modules; types are stripped by swc. */
export default {
  testEnvironment: 'node',
  roots: [
    '<rootDir>/commands',
    '<rootDir>/config',
    '<rootDir>/drivers',
    '<rootDir>/mixins',
    '<rootDir>/plugins',
    '<rootDir>/public',
    '<rootDir>/services',
    '<rootDir>/test',
  ],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } }],
  },
  testSequencer: '<rootDir>/test/sequencer.js',
  testTimeout: 60_000,
  // Of the tests of one file that say `concurrent`: they wait most of the time. More make each so slow that time limits of drivers pass.
  maxConcurrency: 8,
  // Two at least: half of the time is waiting, for servers that are away, or for nodes that start.
  maxWorkers: Math.max(2, availableParallelism() - 1),
};
