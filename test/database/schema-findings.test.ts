import { expect } from 'chai';
import { databaseText, findingsIn, specText } from './texts.ts';

const STORAGE = 'storage: {size: 10Gi}';
const LONG = 'a'.repeat(300);

/** Specs that break the schema in one way, and the one thing that is said. */
const CASES: Readonly<Record<string, readonly [text: string, found: string]>> = {
  'a misspelt field': [
    databaseText('replcas: 3'),
    '7:3 spec.replcas: must not be set: there is no such field; did you mean "replicas"? (schema-unknown-field)',
  ],
  'a field that is like no other': [
    databaseText('backup: {destination: "pvc://", password: x}'),
    '7:35 spec.backup.password: must not be set: there is no such field; use one of enabled, schedule, timeZone, retention, destination, encryption, verify (schema-unknown-field)',
  ],
  'a field of Kubernetes in the wrong place': [
    `${databaseText()}replicas: 3\n`,
    '7:1 replicas: must not be set: there is no such field; did you mean "spec.replicas"? (schema-unknown-field)',
  ],
  'a required field that is missing': [
    specText('version: 16'),
    '4:1 spec.storage: must be set; add storage (the volume that each member keeps its data on) (schema-required)',
  ],
  'a required field inside another': [
    specText('version: 16', 'storage: {storageClassName: fast}'),
    '6:3 spec.storage.size: must be set; add size (size of each volume, for example 20Gi) (schema-required)',
  ],
  'a required field that is null': [
    specText('version:', STORAGE),
    '5:3 spec.version: must be set; add version (version of the engine) (schema-required)',
  ],
  'a list where an object belongs': [
    databaseText('resources: [1]'),
    '7:3 spec.resources: Invalid value: "a list": must be an object; write an object here (schema-type)',
  ],
  'an object where a list belongs': [
    databaseText('tolerations: {key: a}'),
    '7:3 spec.tolerations: Invalid value: "an object": must be a list; write a list here (schema-type)',
  ],
  'a quoted number': [
    databaseText('replicas: "3"'),
    '7:13 spec.replicas: Invalid value: "3": must be a whole number; remove the quotes: 3 (schema-type)',
  ],
  'a fraction': [
    databaseText('replicas: 2.5'),
    '7:13 spec.replicas: Invalid value: 2.5: must be a whole number; write a whole number, such as 3 (schema-type)',
  ],
  'a word that is not on the list': [
    databaseText('engine: postgres'),
    '7:11 spec.engine: Invalid value: "postgres": must be one of "postgresql", "mysql", "mongodb"; did you mean "postgresql"? (schema-enum)',
  ],
  'a word that is like none on the list': [
    databaseText('deletionPolicy: Never'),
    '7:19 spec.deletionPolicy: Invalid value: "Never": must be one of "Protect", "Retain", "Delete"; choose one of "Protect", "Retain", "Delete" (schema-enum)',
  ],
  'a number where a word of a list belongs': [
    databaseText('size: 3'),
    '7:9 spec.size: Invalid value: 3: must be one of "small", "medium", "large"; choose one of "small", "medium", "large" (schema-enum)',
  ],
  'a word that is not on the list and longer than all that are': [
    databaseText('backup: {destination: {s3: {bucket: abc, region: x, uriStyle: virtual}}}'),
    '7:65 spec.backup.destination.s3.uriStyle: Invalid value: "virtual": must be one of "path", "host"; choose one of "path", "host" (schema-enum)',
  ],
  'a text that is too long, cut': [
    databaseText(`priorityClassName: ${LONG}`),
    `7:22 spec.priorityClassName: Invalid value: "${LONG.slice(0, 119)}… (302 characters): must have at most 253 characters; shorten it (schema-limit)`,
  ],
  'a text that must not be empty': [
    databaseText('bootstrap: {restore: {from: ""}}'),
    '7:31 spec.bootstrap.restore.from: Invalid value: "": must not be empty; write a value, or remove the field (schema-limit)',
  ],
  'a number above its bound': [
    databaseText('highAvailability: {maximumLagBytes: 1099511627777}'),
    '7:39 spec.highAvailability.maximumLagBytes: Invalid value: 1099511627777: must be at most 1099511627776; write a number up to 1099511627776 (schema-limit)',
  ],
  'the long form of a field with two': [
    databaseText('backup: {destination: {s3: {bucket: abc, perfix: a, region: eu-central-1}}}'),
    '7:44 spec.backup.destination.s3.perfix: must not be set: there is no such field; did you mean "prefix"? (schema-unknown-field)',
  ],
  'the short form of a field with two': [
    databaseText('backup: {destination: 5}'),
    '7:25 spec.backup.destination: Invalid value: 5: must be text; quote it: "5" (schema-type)',
  ],
};

describe('What breaks the schema', () => {
  for (const [name, [text, found]] of Object.entries(CASES)) {
    it(`is reported once: ${name}`, () => {
      expect(findingsIn(text)).to.deep.equal([found]);
    });
  }

  it('is reported all at once, and its valid parts are still checked by the rules', () => {
    const text = specText(
      'version: 16.3',
      STORAGE,
      'replcas: 3',
      'replicas: 12',
      'size: smal',
      'parameters: {port: 1}',
    );
    const found = findingsIn(text).map((line) => line.replace(/^(\S+ [^:]+):.*\((.*)\)$/, '$1 $2'));
    expect(found.sort()).to.deep.equal([
      '10:16 spec.parameters.port parameters-owned',
      '5:12 spec.version schema-type',
      '7:3 spec.replcas schema-unknown-field',
      '8:13 spec.replicas replicas-range',
      '9:9 spec.size schema-enum',
    ]);
  });

  it('names no number that cannot be written', () => {
    for (const value of ['.inf', '.nan', '99999999999']) {
      const found = findingsIn(databaseText(`replicas: ${value}`)).join('\n');
      expect(found).to.match(/^7:13 spec.replicas: [^\n]*\(schema-(type|limit)\)$/);
      expect(found).to.not.match(/null|such as (Infinity|NaN)|write int32/);
    }
  });
});
