import { expect } from 'chai';
import { suggest } from '../../database/suggest.ts';

const FIELDS = ['engine', 'version', 'size', 'replicas', 'storage', 'resources', 'storageClassName', 'timeZone'];

/** A misspelt name, and the name that it stands for. */
const MEANT: Readonly<Record<string, string>> = {
  replcas: 'replicas',
  replica: 'replicas',
  Replicas: 'replicas',
  STORAGE: 'storage',
  storageclassname: 'storageClassName',
  storage_class_name: 'storageClassName',
  'time-zone': 'timeZone',
  timezone: 'timeZone',
  stroage: 'storage',
  repl: 'replicas',
  vers: 'version',
  sizes: 'size',
};

const NOT_MEANT: Readonly<Record<string, string>> = {
  'another word': 'password',
  'a beginning that fits two names': 'stora',
  'a beginning of two letters': 're',
  nothing: '',
  'a text as long as an attack': 'replicas'.repeat(1000),
};

describe('A suggestion', () => {
  for (const [name, meant] of Object.entries(MEANT)) {
    it(`for ${name} is ${meant}`, () => {
      expect(suggest(name, FIELDS)).to.equal(meant);
    });
  }

  for (const [why, name] of Object.entries(NOT_MEANT)) {
    it(`is not made for ${why}`, () => {
      expect(suggest(name, ['replicas', 'resources', 'storage', 'storageClassName'])).to.equal(undefined);
    });
  }

  it('is not made when there is nothing to choose from', () => {
    expect(suggest('replicas', [])).to.equal(undefined);
  });
});
