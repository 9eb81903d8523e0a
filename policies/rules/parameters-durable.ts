import { objectRule } from '../rule.ts';

const OFF = /^(?:off|false|no|0)$/i;
const ON = /^(?:on|true|yes|1)$/i;

/** Settings with which a crash loses or hides more than the last transactions, and their harmful values. */
const HARMFUL = new Map<string, readonly [form: RegExp, problem: string]>(
  Object.entries({
    fsync: [OFF, 'must be on: without it a crash of the node can destroy the whole database'],
    full_page_writes: [
      OFF,
      'must be on: without it a crash can leave torn pages, and a former primary cannot be rewound',
    ],
    ignore_checksum_failure: [ON, 'must be off: the server would go on with damaged data'],
    zero_damaged_pages: [ON, 'must be off: the server would delete what it cannot read'],
  }),
);

/** Refuses or warns of settings that give up durability. */
export const parametersDurable = objectRule({
  id: 'parameters-durable',
  kinds: ['Database'],
  engine: 'postgresql',
  path: 'spec.parameters',
  severity: 'error',
  on: 'write',
  why: 'Ballast promises that data outlives a crash. These settings trade that for speed, or for a start that hides the damage.',
  remedy: 'remove it; synchronous_commit: off is the safe way to commit faster, it loses the last transactions at most',
  allowed: [
    { spec: { parameters: { fsync: 'on', full_page_writes: 'on' } } },
    { spec: { parameters: { synchronous_commit: 'off' } } },
  ],
  denied: [
    { spec: { parameters: { fsync: 'off' } } },
    { spec: { parameters: { full_page_writes: 'off' } } },
    { spec: { parameters: { Zero_Damaged_Pages: 'on' } } },
  ],
  check: ({ spec }) => {
    return Object.entries(spec.parameters ?? {}).flatMap(([name, value]) => {
      const [form, problem] = HARMFUL.get(name.toLowerCase()) ?? [];
      return form?.test(String(value)) && problem ? [{ path: ['spec', 'parameters', name], value, problem }] : [];
    });
  },
});
