import importX from 'eslint-plugin-import-x';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { rooms } from './rooms.js';

const upwards = rooms.flatMap((room, i) =>
  rooms.slice(i + 1).map((below) => ({
    target: `./core/src/${room}`,
    from: `./core/src/${below}`,
    message: `${below} stands below ${room} in rooms.js.`,
  })),
);

export default defineConfig(
  globalIgnores([
    '**/dist/**',
    'coverage/**',
    'docs/api/**',
    'rollcall-demo/**',
    'test/fixtures/**',
    'bench/*/node_modules/**',
  ]),
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: {
      // Without all three, no-cycle passes over .ts files in silence.
      'import-x/extensions': ['.ts', '.js'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      'import-x/resolver-next': [
        importX.createNodeResolver({
          extensions: ['.ts', '.js'],
          extensionAlias: { '.js': ['.ts', '.js'] },
          conditionNames: ['rollcall-source', 'import', 'default'],
        }),
      ],
    },
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 10],
      'no-console': 'error',
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      'import-x/no-restricted-paths': [
        'error',
        {
          zones: [
            ...upwards,
            {
              target: ['./core', './connector-kit'],
              from: ['./plugins', './server', './cli'],
              message: 'core knows no surface and no plugin.',
            },
            { target: ['./connector-kit', './plugins'], from: './core', message: 'plugins see the kit alone.' },
            {
              target: './simulators',
              from: ['./core', './connector-kit', './jsonata-compiler', './plugins', './cli'],
              message: 'simulators are strangers: they know Rollcall by SCIM alone.',
            },
            {
              target: ['./core/src/mapping', './core/src/resolution', './core/src/model'],
              from: './core/src/store',
              message: 'pure room: no I/O.',
            },
          ],
        },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    files: ['core/src/model/**', 'core/src/mapping/**', 'core/src/resolution/**', 'core/src/correlation/partition*.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: ['knex'], patterns: ['node:*'] }] },
  },
  {
    // The oracle of the simulation must know nothing of Rollcall.
    files: ['test/simulation/oracle.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: ['#*', '@rollcall/*', '../*', 'node:*'] }] },
  },
  {
    files: ['simulators/src/**', 'test/simulators/support/{filter,patch,resources,scim-error,service-provider}.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: ['#*', '@rollcall/*'] }] },
  },
  { files: ['cli/src/commands/**', 'plugins/*/src/index.ts'], rules: { 'import-x/no-default-export': 'off' } },
  {
    files: ['test/**/*.ts'],
    rules: { 'max-lines-per-function': 'off', '@typescript-eslint/no-unused-expressions': 'off' },
  },
);
