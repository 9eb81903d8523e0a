import { expect } from 'chai';
import type { DatabaseUser } from './person.ts';

/** Records the facts about a Database that must not change. */
export async function writeKept(user: DatabaseUser): Promise<void> {
  await user.asApplication('CREATE TABLE kept (what text); INSERT INTO kept VALUES ($$kept$$)');
}

/** Expects that it is there. */
export async function expectKept(user: DatabaseUser): Promise<void> {
  expect(await user.asApplication('SELECT what FROM kept')).to.equal('kept');
}
