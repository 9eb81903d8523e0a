import { NOT_YET } from '../policies/not-yet.ts';

const RULES = 'docs/rules';
const START = '<!-- status: written by `npm run generated` from scripts/status-table.ts and policies/not-yet.ts -->';
const END = '<!-- end of status -->';

/** What works, and where that is shown. */
const WORKS: readonly (readonly [what: string, how: string])[] = [
  ['`validate`, `generate`, `diff`, `explain`, `crds`', 'works'],
  ['The webhook, with both kinds of certificates', 'works ([how](docs/webhook.md))'],
  [
    'PostgreSQL 15, 17, 18: status, credentials, rollouts, scaling, growing volumes, hibernation, deletion',
    'works on real nodes ([how](docs/controller.md))',
  ],
  ['PostgreSQL 15, 17, 18: failover and switchover', '[measured](docs/failover.md)'],
  ['PostgreSQL 14, 16', 'rendered, and the image is described; nobody has built it yet ([why](images/README.md))'],
];

function table(): string {
  const rows = [
    ...WORKS,
    ...NOT_YET.map(
      ({ what, instead, rule }) => [what, `not yet: ${instead}; [${rule.severity}](${RULES}/${rule.id}.md)`] as const,
    ),
  ];
  return ['| what | today |', '| --- | --- |', ...rows.map(([what, today]) => `| ${what} | ${today} |`)].join('\n');
}

/** A README with the status table as it is now; throws when it has no place for one. */
export function withStatus(readme: string): string {
  const [start, end] = [readme.indexOf(START), readme.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`README.md must have the lines "${START}" and "${END}"`);
  return `${readme.slice(0, start + START.length)}\n\n${table()}\n\n${readme.slice(end)}`;
}
