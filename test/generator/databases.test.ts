import { expect } from 'chai';
import fc from 'fast-check';
import { databaseKind } from '../../database/schema/database.ts';
import type { Schema } from '../../database/schema/schema.ts';
import { databases } from './databases.ts';

type Child = readonly [path: string, schema: Schema, values: (value: unknown) => readonly unknown[]];

const fieldsIn = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

/** The parts of a value of a schema. */
function childrenOf({ properties = {}, additionalProperties, items }: Schema, path: string): Child[] {
  const named = Object.entries(properties).map(([name, schema]): Child => [
    `${path}.${name}`,
    schema,
    (value) => (Object.hasOwn(fieldsIn(value), name) ? [fieldsIn(value)[name]] : []),
  ]);
  const any: Child[] = additionalProperties
    ? [[`${path}.*`, additionalProperties, (v) => Object.values(fieldsIn(v))]]
    : [];
  const each: Child[] = items
    ? [[`${path}[]`, items, (value) => (Array.isArray(value) ? (value as readonly unknown[]) : [])]]
    : [];
  return [...named, ...any, ...each];
}

/** Each thing that a spec may say: a field at the end of its path, in either of its forms, and each word of a list. */
function sayings(schema: Schema, path: string): string[] {
  const { shortForm, ...long } = schema;
  if (shortForm) return [`${path} in short`, ...sayings(long, path)];
  if (schema.enum) return schema.enum.map((word) => `${path}: ${word}`);
  const below = childrenOf(schema, path);
  return below.length === 0 ? [path] : below.flatMap(([place, child]) => sayings(child, place));
}

/** Which of them a value says. */
function said(schema: Schema, path: string, value: unknown): string[] {
  const { shortForm, ...long } = schema;
  if (shortForm) return typeof value === 'object' ? said(long, path, value) : [`${path} in short`];
  if (schema.enum) return [`${path}: ${String(value)}`];
  const below = childrenOf(schema, path);
  if (below.length === 0) return [path];
  return below.flatMap(([place, child, values]) => values(value).flatMap((one) => said(child, place, one)));
}

describe('The Databases that properties are tried with', function () {
  this.timeout(60_000);

  it('say everything that the schema lets a Database say', () => {
    const samples = fc.sample(databases, { numRuns: 3000, seed: 20261127 });
    const all = new Set(samples.flatMap(({ spec }) => said(databaseKind.spec, 'spec', spec)));
    const wanted = sayings(databaseKind.spec, 'spec');
    expect(wanted).to.have.length.above(70);
    expect(wanted.filter((one) => !all.has(one))).to.deep.equal([]);
  });
});
