import { execFile } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PATHS } from '../../generator/postgresql/paths-and-ports.ts';
import type { Running } from '../../lab/processes/process.ts';
import { start } from '../../lab/processes/process.ts';
import type { ImageRoot, Outcome } from '../images/restricted.ts';
import { ACCOUNT, become } from '../images/restricted.ts';

/** What a member finds in its pod. */
export interface MemberOptions {
  /** Files of its settings, as they are rendered. */
  readonly settings: Readonly<Record<string, string>>;
  /** Other files, by the folder that they are mounted in and their name. */
  readonly files: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Folders of this computer, by the place that they are mounted at. */
  readonly folders?: Readonly<Record<string, string>>;
  /** Names of hosts that lead to the loopback. */
  readonly hosts: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Mounts folders of `$FILES` at the places after them, in a root of one's own, and runs what is left in it. */
const CONTAINER = `
set -e
cd "$ROOT"
mount --bind . . && cd "$ROOT"
mount -t tmpfs tmpfs dev
for device in null zero random urandom; do touch dev/$device; mount --bind /dev/$device dev/$device; done
ln -s /proc/self/fd dev/fd
mkdir dev/shm
for folder in tmp dev/shm; do mount -t tmpfs -o mode=1777 tmpfs "./$folder"; done
mount -t proc proc proc
mount --bind "$FILES/hosts" etc/hosts
for place in $PLACES; do mkdir -p ".$place"; mount --bind "$FILES$place" ".$place"; done
exec chroot . /usr/bin/env -i "$@"
`;

const RUN_MS = 120_000;
const LOG_TAIL = 2000;
/** `/var/run` is a link to `/run`, which outside of the root is another folder. */
const SOCKET = PATHS.socket.replace('/var', '');

/** A member of PostgreSQL that runs from the image, with the network of this computer. */
export class Member {
  readonly #root: ImageRoot;
  readonly #files = mkdtempSync(join(tmpdir(), 'ballast-member-'));
  readonly #environment: readonly string[];
  readonly #places: readonly string[];

  constructor(root: ImageRoot, { settings, files, folders = {}, hosts, environment }: MemberOptions) {
    this.#root = root;
    this.#environment = [
      ...root.environment,
      ...Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    ];
    chmodSync(this.#files, 0o755);
    writeFileSync(join(this.#files, 'hosts'), hosts.map((host) => `127.0.0.1 ${host}\n`).join(''));
    const mounted = { ...files, [PATHS.settings]: settings };
    for (const [folder, texts] of Object.entries(mounted)) {
      mkdirSync(join(this.#files, folder), { recursive: true });
      for (const [name, text] of Object.entries(texts)) writeFileSync(join(this.#files, folder, name), text);
    }
    for (const folder of [PATHS.data, SOCKET]) {
      mkdirSync(join(this.#files, folder), { recursive: true });
      chownSync(join(this.#files, folder), ACCOUNT, ACCOUNT);
    }
    for (const [place, folder] of Object.entries(folders)) {
      mkdirSync(join(this.#files, dirname(place)), { recursive: true });
      symlinkSync(folder, join(this.#files, place));
    }
    this.#places = [...Object.keys(mounted), ...Object.keys(folders), PATHS.data, SOCKET];
  }

  #command(script: string, variables: Readonly<Record<string, string>> = {}): [string, string[]] {
    const own = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
    const place = [`ROOT=${this.#root.path}`, `FILES=${this.#files}`, `PLACES=${this.#places.join(' ')}`];
    const account = [...become(ACCOUNT), '--pdeathsig', 'KILL'];
    const inside = [...this.#environment, ...own, ...account, 'sh', '-c', `cd /tmp; ${script}`];
    return ['env', [...place, 'unshare', '--mount', 'sh', '-c', CONTAINER, 'sh', ...inside]];
  }

  /** Runs a shell script under the account of the image, with these variables beside those of the member. */
  run(script: string, variables: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    const [program, args] = this.#command(`exec 2>&1; ${script}`, variables);
    return new Promise((resolve) => {
      execFile(program, args, { timeout: RUN_MS, killSignal: 'SIGKILL' }, (error, stdout) => {
        resolve({ code: error ? Number(error.code ?? -1) : 0, output: stdout.trim() });
      });
    });
  }

  /** The end of what PostgreSQL has logged. */
  logged(): string {
    return readFileSync(join(this.#files, 'log'), 'utf8').slice(-LOG_TAIL);
  }

  /** Starts PostgreSQL on the data that are there, with these settings. */
  start(settings: Readonly<Record<string, string>>): Running {
    const options = Object.entries(settings).map(([name, value]) => `-c "${name}=${value}"`);
    const [program, args] = this.#command(`exec postgres -D ${PATHS.pgdata} ${options.join(' ')}`);
    return start(program, args, join(this.#files, 'log'));
  }

  remove(): void {
    rmSync(this.#files, { recursive: true, force: true });
  }
}
