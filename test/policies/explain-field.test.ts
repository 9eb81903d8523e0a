import { expect } from 'chai';
import { OWN_MARKS, USER_ANNOTATIONS } from '../../database/vocabulary.ts';
import { explainAnnotation } from '../../policies/explain-annotation.ts';
import { ROOT_NAMES, explainField } from '../../policies/explain-field.ts';
import { KINDS } from '../../database/schema/kinds.ts';
import type { Schema } from '../../database/schema/schema.ts';
import { settingsSchema } from '../../database/schema/settings.ts';

function pageOf(path: string): string {
  const found = explainField(path);
  return found && 'page' in found ? found.page : JSON.stringify(found);
}

/** The paths of all fields with a name of their own. */
function pathsIn({ properties = {}, items, additionalProperties }: Schema, above: string): string[] {
  const entries = items ?? additionalProperties;
  const own = Object.entries(properties).flatMap(([name, child]) => {
    const path = `${above}.${name}`;
    return [path, ...pathsIn(child, path)];
  });
  return [...own, ...(entries ? pathsIn(entries, above) : [])];
}

const HEADS: Readonly<Record<string, readonly [title: string, facts: string]>> = {
  'spec.backup.schedule': [
    'database.spec.backup.schedule',
    'text; not empty; at most 100 characters; default "0 2 * * *".',
  ],
  'db.spec.storage.size': ['database.spec.storage.size', 'a whole number or text; at most 48 characters; required.'],
  'spec.deletionPolicy': [
    'database.spec.deletionPolicy',
    'text; one of Protect, Retain, Delete; at most 8 characters; default "Retain".',
  ],
  'databasebackups.spec.suspend': ['databasebackup.spec.suspend', 'true or false; default false.'],
  'dbuser.spec.permissions[0].access': [
    'databaseuser.spec.permissions.access',
    'text; one of readOnly, readWrite, owner; at most 16 characters; required.',
  ],
  'settings.clusterDomain': [
    'settings.clusterDomain',
    'text; at most 253 characters; in the form ^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$; default "cluster.local".',
  ],
  'status.phase': [
    'database.status.phase',
    'text; one of Pending, Creating, Running, Scaling, Updating, Restoring, FailingOver, Failed, Deleting; at most 16 characters.',
  ],
};

describe('The page of a field', () => {
  for (const [path, [title, facts]] of Object.entries(HEADS)) {
    it(`of ${path} begins with its whole name and what it may be`, () => {
      expect(pageOf(path).split('\n').slice(0, 3)).to.deep.equal([`# ${title}`, '', facts]);
    });
  }

  it('names the fields below it, and marks those that are required', () => {
    expect(pageOf('spec.storage')).to.match(
      /\n {2}size\* +Size of each volume, .*\n {2}storageClassName +StorageClass/,
    );
  });

  const rules: readonly (readonly [path: string, rule: string])[] = [
    ['spec.replicas', 'replicas-range'],
    ['spec.backup.schedule', 'schedule-can-fire'],
    ['spec.backup', 'backup-destination-required'],
    ['spec.networkPolicy.from.ipBlock.cidr', 'address-range'],
    ['spec.parameters.max_connections', 'parameters-accepted'],
    ['databaserestore.spec.targetTime', 'bootstrap-target-time'],
  ];
  for (const [path, rule] of rules) {
    it(`of ${path} names the rule ${rule}`, () => {
      expect(pageOf(path)).to.contain(`\n  ${rule}  `);
    });
  }

  it('names no rule of another field', () => {
    expect(pageOf('spec.replicas')).to.not.contain('schedule-');
  });

  const all = [
    ...KINDS.flatMap(({ singular, spec, status }) => [
      ...pathsIn(spec, `${singular}.spec`),
      ...pathsIn(status, `${singular}.status`),
    ]),
    ...pathsIn(settingsSchema, 'settings'),
  ];
  it(`exists for every field (${all.length} of them), with a description`, () => {
    const bare = all.filter((path) => !pageOf(path).startsWith(`# ${path}\n\n`) || pageOf(path).includes('undefined'));
    expect(all.length).to.be.greaterThan(150);
    expect(bare).to.deep.equal([]);
  });

  const problems: Readonly<Record<string, string>> = {
    'spec.bakup': 'there is no field "bakup" in database.spec; did you mean database.spec.backup?',
    'spec.version.major': 'there is no field "major" in database.spec.version; it has no fields',
    'dbrestore.spec.':
      'there is no field "" in databaserestore.spec; it has databaseRef, backupRef, backup, targetTime, targetLSN, targetName, confirmOverwrite',
    'spec.__proto__': 'there is no field "__proto__" in database.spec; it has ',
    'spec.constructor': 'there is no field "constructor" in database.spec; it has ',
  };
  for (const [path, problem] of Object.entries(problems)) {
    it(`does not exist for ${path}, and says what does`, () => {
      const found = explainField(path);
      expect(found && 'problem' in found ? found.problem.slice(0, problem.length) : found).to.equal(problem);
    });
  }

  it('does not exist for a path of no kind', () => {
    expect(explainField('deployment.spec')).to.equal(undefined);
  });

  it('begins with any of the names that are told', () => {
    for (const name of ROOT_NAMES) expect(pageOf(name)).to.contain(`# ${name}\n`);
  });
});

describe('The page of an annotation', () => {
  for (const { key } of [...USER_ANNOTATIONS, ...OWN_MARKS]) {
    it(`exists for ${key}, without Markdown`, () => {
      const found = explainAnnotation(key);
      expect('page' in found && found.page)
        .to.match(new RegExp(`^# ${key}\n`))
        .and.to.not.match(/`|\]\(/);
    });
  }

  it('of a misspelt one is the suggestion of another', () => {
    expect(explainAnnotation('db.example.com/swichover')).to.deep.equal({
      problem: 'there is no annotation "db.example.com/swichover"; did you mean db.example.com/switchover?',
    });
  });
});
