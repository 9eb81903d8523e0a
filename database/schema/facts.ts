import { moment, object, text, whole } from './common.ts';
import { databaseStatus } from './database-status.ts';
import type { Schema } from './schema.ts';

/** The fields of a Database's status that rules about changes read, in the order of the file. */
export const FACTS_OF_STATUS = [
  'observedGeneration',
  'version',
  'largestVolume',
  'largestClaim',
  'volumesCanGrow',
  'lastVerified',
] as const;

const fields = Object.entries(databaseStatus.properties ?? {});
const status = object(
  'What rules read of its status.',
  Object.fromEntries(FACTS_OF_STATUS.flatMap((name) => fields.filter(([field]) => field === name))),
);

/** The facts that a cluster gives a pull request, as `ballast facts` prints them: no spec, and no secret. */
export const factsSchema: Schema = object(
  'What a cluster says of its Databases; `ballast facts` prints it.',
  {
    observedAt: moment('When it was read.'),
    databases: {
      type: 'array',
      description: 'The Databases, by namespace and name.',
      maxItems: 50_000,
      items: object(
        'One Database.',
        {
          namespace: text('Its namespace.', 63, { minLength: 1 }),
          name: text('Its name.', 253, { minLength: 1 }),
          generation: whole('The generation of its spec.', 0, Number.MAX_SAFE_INTEGER, { format: 'int64' }),
          backups: text('Fingerprint of the place of its backups; absent when it has none.', 16, {
            pattern: '^[0-9a-f]{16}$',
          }),
          status,
        },
        { required: ['namespace', 'name', 'generation', 'status'] },
      ),
    },
  },
  { required: ['observedAt', 'databases'] },
);
