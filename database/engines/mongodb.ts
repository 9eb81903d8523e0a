import type { EngineFacts } from './facts.ts';

/** Settings and whole sections, in lower case: mongod would not start with another spelling, which is refused all the same. */
const OWNED: ReadonlySet<string> = new Set([
  ...['net.bindip', 'net.bindipall', 'net.port', 'net.tls', 'net.unixdomainsocket', 'processmanagement', 'replication'],
  ...['security', 'sharding', 'storage.dbpath', 'systemlog'],
]);

function isOwned(name: string): boolean {
  const sections = name.toLowerCase().split('.');
  return sections.some((_, index) => OWNED.has(sections.slice(0, index + 1).join('.')));
}

/** MongoDB, of which a Database has a single member so far. */
export const mongodb: EngineFacts = {
  title: 'MongoDB',
  source: 'https://www.mongodb.com/legal/support-policy/lifecycles',
  series: [
    { series: '6.0', endOfLife: '2025-07-31' },
    { series: '7.0', endOfLife: '2027-08-31' },
    { series: '8.0', endOfLife: '2029-10-31' },
  ],
  port: 27_017,
  metricsPort: 9216,
  superuser: 'root',
  terminal: 'mongosh',
  parameters: {
    // Some server parameters begin with a capital: setParameter.KeysRotationIntervalSec.
    form: /^[a-z][A-Za-z0-9]{0,62}(\.[A-Za-z][A-Za-z0-9]{0,62}){0,4}$/,
    canonical: (name) => name,
    rendered: (name) => name,
    owned: [...OWNED],
    isOwned,
    ownedRemedy: () => undefined,
  },
  certificate: { inOneFile: true, forClients: false },
  can: {
    runs: false,
    replicates: false,
    setsPasswords: false,
    backsUp: false,
    restores: false,
    encryptsBackups: false,
  },
};
