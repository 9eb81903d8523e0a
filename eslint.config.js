import eslint from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const TAKES_A_CLOCK = [
  'database/**',
  'policies/**',
  'generator/**',
  'review/**',
  'certificates/**',
  'kubernetes/**',
  'controller/**',
  'installation/**',
];

export default defineConfig(
  {
    ignores: [
      'dist/**',
      'coverage/**',
      'node_modules/**',
      'database/types.ts',
      'policies/parameters/postgresql-table.ts',
      '*.js',
      '*.cjs',
    ],
  },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      complexity: ['error', { max: 14, variant: 'modified' }],
      'max-depth': ['error', 3],
      'max-lines': ['error', { max: 200, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 4],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // A number in a message needs no conversion.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      // JSON's own type refers to itself, which only an index signature can.
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      '@typescript-eslint/consistent-type-definitions': 'off',
      // An empty variable of the environment is an absent one.
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
      // Index signatures are read with brackets, so that a misspelt field of a known shape stays an error.
      '@typescript-eslint/dot-notation': 'off',
    },
  },
  {
    // What decides, and what acts on it, takes its clock, its randomness and its settings as arguments.
    files: TAKES_A_CLOCK,
    ignores: ['kubernetes/clock.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Take the time as an argument.' },
        { object: 'Math', property: 'random', message: 'Pure code gives the same result every time.' },
        { object: 'process', property: 'env', message: 'Take the setting as an argument.' },
      ],
      'no-restricted-globals': ['error', 'process', 'console'],
    },
  },
  {
    files: ['lab/**/*.ts'],
    // A step of a measurement relies on the checks of the steps before.
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      // A describe block is a list of cases, not a function.
      'max-lines-per-function': 'off',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      // The output of a program is untyped JSON until a test asserts it.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/unbound-method': 'off',
      // chai's assertions are properties.
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
);
