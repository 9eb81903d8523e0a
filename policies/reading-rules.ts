import type { ReadingRule } from './rule.ts';

const rule = (
  id: string,
  why: string,
  remedy: string,
  examples: { allowed?: readonly string[]; denied?: readonly string[] } = {},
): ReadingRule => ({
  id,
  path: '',
  severity: 'error',
  why,
  remedy,
  allowed: examples.allowed ?? [],
  denied: examples.denied ?? [],
});

const FIRST = 'apiVersion: db.example.com/v1alpha1\nkind: Database\nmetadata: {name: orders}\n';
const database = (...spec: string[]): string => `${FIRST}spec:\n${spec.map((line) => `  ${line}\n`).join('')}`;
const userWith = (permissions: string): string =>
  `${FIRST.replace('Database', 'DatabaseUser')}spec:\n  databaseRef: {name: orders}\n  permissions: [${permissions}]\n`;
const STORAGE = 'storage: {size: 10Gi}';
const GOOD = database('version: 16', STORAGE);
const manyNumbers = Array.from({ length: 1100 }, (_, at) => `a${at}: 01`).join(', ');

/**
 * The checks of the reader itself, before any rule about databases: the file, its YAML, its fields. The code is in database/read/ and
 * database/parse.ts; here are the reasons, for `ballast explain` and the rule pages.
 */
