import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { hasImage } from '../lab/cluster/has-image.ts';

const CONTEXT = join(import.meta.dirname, '../images/postgres');
const MIRROR = 'http://deb.debian.org/debian';

/** The Debian release that packages each major version of PostgreSQL. */
const RELEASES: Readonly<Record<string, string>> = { '15': 'bookworm', '17': 'trixie', '18': 'forky' };

/** Debian's current release, for the majors that Debian does not package. */
const STABLE = 'trixie';

/** Debian's next release, which has no updates and no security archive yet. */
const TESTING = 'forky';

/** Certificates that this computer trusts, perhaps with that of a proxy in front of the package registry. */
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

interface Options {
  readonly base?: string;
  readonly source?: string;
  readonly cache: boolean;
}

class Failed extends Error {}

function run(program: string, args: readonly string[]): void {
  // Without a container runtime: a chroot suffices when the builder is root.
  const env = { BUILDAH_ISOLATION: 'chroot', ...process.env };
  const { status, error } = spawnSync(program, args, { stdio: 'inherit', env });
  if (error) throw new Failed(`${program}: ${error.message}; on Debian, install buildah and mmdebstrap`);
  if (status !== 0) throw new Failed(`${program} ended with ${String(status)}`);
}

function archives(release: string): string[] {
  const own = `deb ${MIRROR} ${release} main`;
  if (release === TESTING) return [own];
  return [own, `deb ${MIRROR} ${release}-updates main`, `deb ${MIRROR}-security ${release}-security main`];
}

/** Copies this computer's apt settings (proxy, age of mirrors) into the base image. */
function aptSettings(): string[] {
  const { stdout } = spawnSync('apt-config', ['dump', '--no-empty'], { encoding: 'utf8' });
  const own = stdout.split('\n').filter((line) => /^Acquire::(https?::Proxy|Check-Valid-Until|Check-Date) /.test(line));
  // A chroot has no second account for apt to fetch under.
  return [...own, 'APT::Sandbox::User "root";'].map((line) => `--aptopt=${line}`);
}

/** Builds a Debian base image from packages, for computers without access to an image registry. */
function makeBase(release: string, { cache }: Options): string {
  const image = `localhost/ballast/debian:${release}`;
  if (cache && hasImage(image)) return image;
  const folder = mkdtempSync(join(tmpdir(), 'ballast-base-'));
  try {
    const dpkg = `--dpkgopt=${join(CONTEXT, 'dpkg.cfg')}`;
    run('mmdebstrap', [
      '--variant=minbase',
      ...aptSettings(),
      dpkg,
      release,
      join(folder, 'base.tar'),
      ...archives(release),
    ]);
    writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\nADD base.tar /\nCMD ["/bin/bash"]\n');
    run('buildah', ['bud', '--tag', image, ...timestamp(), folder]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return image;
}

/** With SOURCE_DATE_EPOCH in the environment the same packages give the same image, byte for byte. */
function timestamp(): string[] {
  const { SOURCE_DATE_EPOCH } = process.env;
  return SOURCE_DATE_EPOCH === undefined ? [] : [`--timestamp=${SOURCE_DATE_EPOCH}`];
}

/** The base image that the caller named, or one of the matching release. */
function baseFor(major: string, options: Options, source: string): string {
  if (options.base !== undefined) return options.base;
  const release = source === 'pgdg' ? STABLE : RELEASES[major];
  if (release === undefined) throw new Failed(`no Debian release has PostgreSQL ${major}: use --source pgdg`);
  return makeBase(release, options);
}

/** Lets pip reach its registry as this computer does. */
function registryArguments(): string[] {
  const { PIP_INDEX_URL } = process.env;
  const index = PIP_INDEX_URL === undefined ? [] : ['--build-arg', `PIP_INDEX_URL=${PIP_INDEX_URL}`];
  if (!existsSync(CERTIFICATES)) return index;
  const inside = '/run/certificates.crt';
  return [...index, '--volume', `${CERTIFICATES}:${inside}:ro`, '--build-arg', `PIP_CERT=${inside}`];
}

function build(major: string, options: Options): void {
  const source = options.source ?? (options.base === undefined ? 'debian' : 'pgdg');
  const given = { MAJOR: major, SOURCE: source, BASE_IMAGE: baseFor(major, options, source) };
  const args = Object.entries(given).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
  const caching = options.cache ? '--layers' : '--no-cache';
  const tag = `localhost/ballast/postgresql:${major}`;
  run('buildah', ['bud', caching, ...timestamp(), '--tag', tag, ...registryArguments(), ...args, CONTEXT]);
}

const program = new Command('images')
  .description('Builds images/postgres with buildah as localhost/ballast/postgresql:MAJOR; see images/README.md')
  .argument('[majors...]', `of PostgreSQL; Debian itself has ${Object.keys(RELEASES).join(', ')}`, ['17'])
  .option('--base <image>', 'base image (default: made of Debian packages with mmdebstrap)')
  .addOption(
    new Option('--source <source>', 'where PostgreSQL comes from (default: debian; pgdg with --base)').choices([
      'debian',
      'pgdg',
    ]),
  )
  .option('--no-cache', 'use nothing that an earlier build left')
  .action((majors: string[], options: Options) => {
    for (const major of majors) build(major, options);
  });

try {
  program.parse();
} catch (error) {
  if (!(error instanceof Failed)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
