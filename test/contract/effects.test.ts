import { expect } from 'chai';
import fc from 'fast-check';
import { isRecord } from '../../database/record.ts';
import type { Database } from '../../database/object.ts';
import { databaseKind } from '../../database/schema/database.ts';
import type { Schema } from '../../database/schema/schema.ts';
import { databaseEffects } from '../../generator/effects/database.ts';
import { oneWayEffects } from '../../generator/effects/one-way.ts';
import { sideOf } from '../../generator/effects/members.ts';
import { immutableChanges } from '../../generator/immutable.ts';
import { familyOf } from '../../database/family.ts';
import { render } from '../../generator/render.ts';
import { evaluate } from '../../policies/evaluate.ts';
import type { Written } from '../generator/databases.ts';
import { admit, written } from '../generator/databases.ts';
import { NO_SETTINGS } from '../../database/settings.ts';
import { CONTEXT } from './objects.ts';

const WAY = 'it is how the place is reached, not which one it is';

/** Fields whose changes have no effect, each with the reason, which also covers the fields below. */
const SILENT: Readonly<Record<string, string>> = {
  'backup.schedule': 'it is when backups are made',
  'backup.timeZone': 'it is when backups are made',
  'backup.destination.s3.region': WAY,
  'backup.destination.s3.uriStyle': WAY,
  'backup.destination.azure.uriStyle': WAY,
  'backup.verify': 'a verification works on a copy',
  'backup.encryption': 'it cannot change where backups lie already',
  bootstrap: 'it is read once, when the Database is made',
  engine: 'it cannot change',
  'storage.storageClassName': 'it cannot change',
};

const isFail = ({ severity }: { severity: string }): boolean => severity === 'error';

/** Fields of the spec of a Database that hold a value, or a list or map of them. */
function fieldsOf({ properties }: Schema, above = ''): string[] {
  return Object.entries(properties ?? {}).flatMap(([name, schema]) => {
    const field = `${above}${name}`;
    return schema.properties ? fieldsOf(schema, `${field}.`) : [field];
  });
}

const SPEC = databaseKind.spec;

/** Why a change of a field has no effect; undefined when it has one. */
function reasonOf(field: string): string | undefined {
  return Object.entries(SILENT).find(([silent]) => field === silent || field.startsWith(`${silent}.`))?.[1];
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => (isRecord(inner) ? inner[name] : undefined), value);
}

/** A copy of a spec with another value at a field; without the field when the value is undefined. */
function withAt(spec: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown): object {
  const { [name]: before, ...others } = spec;
  if (rest.length === 0) return { ...others, ...(value !== undefined && { [name]: value }) };
  return { ...others, [name]: withAt(isRecord(before) ? before : {}, rest, value) };
}

function admitted(value: unknown): Database | undefined {
  try {
    return admit(value);
  } catch {
    return undefined;
  }
}

interface Pair {
  readonly field: string;
  readonly old: Database;
  readonly now: Database;
}

/** A Database, and the same with one field as another Database has it, where the rules let that through. */
function pairsOf(a: Written, b: Written): Pair[] {
  const old = admit(a);
  return fieldsOf(SPEC).flatMap((field) => {
    const path = field.split('.');
    const [before, after] = [at(a.spec, path), at(b.spec, path)];
    if (JSON.stringify(before) === JSON.stringify(after)) return [];
    const now = admitted({ ...a, spec: withAt(a.spec, path, after) });
    if (!now || evaluate({ object: now, old }, CONTEXT).some(isFail)) return [];
    return [{ field, old, now }];
  });
}

function told({ old, now }: Pair): { readonly level: string; readonly text: string }[] {
  const sides = [old, now].map((database) => sideOf(database, render(familyOf(database), NO_SETTINGS)));
  return [...databaseEffects(sides[0], sides[1]), ...oneWayEffects([{ old, now }], CONTEXT)({ old, now })];
}

/** Few Databases are backed up there by chance, and fewer differ in one part of it. */
const inAzure = written.filter(({ spec }) => at(spec, ['backup', 'destination', 'azure']) !== undefined);

const PAIRS: readonly Pair[] = [
  ...fc.sample(fc.tuple(written, written), { numRuns: 600, seed: 12 }),
  ...fc.sample(fc.tuple(inAzure, inAzure), { numRuns: 20, seed: 12 }),
].flatMap(([a, b]) => pairsOf(a, b));

describe('Every field that can change', function () {
  // Every pair is rendered twice.
  this.timeout(60_000);

  const loud = new Set(PAIRS.filter((pair) => told(pair).length > 0).map(({ field }) => field));

  for (const field of fieldsOf(SPEC)) {
    const reason = reasonOf(field);
    if (reason !== undefined) {
      it(`${field} changes without an effect: ${reason}`, () => {
        expect([...loud]).to.not.include(field);
      });
    } else {
      it(`${field} has an effect that diff tells`, () => {
        expect([...loud]).to.include(field);
      });
    }
  }

  it('is reported as one way exactly when the rules refuse the reverse change', () => {
    const wrong = PAIRS.filter((pair) => {
      const back = evaluate({ object: pair.old, old: pair.now }, CONTEXT).some(isFail);
      return back !== told(pair).some(({ level }) => level === 'one-way');
    });
    expect(PAIRS.length).to.be.greaterThan(1000);
    expect(wrong.map(({ field }) => field)).to.deep.equal([]);
  });

  it('is reported as one way, or renders back to objects that the API server accepts as an update', () => {
    const stuck = PAIRS.filter((pair) => !told(pair).some(({ level }) => level === 'one-way')).flatMap(
      ({ field, old, now }) =>
        immutableChanges(render(familyOf(now), NO_SETTINGS), render(familyOf(old), NO_SETTINGS)).map(
          (change) => `${field}: ${change}`,
        ),
    );
    expect(stuck).to.deep.equal([]);
  });
});