export const READING_RULES: readonly ReadingRule[] = [
  rule(
    'file-unreadable',
    'A file that cannot be read might hold a database that would then be missing.',
    'make it readable, or leave it out with --exclude',
  ),
  rule(
    'file-too-large',
    'No Kubernetes object is that large, and reading it could take all memory.',
    'split the file, or leave it out with --exclude',
  ),
  rule(
    'file-outside-tree',
    'A link that leads out of the tree would render files that are not under review.',
    'copy the file into the tree, or leave the link out with --exclude',
  ),
  rule(
    'file-git-repository',
    'Git obeys the settings of a repository that it finds: a tree that brings one can run programs and choose what a change is compared with.',
    'remove it from the tree, make it a submodule, or leave the folder out with --exclude',
  ),
  rule(
    'settings-place',
    'Settings that nobody reads would leave other storage classes and images in force than those that stand there.',
    'move them to ballast.yaml at the root of the repository, or name the file with --settings',
  ),
  rule(
    'facts-time',
    'What a cluster said long ago need not be true any more: facts older than a day warn, and refuse nothing. Facts of the future would never grow old.',
    'read the facts again (ballast facts)',
  ),
  rule(
    'settings-immutable',
    'Settings reach every Database: a change of what the API server lets nobody change would stop the sync after the merge.',
    'take the change back; new Databases that need another class name it in spec.storage.storageClassName',
  ),
  rule(
    'file-not-compared',
    'A shrink or a deletion would pass unseen where the state before is missing: in a submodule whose earlier commit is not here, or in an overlay that did not build.',
    'fetch the commit of the submodule, check the submodule out, or leave it out with --exclude; mend the overlay first, or name what was before with --previous',
  ),
  rule(
    'kustomize-build',
    'What does not build is not deployed either, and a Database in it cannot be judged.',
    'correct what kustomize names; what needs the network, plugins or charts is built by you and read as a stream',
  ),
  rule(
    'file-encoding',
    'Kubernetes reads UTF-8 only; other bytes would come out as other letters.',
    'save the file as UTF-8',
  ),
  {
    ...rule(
      'file-byte-order-mark',
      'Some tools take the invisible mark at the start of a file for a part of the first key.',
      'save the file as UTF-8 without a byte-order mark',
      { denied: [`\ufeff${GOOD}`], allowed: [GOOD] },
    ),
    severity: 'warning',
  },
  {
    ...rule(
      'file-line-ends',
      'Windows line ends become part of text blocks, and make every line of a diff differ.',
      'save the file with LF line ends; `* text=auto eol=lf` in .gitattributes does it for all',
      { denied: [GOOD.replaceAll('\n', '\r\n')], allowed: [GOOD] },
    ),
    severity: 'warning',
  },
  {
    ...rule(
      'name-taken-in-tree',
      'Two manifests of one kind and name are one object in the cluster: whichever is applied last overwrites the other.',
      'choose another name, or rename what is there: one of the two would overwrite the other',
    ),
    severity: 'warning',
  },
  {
    ...rule(
      'metadata-server-set',
      'An object as the cluster gives it carries its uid, its version and who wrote which field. In Git they are of the past: server-side apply refuses managedFields, and a resourceVersion is a conflict at every sync. They are left out of what is rendered, as status is.',
      'remove these fields from the file; name, namespace, labels and annotations are yours',
      { denied: [GOOD.replace('{name: orders}', '{name: orders, resourceVersion: "123456"}')], allowed: [GOOD] },
    ),
    severity: 'warning',
  },
  rule(
    'namespace-required',
    'Where --require-namespace is given, nobody wants to rely on the namespace that a tool happens to assume.',
    'add metadata.namespace',
  ),
  rule(
    'yaml-syntax',
    'What is no YAML cannot be checked, and Argo CD could not read it either.',
    'correct it, or leave the file out with --exclude',
    { denied: ['a: [', 'a:\n\tb: 1\n'], allowed: [GOOD] },
  ),
  rule('yaml-duplicate-key', 'Of two equal keys only one counts, and tools disagree which.', 'remove one of the two', {
    denied: [database('version: 16', 'version: 17', STORAGE)],
    allowed: [GOOD],
  }),
  rule('yaml-nesting-depth', 'Nesting without end is an attack on the reader, not a database.', 'flatten it', {
    denied: [`a: ${'['.repeat(200)}${']'.repeat(200)}\n`],
    allowed: [GOOD],
  }),
  rule('yaml-alias-limit', 'A few nested aliases can stand for billions of values.', 'write the values out', {
    denied: [`a: &a 1\nb: [${'*a,'.repeat(300)}]\n`],
    allowed: [`${FIRST}spec: {version: &v 16, ${STORAGE}, parameters: {seq_page_cost: *v}}\n`],
  }),
  rule('yaml-forbidden-key', 'A key named __proto__ means something else to programs than to people.', 'remove it', {
    denied: [database('version: 16', STORAGE, 'parameters: {__proto__: x}')],
    allowed: [GOOD],
  }),
  rule(
    'yaml-octal-number',
    'YAML reads a number with a leading zero in base eight: 0644 is 420.',
    'quote it, or write the number without the zero',
    {
      denied: [database('version: 16', STORAGE, 'parameters: {log_file_mode: 0640}')],
      allowed: [database('version: 16', STORAGE, 'parameters: {log_file_mode: "0640"}')],
    },
  ),
  rule(
    'more-findings',
    'A file that is wrong in a thousand places has few causes, and nobody reads the thousand; the rest is counted.',
    'correct what is told, and run again',
    { denied: [database('version: 16', STORAGE, `parameters: {${manyNumbers}}`)], allowed: [GOOD] },
  ),
  rule('schema-kind', 'Ballast has a fixed list of kinds in one version of its API.', 'choose a kind that exists', {
    denied: [GOOD.replace('Database', 'Databse')],
    allowed: [GOOD],
  }),
  rule('schema-required', 'Without this field nobody can tell what is meant.', 'add the field', {
    denied: [database('version: 16')],
    allowed: [GOOD],
  }),
  rule(
    'schema-unknown-field',
    'A misspelt field would be dropped by Kubernetes without a word, and the default would rule.',
    'correct the name, or remove the field',
    { denied: [database('version: 16', STORAGE, 'replcas: 3')], allowed: [GOOD] },
  ),
  rule(
    'schema-type',
    'The value has another form than the field; often YAML read an unquoted word differently than it looks.',
    'write the value in the form of the field, with quotes where it is text',
    {
      denied: [database('version: 16.10', STORAGE), database('version: 16', STORAGE, 'replicas: "3"')],
      allowed: [database('version: "16.10"', STORAGE)],
    },
  ),
  rule('schema-enum', 'The field takes one of a fixed list of words.', 'choose one of the list', {
    denied: [database('version: 16', STORAGE, 'engine: postgres')],
    allowed: [GOOD],
  }),
  rule(
    'schema-duplicate',
    'Of two entries for the same thing one would win, and the API server refuses them.',
    'put both into one entry, or remove one',
    {
      denied: [userWith('{database: app, access: owner}, {database: app, access: readOnly}')],
      allowed: [userWith('{database: app, access: owner}, {database: audit, access: readOnly}')],
    },
  ),
  rule(
    'schema-limit',
    'Every field has bounds, so that no object is too large for the API server to check.',
    'stay within the bounds',
    { denied: [database('version: 16', STORAGE, `priorityClassName: ${'a'.repeat(300)}`)], allowed: [GOOD] },
  ),
];
