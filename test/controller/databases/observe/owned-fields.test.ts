import { expect } from 'chai';
import { ownsOnly } from '../../../../controller/databases/observe/owned-fields.ts';

const WANTED = {
  metadata: { labels: { a: 'b' }, finalizers: ['x'] },
  data: { one: '1' },
  spec: { containers: [{ name: 'main', ports: [{ containerPort: 1 }], limits: {} }], selector: {} },
};

/** Fields of one manager, as the API server tells them. */
const CASES: Readonly<Record<string, readonly [fields: object, owned: boolean]>> = {
  nothing: [{}, true],
  'what is wanted': [
    {
      'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} }, 'f:finalizers': { 'v:"x"': {} } },
      'f:data': { 'f:one': {} },
    },
    true,
  ],
  'a file of an earlier version': [{ 'f:data': { 'f:one': {}, 'f:two': {} } }, false],
  'a label of an earlier version': [{ 'f:metadata': { 'f:labels': { 'f:c': {} } } }, false],
  'another finalizer': [{ 'f:metadata': { 'f:finalizers': { 'v:"y"': {} } } }, false],
  'an entry by its key': [{ 'f:spec': { 'f:containers': { 'k:{"name":"main"}': { '.': {}, 'f:name': {} } } } }, true],
  'an entry that is not wanted': [{ 'f:spec': { 'f:containers': { 'k:{"name":"other"}': {} } } }, false],
  'a field of an entry that is not wanted': [
    { 'f:spec': { 'f:containers': { 'k:{"name":"main"}': { 'f:limits': { 'f:cpu': {} } } } } },
    false,
  ],
  'an entry whose key has a default': [
    {
      'f:spec': {
        'f:containers': { 'k:{"name":"main"}': { 'f:ports': { 'k:{"containerPort":1,"protocol":"TCP"}': {} } } },
      },
    },
    true,
  ],
};

describe('The controller owns in an object', () => {
  for (const [name, [fieldsV1, owned]] of Object.entries(CASES)) {
    it(`${owned ? 'no more than is wanted' : 'more than is wanted'}: ${name}`, () => {
      const own = { manager: 'ballast', operation: 'Apply', fieldsV1 };
      const others = { manager: 'kubectl', operation: 'Apply', fieldsV1: { 'f:data': { 'f:other': {} } } };
      const updates = { manager: 'ballast', operation: 'Update', fieldsV1: { 'f:data': { 'f:other': {} } } };
      expect(ownsOnly({ name: 'x', managedFields: [others, own, updates] }, WANTED)).equal(owned);
    });
  }
});
