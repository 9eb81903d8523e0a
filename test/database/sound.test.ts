import { expect } from 'chai';
import { checkValue } from '../../policies/check.ts';
import { kept } from '../policies/kept.ts';

const NOW = new Date('2026-11-21T00:00:00Z');

function rulesOf(kind: string, spec: object): string[] {
  const value = { apiVersion: 'db.example.com/v1alpha1', kind, metadata: { name: 'orders' }, spec };
  const checked = checkValue(value, { namespace: 'shop', now: NOW });
  return checked.is === 'ours' ? kept(checked.findings).map(({ rule }) => rule) : [];
}

describe('The rest of a wrong object', () => {
  it('is checked when a field that must be there is wrong', () => {
    const spec = { version: 16, storage: { size: [] }, replicas: 12 };
    expect(rulesOf('Database', spec)).to.deep.equal(['schema-type', 'replicas-range']);
  });

  it('is checked when a field is wrong in an entry of a list', () => {
    const permissions = [
      { database: 'app', access: 'all' },
      { database: 'audit', access: 'readOnly' },
    ];
    const spec = { databaseRef: { name: 'orders' }, username: 'postgres', permissions };
    expect(rulesOf('DatabaseUser', spec)).to.deep.equal(['schema-enum', 'user-name']);
  });
});
