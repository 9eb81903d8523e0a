import { isAlive } from '../../lab/processes/own-folder.ts';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PATHS } from '../../generator/postgresql/paths-and-ports.ts';
import { writePair } from './tls-pair.ts';

/** The result of a command in a container. */
export interface Outcome {
  readonly code: number | null;
  /** Its output on both streams, in order. */
  readonly output: string;
}

const PREFIX = 'ballast-image-test-';
/** The account that containers of the image run under. */
export const ACCOUNT = 999;
const RUN_MS = 60_000;

/**
 * Makes of a folder what a container is under the restricted profile: a read-only root, empty folders in memory where the
 * generator mounts them, no network, no capabilities, no way to gain any. All of it is gone with its last process.
 */
const CONTAINER = `
set -e
cd "$ROOT"
# Within a pod the loopback leads to the pod itself.
ip link set lo up
mkdir -p ".$SETTINGS" ".$TLS"
mount --bind . . && cd "$ROOT"
mount -t tmpfs tmpfs dev
for device in null zero random urandom; do touch dev/$device; mount --bind /dev/$device dev/$device; done
ln -s /proc/self/fd dev/fd
mkdir dev/shm
for folder in $EMPTY dev/shm; do mount -t tmpfs -o mode=1777 tmpfs "./$folder"; done
mount -t proc proc proc
mount --bind "$FILES/settings" ".$SETTINGS"
mount --bind "$FILES/tls" ".$TLS"
mount -o remount,bind,ro .
if [ -n "$BESIDE" ]; then
  chroot . /usr/bin/env -i $BESIDE_ENVIRONMENT sh -c "exec >/tmp/beside.log 2>&1; $BESIDE" &
fi
exec chroot . /usr/bin/env -i "$@"
`;

function buildah(args: readonly string[]): Outcome {
  const { status, stdout } = spawnSync('buildah', args, { encoding: 'utf8' });
  return { code: status, output: stdout.trim() };
}

/** What an image says about how it is run. */
export interface Configuration {
  readonly User: string;
  readonly Env: readonly string[];
}

/** Reads the configuration of an image of the local container storage. */
export function configurationOf(image: string): Configuration {
  const { OCIv1 } = JSON.parse(buildah(['inspect', '--type', 'image', image]).output) as {
    readonly OCIv1: { readonly config: Configuration };
  };
  return OCIv1.config;
}

/** The root of an image, to be run and written to; one of a killed run is removed by the next. */
export interface ImageRoot {
  readonly path: string;
  readonly environment: readonly string[];
  readonly remove: () => void;
}

/** Removes the remains of a killed run. */
function removeLeftovers(): void {
  const names = buildah(['containers', '--format', '{{.ContainerName}}']).output.split('\n');
  for (const name of names.filter((each) => each.startsWith(PREFIX))) {
    if (!isAlive(Number(name.split('-').at(-1)))) buildah(['rm', name]);
  }
}

/** Unpacks an image of the local container storage; one of each purpose at a time in a process. */
export function unpackImage(image: string, purpose: string): ImageRoot {
  removeLeftovers();
  const name = `${PREFIX}${purpose}-${process.pid}`;
  const { code, output } = buildah(['from', '--pull-never', '--name', name, image]);
  if (code !== 0) throw new Error(`no container of ${image}: ${output}`);
  return {
    path: buildah(['mount', name]).output,
    environment: configurationOf(image).Env,
    remove: () => void buildah(['rm', name]),
  };
}

const SOURCES = join(import.meta.dirname, '../../images/postgres');

/** Puts the programs of this checkout into a root, whose image may have been built before them. */
export function bringPrograms({ path }: ImageRoot): void {
  for (const file of readdirSync(SOURCES).filter((name) => name.endsWith('.py'))) {
    const place = join(path, 'usr/local/lib/ballast', file);
    copyFileSync(join(SOURCES, file), place);
    chmodSync(place, 0o755);
    const link = join(path, 'usr/local/bin', `ballast-${file.replace(/\.py$/, '')}`);
    rmSync(link, { force: true });
    symlinkSync(`../lib/ballast/${file}`, link);
  }
}

/** A command that gives up the rights of root for those of an account. */
export function become(account: number): string[] {
  const ids = ['--reuid', String(account), '--regid', String(ACCOUNT), '--clear-groups'];
  return ['setpriv', ...ids, '--no-new-privs', '--bounding-set=-all', '--inh-caps=-all'];
}

interface RunOptions {
  readonly limitMs?: number;
  /** A shell script that runs at the same time, as in another container of the pod; its output goes to /tmp/beside.log. */
  readonly beside?: { readonly account: number; readonly script: string };
}

/** An image whose commands run as they would in a pod of the generator's. */
export class Restricted {
  readonly #root: ImageRoot;
  readonly #files = mkdtempSync(join(tmpdir(), 'ballast-image-'));

  private constructor(image: string, major: string) {
    this.#root = unpackImage(image, major);
  }

  /** Prepares a container with these files where the settings are mounted. */
  static async of(image: string, major: string, settings: Readonly<Record<string, string>>): Promise<Restricted> {
    const container = new Restricted(image, major);
    const [settingsFolder, tls] = ['settings', 'tls'].map((name) => join(container.#files, name));
    mkdirSync(settingsFolder!);
    mkdirSync(tls!);
    chmodSync(container.#files, 0o755);
    for (const [name, text] of Object.entries(settings)) writeFileSync(join(settingsFolder!, name), text);
    await writePair(tls!);
    for (const name of readdirSync(tls!)) {
      chownSync(join(tls!, name), 0, ACCOUNT);
      chmodSync(join(tls!, name), 0o440);
    }
    return container;
  }

  /** Puts the programs of this checkout in place of the image's. */
  bringPrograms(): void {
    bringPrograms(this.#root);
  }

  /** Runs a shell script, with these variables beside the image's own, and perhaps another under another account. */
  run(
    script: string,
    variables: Readonly<Record<string, string>> = {},
    { limitMs = RUN_MS, beside }: RunOptions = {},
  ): Outcome {
    const own = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
    const args = ['--mount', '--pid', '--net', '--ipc', '--fork', '--kill-child', 'sh', '-c', CONTAINER, 'sh'];
    const inside = [...this.#root.environment, ...own, ...become(ACCOUNT)];
    const other = beside && {
      BESIDE: beside.script,
      BESIDE_ENVIRONMENT: [...this.#root.environment, ...become(beside.account)].join(' '),
    };
    const { status, stdout, error } = spawnSync(
      'unshare',
      [...args, ...inside, 'sh', '-c', `exec 2>&1; cd /tmp; ${script}`],
      {
        encoding: 'utf8',
        timeout: limitMs,
        killSignal: 'SIGKILL',
        env: { ...process.env, ...this.#places(), ...other },
      },
    );
    if (error) throw error;
    return { code: status, output: stdout.trim() };
  }

  #places(): Record<string, string> {
    const empty = [PATHS.data, PATHS.repository, PATHS.socket.replace('/var', ''), PATHS.temporary].map((path) =>
      path.slice(1),
    );
    return {
      ROOT: this.#root.path,
      FILES: this.#files,
      SETTINGS: PATHS.settings,
      TLS: PATHS.tls,
      EMPTY: empty.join(' '),
    };
  }

  remove(): void {
    this.#root.remove();
    rmSync(this.#files, { recursive: true, force: true });
  }
}
