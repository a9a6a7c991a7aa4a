import { readdirSync } from 'node:fs';
import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

const root = import.meta.dirname;
const foldersOf = (room) =>
  readdirSync(`${root}/${room}`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${room}/${entry.name}`);

const tests = ['**/*.test.ts', 'test/**'];
const scripts = ['bench/**', '.ci/**'];
const toolConfigs = ['*.config.{js,ts}'];
const entry = ['main.ts', 'command.ts', 'commands/**', 'bin/**'];

const readonly = (names) => Object.fromEntries(names.map((name) => [name, 'readonly']));

/** What each room may import of ours, besides npm packages (docs/architecture.md, "Rooms"): folders and files. */
const ports = 'drivers/*/port.ts';
const rooms = [
  { room: 'plugins/sdk', may: [] },
  ...foldersOf('plugins')
    .filter((plugin) => plugin !== 'plugins/sdk')
    .map((plugin) => ({ room: plugin, may: ['plugins/sdk'] })),
  { room: 'services/contracts', may: ['plugins/sdk', ports] },
  ...foldersOf('services')
    .filter((service) => service !== 'services/contracts')
    .map((service) => ({ room: service, may: ['services/contracts', 'mixins', 'config/ports.ts', 'plugins/sdk', ports] })),
  { room: 'mixins', may: ['services/contracts', 'config', 'plugins/sdk', ports] },
  { room: 'drivers', may: [] },
  { room: 'config', may: ['drivers', 'plugins/sdk', 'mixins/enricher/resolve.ts'] },
  { room: 'public', may: [] },
];

/** Everything of ours but what is allowed; where that is the ports, what lies beside and below them is not. */
const zones = rooms.flatMap(({ room, may }) => {
  const target = `./${room}`;
  const message = `${room}/ may import ${[...may, 'npm packages'].join(', ')} and nothing else.`;
  const except = ['node_modules', room, ...may.map((path) => (path === ports ? 'drivers' : path))].map((path) => `./${path}`);
  const closed = { target, from: '.', except, message };
  return may.includes(ports) ? [closed, { target, from: ['./drivers/*/!(port).ts', './drivers/*/*/**'], message }] : [closed];
});

const clients = [
  'better-sqlite3',
  'node:sqlite',
  'mongodb',
  'minio',
  'nats',
  '@nats-io/*',
  '@aws-sdk/*',
  '@opensearch-project/*',
];
const clientNames = '/^(better-sqlite3|node:sqlite|mongodb|minio|nats|@(nats-io|aws-sdk|opensearch-project)\\u002f.*)$/';
const clientMessage = 'Only drivers/ import the client of a database, queue, store or search engine; use a port.';

const dynamicClient = { selector: `ImportExpression[source.value=${clientNames}]`, message: clientMessage };
// `handle.call(this, …)` is JavaScript's own and not meant.
const rawCall = {
  selector:
    'CallExpression[callee.property.name=/^(call|mcall|emit|broadcast|broadcastLocal)$/]:not([arguments.0.type="ThisExpression"]):not([arguments.0.expression.type="ThisExpression"])',
  message: 'Services talk through `call` and `emit` of services/contracts, which know names and types.',
};
const environment = [
  'MemberExpression[object.name="process"][property.name="env"]',
  'VariableDeclarator[init.name="process"] > ObjectPattern > Property[key.name="env"]',
  'ImportDeclaration[source.value=/^(node:)?process$/] ImportSpecifier[imported.name="env"]',
].map((selector) => ({ selector, message: 'Only config/index.ts reads the environment: use configOf(broker), or config().' }));

export default defineConfig(
  // The client of the API stands beside types that its test makes, and is compiled there.
  { ignores: ['data/**', 'coverage/**', '.bench/**', 'test/fixtures/client/**'] },
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    plugins: { 'import-x': importX },
    settings: {
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      'import-x/extensions': ['.ts', '.js', '.mjs'],
      // It comes with jest, and only there.
      'import-x/core-modules': ['@jest/globals'],
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.mjs', '.js', '.json'] })],
    },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-restricted-imports': ['error', { patterns: [{ group: clients, message: clientMessage }] }],
      'no-restricted-syntax': ['error', dynamicClient, ...environment],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-default-export': 'error',
      'import-x/no-duplicates': ['error', { 'prefer-inline': true }],
      'import-x/no-extraneous-dependencies': [
        'error',
        { packageDir: root, devDependencies: [...tests, ...scripts, ...toolConfigs, 'config/*documentation.ts'] },
      ],
      'import-x/no-mutable-exports': 'error',
      'import-x/no-self-import': 'error',
      'import-x/no-unresolved': 'error',
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { varsIgnorePattern: '^_', argsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // What a port promises is asynchronous, whether or not a driver has to wait for it.
      '@typescript-eslint/require-await': 'off',
      // An interface that others ask for may have methods that mean nothing here.
      '@typescript-eslint/no-empty-function': ['error', { allow: ['methods', 'arrowFunctions'] }],
      // noUncheckedIndexedAccess makes loops over pixels say what their bounds already do.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // What comes from files, other processes and other packages is not always what its type says.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // A type parameter that the caller names (`call<Result>`) is a promise of its own.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      // Words are taken apart by code points for index and edit distance; people are not shown the parts.
      '@typescript-eslint/no-misused-spread': ['error', { allow: [{ from: 'lib', name: 'string' }] }],
      // Loops over raw pixels and columns count on purpose.
      '@typescript-eslint/prefer-for-of': 'off',
      // Drivers and enrichers are closures: their methods know no `this`.
      '@typescript-eslint/unbound-method': 'off',
      // tsc looks after these.
      'import-x/no-unresolved': 'off',
      'no-undef': 'off',
    },
  },
  { rules: { 'import-x/no-restricted-paths': ['error', { basePath: root, zones }] } },
  {
    files: ['services/**/*.ts', 'mixins/**/*.ts', 'config/**/*.ts', 'commands/**/*.ts', '*.ts'],
    rules: { 'no-restricted-syntax': ['error', dynamicClient, rawCall, ...environment] },
  },
  { files: ['services/contracts/**/*.ts'], rules: { 'no-restricted-syntax': ['error', dynamicClient, ...environment] } },
  { files: ['config/index.ts'], rules: { 'no-restricted-syntax': ['error', dynamicClient, rawCall] } },
  // The test kit runs in the tests of plugin authors, who say by a variable that golden files are to be written anew.
  { files: ['plugins/sdk/testkit/**/*.ts'], rules: { 'no-restricted-syntax': ['error', dynamicClient] } },
  { files: ['drivers/**/*.ts'], rules: { 'no-restricted-imports': 'off', 'no-restricted-syntax': ['error', ...environment] } },
  // Moleculer, the plugin loader and tools take default exports.
  { files: ['**/*.service.ts', 'plugins/*/index.ts', ...toolConfigs], rules: { 'import-x/no-default-export': 'off' } },
  { files: [...entry, ...scripts, 'test/**'], rules: { 'no-console': 'off' } },
  {
    files: [...tests, ...scripts, ...toolConfigs],
    rules: {
      'no-restricted-syntax': 'off',
      'no-restricted-imports': 'off',
      'import-x/no-default-export': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  // The tests of plugins are as far from the house as the plugins are: authors elsewhere have nothing but the sdk.
  { files: tests, ignores: ['plugins/**'], rules: { 'import-x/no-restricted-paths': 'off' } },
  {
    files: ['**/*.{js,mjs}'],
    ignores: ['public/**', 'services/api/docs-page/**'],
    languageOptions: { globals: readonly(Object.getOwnPropertyNames(globalThis)) },
  },
  { files: ['services/api/docs-page/*.js'], languageOptions: { globals: readonly(['window', 'document', 'fetch']) } },
  // tsc looks after it (public/tsconfig.json), which knows what browsers have.
  { files: ['public/**/*.js'], rules: { 'no-undef': 'off' } },
  // Types alone: the page loads nothing from there.
  { files: ['public/types.d.ts'], rules: { 'import-x/no-restricted-paths': 'off' } },
);
