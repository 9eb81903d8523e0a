/** The folders of the program, lowest first: each may use itself and those before it. */
const LAYERS = [
  'database',
  'policies',
  'generator',
  'review',
  'certificates',
  'kubernetes',
  'webhook',
  'controller',
  'installation',
  'cli',
];

/** Folders around the program: they may import everything, and the program imports none of them. */
const AROUND = '^(scripts|lab|test|bench)/';

const layer = (name, index) => ({
  name: `${name}-looks-down-only`,
  comment: `${name}/ is used by what stands above it; were it to use them, no layer could be read or tested alone.`,
  severity: 'error',
  from: { path: `^${name}/` },
  to: { path: `^(${LAYERS.slice(index + 1).join('|')})/` },
});

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...LAYERS.slice(0, -1).map(layer),
    {
      name: 'the-program-needs-no-lab',
      comment:
        'What users install is complete without the simulated world, the three-node cluster, the tests and the benches.',
      severity: 'error',
      from: { path: `^(${LAYERS.join('|')})/` },
      to: { path: AROUND },
    },
    {
      name: 'lab-needs-no-test',
      comment:
        'Tests, measurements and scripts stand on the lab; were it to use a test, none of them could be read or run without it.',
      severity: 'error',
      from: { path: '^lab/' },
      to: { path: '^(test|bench|scripts)/' },
    },
    {
      name: 'kubernetes-knows-no-database',
      comment: 'The client, the watches and the queue would do for any kind; what a Database is stands elsewhere.',
      severity: 'error',
      from: { path: '^kubernetes/' },
      to: { path: '^(database/(schema|read|object|types|family)|policies|generator|review|certificates)' },
    },
    {
      name: 'two-servers',
      comment: 'Webhook and controller run apart, with rights of their own: what both need stands below them.',
      severity: 'error',
      from: { path: '^(webhook|controller)/' },
      to: { path: '^(webhook|controller)/', pathNot: '^$1/' },
    },
    {
      name: 'runtime-knows-no-kind',
      comment: 'The pass, the pacing and the statuses would do for any kind that the controller looks after.',
      severity: 'error',
      from: { path: '^controller/runtime/' },
      to: { path: '^(controller/(?!runtime/)|database/(schema|object|types)|policies|generator)' },
    },
    {
      name: 'databases-know-no-engine',
      comment: 'What holds for every engine asks its control; the next engine is a folder beside the others.',
      severity: 'error',
      from: { path: '^controller/(?!engines/)' },
      to: { path: '^controller/engines/[^/]+/' },
    },
    {
      name: 'engines-read-what-was-seen',
      comment:
        'A control reads what was seen and what is worked out of it; concerns and operations call it, never the other way round.',
      severity: 'error',
      from: { path: '^controller/engines/' },
      to: { path: '^controller/databases/(concerns|operations|status)/' },
    },
    {
      name: 'installation-reads-facts',
      comment:
        'What is installed follows from what the programs ask for, which stands in lists of theirs, not from code that runs.',
      severity: 'error',
      from: { path: '^installation/' },
      to: {
        path: '^(certificates|kubernetes|webhook|controller)/',
        pathNot: '^((kubernetes|webhook|controller)/resources|kubernetes/objects)[.]ts$',
      },
    },
    {
      name: 'servers-review-no-files',
      comment:
        'Servers judge one object as the API server holds it; texts, places in files and whole trees are of the commands.',
      severity: 'error',
      from: { path: '^(certificates|kubernetes|webhook|controller)/' },
      to: { path: '^review/' },
    },
    {
      name: 'pure-code-does-no-io',
      comment:
        'The model, the rules, the renderer, reviews, the installation and decisions give the same result on every machine: no files, no network, no clock.',
      severity: 'error',
      from: {
        path: [
          '^(database|policies|generator|review|installation|controller/databases/(state|concerns|operations|status))/',
          '^controller/backups/(decide|gates|outcome|status)[.]ts$',
        ],
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-cycles',
      comment: 'Two modules that need each other are one module.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-development-packages-in-the-program',
      comment: 'What the program needs at run time must be among its dependencies.',
      severity: 'error',
      from: {
        path: '^(database|policies|generator|review|certificates|kubernetes|installation|cli|webhook|controller)/',
      },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere is checked by nobody.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
