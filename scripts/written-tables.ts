import { CONCERNS } from '../controller/databases/concerns/decide.ts';
import { restore } from '../controller/databases/operations/restore.ts';
import { teardown } from '../controller/databases/operations/teardown.ts';
import { OWN_MARKS, USER_ANNOTATIONS } from '../database/vocabulary.ts';
import { NOT_YET } from '../policies/not-yet.ts';

type Row = readonly string[];

/** The working features, with the tests that show them. */
const WORKS: readonly Row[] = [
  ['`validate`, `generate`, `diff`, `explain`, `crds`', 'works'],
  [
    '`init`, schemas for editors, hooks for pre-commit, the action for GitHub, completion, `kubectl ballast`',
    'works ([how](docs/tools.md)); workflows were tried step by step, not on the forges themselves',
  ],
  ['The webhook, with both kinds of certificates', 'works ([how](docs/webhook.md))'],
  [
    'PostgreSQL 15, 17, 18: status, credentials, rollouts, scaling, growing volumes, hibernation, deletion',
    'works on real nodes ([how](docs/controller.md))',
  ],
  ['PostgreSQL 15, 17, 18: failover and switchover', '[measured](docs/failover.md)'],
  [
    'PostgreSQL: WAL archiving, backups on a schedule and on request, retention, their [verification](docs/verify-backups.md), a restore to a backup or a moment, into a new Database and in place, a cluster rebuilt from Git and bucket',
    'works on real nodes with PostgreSQL 15, to a bucket of S3 and to a volume ([how](docs/backup.md)); Google and Azure with emulators',
  ],
  ['PostgreSQL 14, 16', 'rendered, and the image is described; not built yet ([why](images/README.md))'],
];

function statusRows(): Row[] {
  const notYet = NOT_YET.map(({ what, instead, rule: { id, severity } }) => [
    what,
    `not yet: ${instead}; [${severity}](docs/rules/${id}.md)`,
  ]);
  return [...WORKS, ...notYet];
}

interface ConcernRow {
  readonly name: string;
  readonly why: string;
  readonly whenRefused: 'go on' | 'hold';
}

const CONCERN_HEAD: Row = ['#', 'when', 'why it stands here', 'while it is refused, later rows'];

function concernRows(concerns: readonly ConcernRow[]): Row[] {
  return concerns.map(({ name, why, whenRefused }, index) => {
    return [String(index + 1), name, why, whenRefused === 'hold' ? 'are held' : 'go on'];
  });
}

interface Table {
  /** The file of the table, and the name in its marks. */
  readonly file: string;
  readonly name: string;
  readonly head: Row;
  readonly rows: () => readonly Row[];
}

/** The tables of the docs that are written from data. */
const TABLES: readonly Table[] = [
  { file: 'README.md', name: 'status', head: ['what', 'today'], rows: statusRows },
  {
    file: 'docs/controller.md',
    name: 'annotations',
    head: ['annotation', 'value', 'does'],
    rows: () => USER_ANNOTATIONS.map(({ key, value, does }) => [`\`${key}\``, value, does]),
  },
  {
    file: 'docs/controller.md',
    name: 'marks',
    head: ['mark', 'is', 'on', 'written by', 'says'],
    rows: () => OWN_MARKS.map(({ key, is, on, writer, says }) => [`\`${key}\``, is, on, writer, says]),
  },
  {
    file: 'docs/decisions/0013-controller.md',
    name: 'concerns',
    head: CONCERN_HEAD,
    rows: () => concernRows(CONCERNS),
  },
  {
    file: 'docs/decisions/0013-controller.md',
    name: 'teardown',
    head: CONCERN_HEAD,
    rows: () => concernRows(teardown.way),
  },
  {
    file: 'docs/decisions/0013-controller.md',
    name: 'restore',
    head: CONCERN_HEAD,
    rows: () => concernRows(restore.way),
  },
];

const line = (cells: Row): string => `| ${cells.join(' | ')} |`;

function withTable(text: string, { file, name, head, rows }: Table): string {
  const start = `<!-- ${name}: written by \`npm run generated\` from scripts/written-tables.ts -->`;
  const end = `<!-- end of ${name} -->`;
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${file} must have the lines "${start}" and "${end}"`);
  const table = [line(head), line(head.map(() => '---')), ...rows().map(line)].join('\n');
  return `${text.slice(0, from + start.length)}\n\n${table}\n\n${text.slice(to)}`;
}

/** The files with generated tables in their present state; throws when a file lacks the marks. */
export function filesWithTables(read: (file: string) => string): [string, string][] {
  return [...Map.groupBy(TABLES, ({ file }) => file)].map(([file, tables]) => [
    file,
    tables.reduce(withTable, read(file)),
  ]);
}
