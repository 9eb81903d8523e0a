import { HEAD, filled, inSpec } from './shape.ts';
import type { Shape, Shapes } from './shape.ts';

const USER = HEAD.replace('Database', 'DatabaseUser');
const user = (permission: (index: number) => string): Shape =>
  filled(permission, { before: `${USER}spec:\n  databaseRef: {name: orders}\n  permissions:\n` });

/** Files with one object of Ballast's in which a great many things are wrong. */
export const OBJECT_SHAPES: Shapes = {
  'unknown fields': inSpec((at) => `  field${at}: x\n`),
  'unknown fields that are nearly right': inSpec((at) => `  replicas${at}: x\n`),
  'unknown fields at the top': filled((at) => `field${at}: x\n`, { before: `${HEAD}spec: {}\n` }),
  'settings that are octal numbers': inSpec((at) => `    a${at}: 0640\n`, { before: '  parameters:\n' }),
  'settings of the wrong type': inSpec((at) => `    a${at}: [x]\n`, { before: '  parameters:\n' }),
  'labels that are wrong': inSpec((at) => `    k ${at}: x\n`, { before: '  nodeSelector:\n' }),
  'labels of the object': filled((at) => `    k ${at}: x y\n`, {
    before: HEAD.replace(/metadata.*\n/, 'metadata:\n  name: orders\n  labels:\n'),
    after: 'spec: {version: 16, storage: {size: 10Gi}}\n',
  }),
  'octal numbers below a long key': (characters) =>
    inSpec('0640,', { before: `  ${'k'.repeat(characters / 2)}: [`, after: ']' })(characters),
  'octal numbers deep down': inSpec('0640,', { before: `  x: ${'['.repeat(90)}`, after: ']'.repeat(90) }),
  'octal numbers in settings below a long key': (characters) =>
    inSpec((at) => `a${at}: 01,`, { before: `  ${'k'.repeat(characters / 2)}: {`, after: '}' })(characters),
  'forbidden keys': inSpec('{__proto__: 1},', { before: '  x: [', after: ']' }),
  'forbidden keys deep down': inSpec('{__proto__: 1},', { before: `  x: ${'['.repeat(80)}`, after: ']'.repeat(80) }),
  'tolerations that are wrong': inSpec((at) => `  - {key: k${at}, effect: Never}\n`, { before: '  tolerations:\n' }),
  'peers that are wrong': inSpec((at) => `    - {podSelector: {k${at}: x}}\n`, {
    before: '  networkPolicy:\n    from:\n',
  }),
  'permissions that repeat': user(() => '  - {database: app, access: owner}\n'),
  'permissions that all differ': user((at) => `  - {database: a${at}, access: owner}\n`),
  'permissions with words that are none': user((at) => `  - {database: a${at}, access: admin}\n`),
  'permissions with long names that repeat': user(
    (at) => `  - {database: ${'a'.repeat(400)}${at % 2}, access: owner}\n`,
  ),
  'permissions that are numbers': user(() => '  - 1\n'),
  'permissions of words in flow style': (characters) =>
    filled('x,', {
      before: `${USER}spec: {databaseRef: {name: a}, permissions: [`,
      after: ']}\n',
    })(characters),
  'finalizers that are numbers': filled('1,', {
    before: HEAD.replace('namespace: shop}\n', 'finalizers: ['),
    after: ']}\nspec: {version: 16, storage: {size: 10Gi}}\n',
  }),
  'mistakes in an object with a long name': (characters) =>
    `${HEAD.replace('orders', 'o'.repeat(characters / 2))}spec:\n  version: 16\n  storage: {size: 10Gi}\n${filled((at) => `  f${at}: x\n`)(characters / 2)}`,
  'aliases of a long text': (characters) =>
    `${HEAD}spec:\n  version: &a "${'a'.repeat(characters - 3000)}"\n  storage: {size: 10Gi}\n  parameters:\n${Array.from({ length: 190 }, (_, at) => `    k${at}: *a\n`).join('')}`,
  'aliases of a long list': (characters) =>
    `${USER}x: &a [${'1,'.repeat(characters / 2 - 1500)}]\nspec:\n  databaseRef: {name: orders}\n  permissions:\n${'  - {database: a, access: *a}\n'.repeat(100)}`,
};
