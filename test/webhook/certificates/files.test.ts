import { mkdtempSync, renameSync, rmSync, symlinkSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { Pair } from '../../../certificates/authority.ts';
import { issueServer, makeAuthority } from '../../../certificates/authority.ts';
import { certificatesFromFiles } from '../../../webhook/certificates/files.ts';
import type { CertificateSource, Credentials } from '../../../webhook/certificates/source.ts';
import { weakKeys } from '../../certificates/keys.ts';
import { until } from '../../../lab/processes/until.ts';

const LIMIT_MS = 20_000;

const keys = weakKeys();

async function pair(): Promise<Pair> {
  const life = { name: 'web', now: new Date(), lifetimeMs: 3_600_000 };
  const authority = makeAuthority({ ...life, keys: await keys() });
  return issueServer({ ...life, authority, keys: await keys(), hosts: ['web.ballast.svc'] });
}

describe('Certificates that another tool keeps in a folder', () => {
  let folder: string;
  let source: CertificateSource;
  let seen: Credentials[];
  let warnings: string[];
  let version = 0;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ballast-certificates-'));
    for (const name of ['tls.crt', 'tls.key']) symlinkSync(`..data/${name}`, join(folder, name));
    seen = [];
    warnings = [];
    const log = { warn: (fields: object) => void warnings.push(JSON.stringify(fields)) };
    source = certificatesFromFiles({ folder, intervalMs: 5, log });
  });

  afterEach(async () => {
    await source.stop();
    rmSync(folder, { recursive: true });
  });

  /** Writes a folder and swaps the link to it, as the kubelet does. */
  function mount(files: Readonly<Record<string, string>>): void {
    const name = `..${(version += 1)}`;
    mkdirSync(join(folder, name));
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, name, file), text);
    symlinkSync(name, join(folder, '..next'));
    renameSync(join(folder, '..next'), join(folder, '..data'));
  }

  const asFiles = ({ certificate, key }: Pair) => ({ 'tls.crt': certificate, 'tls.key': key });
  const start = (): Promise<Credentials> => source.start((next) => void seen.push(next));

  it('are served as they are, and change when the kubelet swaps them', async () => {
    const [first, second] = [await pair(), await pair()];
    mount(asFiles(first));
    expect(await start()).to.include(first);
    mount(asFiles(second));
    await until(() => seen.length > 0, LIMIT_MS, 'the new pair was never taken');
    expect(seen).to.have.length(1);
    expect(seen[0]).to.include(second);
    expect(warnings).to.deep.equal([]);
  });

  const broken: readonly [string, (next: Pair, first: Pair) => Record<string, string>, RegExp][] = [
    ['a key that belongs to another', (next, first) => ({ ...asFiles(next), 'tls.key': first.key }), /does not belong/],
    ['a key that is not there', (next) => ({ 'tls.crt': next.certificate }), /ENOENT/],
    ['a file that is empty', (next) => ({ ...asFiles(next), 'tls.crt': '' }), /PEM/],
    ['a key that was cut off', (next) => ({ ...asFiles(next), 'tls.key': next.key.slice(0, 200) }), /.+/],
  ];
  for (const [name, files, reason] of broken) {
    it(`pass over ${name}, tell it once, and take the next good pair`, async () => {
      const [first, second] = [await pair(), await pair()];
      mount(asFiles(first));
      await start();
      mount(files(second, first));
      await until(() => warnings.length > 0, LIMIT_MS, 'nothing was told');
      // Time to tell it again, or to take it after all.
      await sleep(40);
      expect(seen).to.deep.equal([]);
      expect(warnings).to.have.length(1);
      expect(warnings[0]).to.match(reason).and.not.to.include('PRIVATE');
      mount(asFiles(second));
      await until(() => seen.length > 0, LIMIT_MS, 'the good pair was never taken');
      expect(seen.map(({ certificate }) => certificate)).to.deep.equal([second.certificate]);
    });
  }

  it('are refused at the start when there are none', async () => {
    await start().then(
      () => expect.fail('it started'),
      (error: unknown) => expect(String(error)).to.include('ENOENT'),
    );
  });
});
