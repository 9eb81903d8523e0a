import { HEAD, inSpec, filled } from './shape.ts';
import type { Shape, Shapes } from './shape.ts';

/** Fields with text: the parts before and after the text. */
const FIELDS: Readonly<Record<string, readonly [before: string, after: string]>> = {
  version: ['spec:\n  storage: {size: 10Gi}\n  version: ', ''],
  'storage.size': ['spec:\n  version: 16\n  storage: {size: ', '}'],
  'resources.requests.memory': [
    'spec:\n  version: 16\n  storage: {size: 10Gi}\n  resources: {requests: {memory: ',
    '}}',
  ],
  'backup.schedule': ['spec:\n  version: 16\n  storage: {size: 10Gi}\n  backup: {schedule: ', '}'],
  'backup.timeZone': ['spec:\n  version: 16\n  storage: {size: 10Gi}\n  backup: {timeZone: ', '}'],
  'backup.destination': ['spec:\n  version: 16\n  storage: {size: 10Gi}\n  backup: {destination: ', '}'],
  'backup.retention': ['spec:\n  version: 16\n  storage: {size: 10Gi}\n  backup: {retention: ', '}'],
  'bootstrap.restore.targetTime': [
    'spec:\n  version: 16\n  storage: {size: 10Gi}\n  bootstrap: {restore: {from: a, targetTime: ',
    '}}',
  ],
  'parameters.shared_buffers': ['spec:\n  version: 16\n  storage: {size: 10Gi}\n  parameters: {shared_buffers: ', '}'],
  'networkPolicy.from[0].ipBlock.cidr': [
    'spec:\n  version: 16\n  storage: {size: 10Gi}\n  networkPolicy: {from: [{ipBlock: {cidr: ',
    '}}]}',
  ],
  engine: ['spec:\n  version: 16\n  storage: {size: 10Gi}\n  engine: ', ''],
  'metadata.labels': ['spec: {version: 16, storage: {size: 10Gi}}\nmetadata: {name: a, labels: {a: ', '}}'],
  'metadata.annotations': ['spec: {version: 16, storage: {size: 10Gi}}\nmetadata: {name: a, annotations: {a: ', '}}'],
  'metadata.name': ['spec: {version: 16, storage: {size: 10Gi}}\nmetadata: {name: ', '}'],
  'metadata.uid': ['spec: {version: 16, storage: {size: 10Gi}}\nmetadata: {name: a, uid: ', '}'],
};

/** Texts that are hard on one or another reader of values. */
const TEXTS: Readonly<Record<string, readonly [before: string, piece: string, after: string]>> = {
  digits: ['', '1', '!'],
  'digits after a point': ['.', '0', '!'],
  'slashes and a letter': ['s3://a', '/', 'x'],
  blanks: ['1', ' ', 'x'],
  'times zero': ['1', 'h', '0'],
};

const TOP = HEAD.replace(/metadata.*\n/, '');

/** Each text in each field, between quotes. */
export const FIELD_SHAPES: Shapes = Object.fromEntries(
  Object.entries(FIELDS).flatMap(([field, [before, after]]) =>
    Object.entries(TEXTS).map(([name, [start, piece, end]]): [string, Shape] => [
      `${field}: ${name}`,
      filled(piece, {
        before: `${TOP}${before.startsWith('spec:\n') ? 'metadata: {name: a}\n' : ''}${before}"${start}`,
        after: `${end}"${after}\n`,
      }),
    ]),
  ),
);

/** Keys of one line in each map that takes any. */
export const KEY_SHAPES: Shapes = {
  'an unknown field of one line': inSpec('k', { before: '  ', after: ': 1' }),
  'a setting of one line': inSpec('k', { before: '  parameters: {', after: ': 1}' }),
  'a label of slashes': inSpec('/', { before: '  nodeSelector: {"', after: '": x}' }),
  'a label of dots': inSpec('a.', { before: '  nodeSelector: {"', after: '/x": x}' }),
  'an annotation of one line': filled('k', {
    before: `${TOP}metadata: {name: a, annotations: {"`,
    after: '!": x}}\nspec: {version: 16, storage: {size: 10Gi}}\n',
  }),
  'a kind of one line': filled('Database', { before: 'apiVersion: db.example.com/v1alpha1\nkind: ', after: '\n' }),
  'a group of one line': filled('db.example.com', { before: 'kind: Database\napiVersion: ', after: '/v1\n' }),
};
