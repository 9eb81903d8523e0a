import { expect } from 'chai';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { header } from '../../cli/header.ts';
import { readDestination } from '../../database/destination.ts';
import type { Database } from '../../database/object.ts';
import { databaseKind } from '../../database/schema/database.ts';
import type { Schema } from '../../database/schema/schema.ts';
import { sortedJson } from '../../database/sorted-json.ts';
import type { FieldPath } from '../../database/schema/typed-fields.ts';
import { EACH } from '../../database/schema/typed-fields.ts';
import { familyOf } from '../../database/family.ts';
import { fingerprint } from '../../generator/fingerprint.ts';
import { manifestsToYaml, render } from '../../generator/render.ts';
import { oracleOrSkip } from '../oracle/oracle.ts';
import type { Oracle } from '../oracle/oracle.ts';
import { HOSTILE, admit, settings, written } from './databases.ts';
import type { Written } from './databases.ts';
import { nameOf } from './manifests.ts';
import { pythonMissing, readInPython } from './python.ts';

const SEED = Number(process.env['READERS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const AGAIN = `run again with READERS_SEED=${SEED}`;
const SAMPLES = 120;
/** Python's own YAML parser takes a second for each of them. */
const SLOW_SAMPLES = 4;

/** Fields of the spec whose values are text, and no entries of lists. */
function textFields({ type, enum: words, properties = {} }: Schema, at: FieldPath = []): FieldPath[] {
  const own = type === 'string' && !words ? [at] : [];
  const below = Object.entries(properties).flatMap(([name, child]) => textFields(child, [...at, name]));
  return [...own, ...below].filter((path) => !path.includes(EACH));
}

const FIELDS = textFields(databaseKind.spec);

/** Texts that may pass for a name, a path or a host, and some that break out of a line unexpectedly. */
const text = fc.oneof(
  fc.constantFrom<string>(...HOSTILE),
  fc.string({ unit: fc.constantFrom(...'ab1-._/:()=!*\'"\\$`%#;[] \n\r\t\u0085\u2028'.split('')), maxLength: 20 }),
  fc.stringMatching(/^[a-z0-9]([-.a-z0-9]{0,8}[a-z0-9])?$/),
  fc.stringMatching(/^[A-Za-z0-9!_.*'()=/-]{1,24}$/),
);

function put(target: unknown, [name = '', ...rest]: FieldPath, value: string): unknown {
  const below = typeof target === 'object' && target !== null ? (target as Record<string, unknown>) : undefined;
  if (!below) return target;
  if (rest.length === 0) return { ...below, [name]: value };
  return below[name] === undefined ? below : { ...below, [name]: put(below[name], rest, value) };
}

/** How many of the texts became part of a Database. */
let taken = 0;

/** The Database with each of the texts at its field, but for those that the rules refuse there. */
function withTexts(base: Written, texts: readonly (readonly [FieldPath, string])[]): Database {
  let [kept, admitted] = [base, admit(base)];
  for (const [field, value] of texts) {
    const changed = { ...kept, spec: put(kept.spec, field, value) } as Written;
    if (sortedJson(changed) === sortedJson(kept)) continue;
    try {
      [kept, admitted] = [changed, admit(changed)];
      taken += 1;
    } catch {
      // Refused, as most of them are.
    }
  }
  return admitted;
}

const databases = fc
  .tuple(written, fc.array(fc.tuple(fc.constantFrom(...FIELDS), text), { minLength: 12, maxLength: 24 }))
  .map(([base, texts]) => withTexts(base, texts));

const SAMPLE = fc.sample(fc.tuple(databases, settings), { numRuns: SAMPLES, seed: SEED }).map(([database, own]) => {
  const manifests = render(familyOf(database), own);
  const config = manifests.find((manifest) => nameOf(manifest) === `${database.metadata.name ?? ''}-settings`);
  const files = (config?.['data'] ?? {}) as Readonly<Record<string, string>>;
  return { database, files, yaml: manifestsToYaml(manifests), json: JSON.parse(JSON.stringify(manifests)) as unknown };
});

/** All files of one name, each with its Database. */
function filesNamed(name: string): { database: Database; file: string }[] {
  return SAMPLE.flatMap(({ database, files }) => (files[name] === undefined ? [] : [{ database, file: files[name] }]));
}

type Sections = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The place of a bucket in pgBackRest's options; for a volume, none of them. */
function repositoryOf(destination: unknown, namespace: string, name: string): Record<string, string | undefined> {
  const read = readDestination(destination as Parameters<typeof readDestination>[0]);
  if (!read.ok || read.destination.type === 'pvc') return { 'repo1-type': undefined };
  const { type, prefix } = read.destination;
  const common = { 'repo1-type': type, 'repo1-path': `/${prefix || `${namespace}/${name}`}` };
  switch (read.destination.type) {
    case 's3': {
      const { bucket, region = 'us-east-1', endpoint = `s3.${region}.amazonaws.com` } = read.destination;
      return { ...common, 'repo1-s3-bucket': bucket, 'repo1-s3-region': region, 'repo1-s3-endpoint': endpoint };
    }
    case 'gcs': {
      const { bucket, endpoint } = read.destination;
      return { ...common, 'repo1-gcs-bucket': bucket, 'repo1-gcs-endpoint': endpoint };
    }
    case 'azure': {
      const { account, container, endpoint } = read.destination;
      const place = { 'repo1-azure-account': account, 'repo1-azure-container': container };
      return { ...common, ...place, 'repo1-azure-endpoint': endpoint };
    }
  }
}

const OPTION =
  /^(repo1|pg[1-9]|tls-server|archive|backup|compress|expire|log-level|process|recovery|spool|start)(-[a-z0-9]+)+$/;

function expectSections(sections: Sections, stanza: string, meant: Record<string, string | undefined>): void {
  expect(Object.keys(sections)).to.have.members(['global', stanza]);
  for (const [option, value] of Object.entries(meant)) expect(sections['global']?.[option], option).to.equal(value);
  for (const option of Object.values(sections).flatMap(Object.keys)) expect(option).to.match(OPTION);
}

const INITDB = ['--initdb=encoding=UTF8', '--initdb=locale=C.UTF-8', '--initdb=data-checksums'];

/** The command that a Database with a restore starts with, word by word. */
function meantCommand({ metadata: { name = '' }, spec: { bootstrap, version } }: Database): string[] {
  const { from, backup, targetTime, targetLSN, targetName } = bootstrap?.restore ?? {};
  const options = { backup, 'target-time': targetTime, 'target-lsn': targetLSN, 'target-name': targetName };
  const id = fingerprint(sortedJson(bootstrap?.restore ?? null));
  return [
    'ballast-restore',
    ...(bootstrap?.recover === true
      ? ['--recover=/etc/ballast/pgbackrest-recover.conf', `--database=${name}`, ...INITDB]
      : []),
    ...(from === undefined ? [] : ['--config=/etc/ballast/pgbackrest-restore.conf', `--from=${from}`]),
    ...['--data=/var/lib/ballast/pgdata', `--major=${String(version).split('.')[0] ?? ''}`],
    ...(from === undefined ? [] : [`--id=${id}`]),
    ...Object.entries(options).flatMap(([name, text]) => (text === undefined ? [] : [`--${name}=${text}`])),
  ];
}

describe('What is rendered, read by Python', function () {
  this.timeout(120_000);

  before(function () {
    const reason = pythonMissing();
    if (reason === undefined) return;
    console.warn(`      NOT READ BACK: ${reason}`);
    this.skip();
  });

  it('contains unusual texts', () => {
    expect(taken, AGAIN).to.be.greaterThan(SAMPLES / 2);
  });

  it('is as YAML what was meant', () => {
    const read = readInPython(SAMPLE.map(({ yaml }) => ({ as: 'yaml', text: yaml })));
    for (const [index, { json }] of SAMPLE.entries()) expect(read[index], AGAIN).to.deep.equal(json);
    const slow = SAMPLE.slice(0, SLOW_SAMPLES);
    const again = readInPython(slow.map(({ yaml }) => ({ as: 'yaml-in-python', text: yaml })));
    expect(again, AGAIN).to.deep.equal(slow.map(({ json }) => json));
  });

  it('begins with a line of comment, whatever the source is called', () => {
    const names = fc.sample(fc.oneof(text, fc.string({ unit: 'binary' })), { numRuns: 300, seed: SEED });
    const texts = names.map((name) => ({ as: 'yaml' as const, text: `${header(name, 'yaml')}a: 1\n` }));
    for (const read of readInPython(texts)) expect(read, AGAIN).to.deep.equal([{ a: 1 }]);
  });

  for (const name of ['patroni.yaml', 'mongod.conf']) {
    it(`is in ${name} what another parser reads`, () => {
      const files = filesNamed(name);
      const read = readInPython(files.map(({ file }) => ({ as: 'yaml', text: file })));
      expect(read, AGAIN).to.deep.equal(files.map(({ file }) => [load(file)]));
    });
  }

  for (const name of ['pgbackrest.conf', 'pgbackrest-job.conf', 'pgbackrest-recover.conf']) {
    it(`is in ${name} the place of the backups, and no other option`, () => {
      const files = filesNamed(name);
      expect(files, AGAIN).to.not.be.empty;
      const read = readInPython(files.map(({ file }) => ({ as: 'ini', text: file }))) as Sections[];
      for (const [index, { database }] of files.entries()) {
        const { name: own = '', namespace = '' } = database.metadata;
        expectSections(read[index]!, own, repositoryOf(database.spec.backup?.destination, namespace, own));
      }
    });
  }

  it('is in pgbackrest-restore.conf the place of the source, and in the command what is restored', () => {
    const files = filesNamed('pgbackrest-restore.conf');
    expect(files, AGAIN).to.not.be.empty;
    const read = readInPython(files.map(({ file }) => ({ as: 'ini', text: file }))) as Sections[];
    for (const [index, { database }] of files.entries()) {
      const { from = '', destination } = database.spec.bootstrap?.restore ?? {};
      expectSections(read[index]!, from, repositoryOf(destination, database.metadata.namespace ?? '', from));
    }
    const commands = filesNamed('patroni.yaml').flatMap(({ database, file }) => {
      const { bootstrap } = load(file) as { bootstrap: { restore?: { command: string } } };
      return bootstrap.restore ? [{ database, command: bootstrap.restore.command }] : [];
    });
    const words = readInPython(commands.map(({ command }) => ({ as: 'words', text: command }))) as string[][];
    expect(words, AGAIN).to.deep.equal(commands.map(({ database }) => meantCommand(database)));
  });

  it('is in my.cnf what the parameters say', () => {
    const files = filesNamed('my.cnf');
    expect(files, AGAIN).to.not.be.empty;
    const read = readInPython(files.map(({ file }) => ({ as: 'options', text: file }))) as Sections[];
    for (const [index, { database }] of files.entries()) {
      expect(Object.keys(read[index]!)).to.deep.equal(['mysqld', 'client']);
      for (const [name, value] of Object.entries(database.spec.parameters ?? {})) {
        expect(read[index]!['mysqld']?.[name.replaceAll('-', '_')], AGAIN).to.equal(String(value));
      }
    }
  });
});

describe('What is rendered, read by Go', () => {
  let oracle: Oracle | undefined;

  before(async function () {
    oracle = await oracleOrSkip(this);
  });

  after(() => oracle?.stop());

  it('is as YAML what was meant', async () => {
    for (const { yaml, json } of SAMPLE) {
      const documents = yaml.split(/^---\n/m).slice(1);
      const read = await Promise.all(documents.map((one) => oracle!.ask({ ask: 'yaml', value: one })));
      const values = read.map(({ json: answer = 'null' }) => JSON.parse(answer) as unknown);
      expect(values, AGAIN).to.deep.equal(json);
    }
  });
});
