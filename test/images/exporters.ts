import { containersOf, podsOf } from '../generator/manifests.ts';
import type { Manifest } from '../../generator/metadata.ts';

interface Exporter {
  readonly name: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly securityContext: { readonly runAsUser: number };
}

const shown = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * A script with the exporters of two members as they are rendered, at ports 9187 and 9188; the second member has another
 * port where both are in one container. First it tries to log in as others.
 */
export function exportersOf(manifests: readonly Manifest[]): { readonly account: number; readonly script: string } {
  const all = podsOf(manifests).flatMap(containersOf) as unknown as readonly Exporter[];
  const { command, args, env, securityContext } = all.find(({ name }) => name === 'exporter')!;
  const words = [...env.map(({ name, value }) => `${name}=${value}`), ...command, ...args];
  const start = (more: (word: string) => string): string => `env ${words.map(more).map(shown).join(' ')} &`;
  const second = (word: string): string =>
    word.replace(/^DATA_SOURCE_NAME=.*/, '$& port=5433').replace(':9187', ':9188');
  const tries = ['user=postgres dbname=postgres', 'user=replicator dbname=postgres', 'user=ballast_monitor dbname=app'];
  const logins = tries.map((source) => `psql -w '${source}' -c '' 2>&1 | tail -n 1`);
  return {
    account: securityContext.runAsUser,
    script: [
      'while ! [ -e /tmp/measure ]; do sleep 0.1; done',
      ...logins,
      start((word) => word),
      start(second),
      'wait',
    ].join('\n'),
  };
}
