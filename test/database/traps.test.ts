import { expect } from 'chai';
import { databaseText, findingsIn, specText } from './texts.ts';

const STORAGE = 'storage: {size: 10Gi}';
const NOT_BASE_EIGHT = 'YAML reads that in base eight, as';

/** Words and numbers that YAML reads as another value than they suggest, with the findings. */
const TOLD: Readonly<Record<string, readonly [text: string, found: string]>> = {
  'yes where text belongs': [
    databaseText('priorityClassName: yes'),
    '7:22 spec.priorityClassName: Invalid value: true: must be text (YAML reads the unquoted yes as true); quote it: "yes" (schema-type)',
  ],
  'y, which is true as well': [
    databaseText('parameters: {a: y}'),
    '7:19 spec.parameters.a: Invalid value: true: must be a whole number or text (YAML reads the unquoted y as true); quote it: "y" (schema-type)',
  ],
  'a minor version that loses its zero': [
    specText('version: 16.10', STORAGE),
    '5:12 spec.version: Invalid value: 16.1: must be a whole number or text (YAML reads the unquoted 16.10 as 16.1); quote it: "16.10" (schema-type)',
  ],
  'a minor version that is a number': [
    specText('version: 16.3', STORAGE),
    '5:12 spec.version: Invalid value: 16.3: must be a whole number or text; quote it: "16.3" (schema-type)',
  ],
  'a mode of a file, in base eight': [
    databaseText('parameters: {log_file_mode: 0644}'),
    `7:31 spec.parameters.log_file_mode: must not be written 0644: ${NOT_BASE_EIGHT} 420; quote it ("0644"), or write 420 or 644 (yaml-octal-number)`,
  ],
  'a negative number in base eight': [
    databaseText('parameters:', '  a: -017'),
    `8:8 spec.parameters.a: must not be written -017: ${NOT_BASE_EIGHT} 15; quote it ("-017"), or write 15 or 17 (yaml-octal-number)`,
  ],
  'off where a word of a list belongs': [
    databaseText('highAvailability: {synchronous: off}'),
    '7:35 spec.highAvailability.synchronous: Invalid value: false: must be one of "off", "preferred", "required" (YAML reads the unquoted off as false); quote it: "off" (schema-enum)',
  ],
  'a quoted boolean': [
    databaseText('monitoring: {enabled: "yes"}'),
    '7:25 spec.monitoring.enabled: Invalid value: "yes": must be true or false; write true or false, without quotes (schema-type)',
  ],
  'a number with an underscore': [
    databaseText('replicas: 1_0'),
    '7:13 spec.replicas: Invalid value: 10: must be between 1 and 9 (YAML reads the unquoted 1_0 as 10); choose a number from 1 to 9, best an odd one (replicas-range)',
  ],
  'a label that is a number': [
    databaseText().replace('{name: orders}', '{name: orders, labels: {a: 1}}'),
    '3:38 metadata.labels.a: Invalid value: 1: must be text; quote it: "1" (schema-type)',
  ],
};

/** The same characters in texts that mean what they suggest. */
const FINE: Readonly<Record<string, string>> = {
  'yes for a boolean': databaseText('monitoring: {enabled: yes}'),
  'a quoted minor version': specText('version: "16.10"', STORAGE),
  'a quoted mode': databaseText("parameters: {log_file_mode: '0644'}"),
  'zero, and a fraction': databaseText('parameters: {a.b: 0}', 'deletionPolicy: Retain # 0644'),
  'leading zeros of an identifier': databaseText('parameters: {a.b: 0644abc}'),
  'a quoted off': databaseText('highAvailability: {synchronous: "off"}'),
  'a time of day': databaseText('parameters: {a.b: 12:30}'),
  'a moment': databaseText(
    'bootstrap: {restore: {from: a, destination: {s3: {bucket: abc, region: eu-central-1}}, targetTime: 2025-11-20T10:00:00Z}}',
  ),
};

const FORBIDDEN = 'must not have a key named __proto__; remove it (yaml-forbidden-key)';

/** A key that means something else to programs, wherever it stands, and where it is found. */
const PROTO: Readonly<Record<string, readonly [text: string, found: string]>> = {
  'in the spec': [databaseText('__proto__: {replicas: 3}'), `7:3 spec.__proto__: ${FORBIDDEN}`],
  'as a setting': [databaseText('parameters: {__proto__: 1}'), `7:27 spec.parameters.__proto__: ${FORBIDDEN}`],
  'at the top': [`${databaseText()}__proto__: 1\n`, `7:12 __proto__: ${FORBIDDEN}`],
  'in quotes with an escape': [
    databaseText('parameters: {"__proto__": 1}'),
    `7:29 spec.parameters.__proto__: ${FORBIDDEN}`,
  ],
};

describe('Traps of YAML', () => {
  for (const [name, [text, found]] of Object.entries(TOLD)) {
    it(`are explained: ${name}`, () => {
      expect(findingsIn(text)).to.deep.equal([found]);
    });
  }

  it('are not answered with a word that is wrong as well', () => {
    const [found] = findingsIn(databaseText('highAvailability: {synchronous: no}'));
    expect(found).to.match(/^7:35 spec.highAvailability.synchronous: .*reads the unquoted no as false.*; .*"off"/);
    expect(found).to.not.include('quote it: "no"');
  });

  for (const [name, text] of Object.entries(FINE)) {
    it(`are not seen in ${name}`, () => {
      expect(findingsIn(text)).to.deep.equal([]);
    });
  }
});

describe('A key named __proto__', () => {
  for (const [name, [text, found]] of Object.entries(PROTO)) {
    it(`is refused ${name}`, () => {
      expect(findingsIn(text)).to.include(found);
    });
  }

  it('is refused in an object of a List', () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n- ${databaseText('__proto__: {a: 1}').trimEnd().replaceAll('\n', '\n  ')}\n`;
    expect(findingsIn(list)).to.include(`10:5 spec.__proto__: ${FORBIDDEN}`);
  });

  it('is ignored in an object of another kind', () => {
    expect(findingsIn('apiVersion: v1\nkind: ConfigMap\ndata: {__proto__: x}\n')).to.deep.equal([]);
  });

  it('leaves no trace on other objects', () => {
    findingsIn(databaseText('__proto__: {polluted: true}', 'parameters: {__proto__: {polluted: true}}'));
    expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined);
  });
});
