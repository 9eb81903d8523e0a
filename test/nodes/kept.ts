import { expect } from 'chai';
import type { DatabaseUser } from './person.ts';

/** Writes down what a Database has to keep, whatever becomes of it. */
export async function writeKept(user: DatabaseUser): Promise<void> {
  await user.asApplication('CREATE TABLE kept (what text); INSERT INTO kept VALUES ($$kept$$)');
}

/** Expects that it is there. */
export async function expectKept(user: DatabaseUser): Promise<void> {
  expect(await user.asApplication('SELECT what FROM kept')).to.equal('kept');
}
