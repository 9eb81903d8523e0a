import { expect } from 'chai';
import { settingsSchema } from '../../../database/schema/settings.ts';
import { filledSettings } from '../../../database/settings.ts';
import { settingsEffects } from '../../../generator/effects/settings.ts';

interface Case {
  readonly was?: object;
  readonly now?: object;
  readonly risks: readonly string[];
}

const PG = 'registry.example.com/pg';
const RUNS = 'it runs with their data and passwords';
const ACCOUNT = 'whoever runs under it can read and destroy the data';

/** A change of each setting, with its effects on all Databases. */
const CASES: Readonly<Record<string, Case>> = {
  nothing: { was: { images: { postgresql: { '17': PG } } }, now: { images: { postgresql: { '17': PG } } }, risks: [] },
  'the defaults, written down': {
    now: { clusterDomain: 'cluster.local', controller: { namespace: 'ballast-system' }, monitoring: false, images: {} },
    risks: [],
  },
  'another image': {
    was: { images: { postgresql: { '16': PG, '17': `${PG}:a` } } },
    now: { images: { postgresql: { '17': 'evil.example.com/pg', '16': PG } } },
    risks: [`none: images.postgresql "17": from "${PG}:a" to "evil.example.com/pg": ${RUNS}`],
  },
  'a first image': {
    now: { images: { mysql: { '8.4': 'evil.example.com/mysql' } } },
    risks: [`none: images.mysql "8.4": from the default to "evil.example.com/mysql": ${RUNS}`],
  },
  'an image of one minor version': {
    was: { images: { postgresql: { '17': PG } } },
    now: { images: { postgresql: { '17': PG, '17.2': 'evil.example.com/pg' } } },
    risks: [`none: images.postgresql "17.2": from the default to "evil.example.com/pg": ${RUNS}`],
  },
  'an image less': {
    was: { images: { mongodb: { '8.0': 'registry.example.com/mongo' } } },
    risks: [`none: images.mongodb "8.0": from "registry.example.com/mongo" to the default: ${RUNS}`],
  },
  'an exporter': {
    now: { images: { exporters: { postgresql: 'evil.example.com/exporter' } } },
    risks: [
      'none: images.exporters "postgresql": from the default to "evil.example.com/exporter": it reads statistics in each of these Databases',
    ],
  },
  'the account of the controller': {
    now: { controller: { serviceAccount: 'mallory' } },
    risks: [
      `data-loss: controller: the rights over every Database, its passwords among them, go to another account, from "ballast-system/ballast-controller" to "ballast-system/mallory": ${ACCOUNT}`,
    ],
  },
  'the namespace of the controller, worse than a label': {
    now: { labels: { team: 'a' }, controller: { namespace: 'mallory' } },
    risks: [
      `data-loss: controller: the rights over every Database, its passwords among them, go to another account, from "ballast-system/ballast-controller" to "mallory/ballast-controller": ${ACCOUNT}`,
      'none: labels: "team": on every object; other programs may obey it',
    ],
  },
  'the domain of the cluster': {
    now: { clusterDomain: 'example.org' },
    risks: ['none: clusterDomain: from "cluster.local" to "example.org": members are reached under other names'],
  },
  'the storage class': {
    was: { storageClassName: 'standard' },
    now: { storageClassName: 'fast' },
    risks: [
      'none: storageClassName: from "standard" to "fast": for Databases that name no class; a volume that exists keeps its class, so its change is refused',
    ],
  },
  'labels and annotations': {
    was: { labels: { a: '1', b: '1', c: '1' } },
    now: { labels: { a: '1', b: '2', d: '1' }, annotations: { 'argocd.argoproj.io/sync-options': 'Prune=true' } },
    risks: [
      'none: labels: "b", "c", "d": on every object; other programs may obey it',
      'none: annotations: "argocd.argoproj.io/sync-options": on every object; other programs may obey it',
    ],
  },
  monitoring: {
    now: { monitoring: true },
    risks: ['none: monitoring: from "false" to "true": for Databases that do not say'],
  },
};

describe('The risks of settings', () => {
  for (const [name, { was = {}, now = {}, risks }] of Object.entries(CASES)) {
    it(`are named for ${name}`, () => {
      expect(
        settingsEffects(filledSettings(was), filledSettings(now)).map(({ level, text }) => `${level}: ${text}`),
      ).to.deep.equal(risks);
    });
  }

  it('are named for every setting there is', () => {
    const fields = Object.keys(settingsSchema.properties ?? {}).sort();
    const named = Object.values(CASES).flatMap(({ risks }) => risks.map((risk) => /: (\w+)/.exec(risk)?.[1]));
    expect([...new Set(named)].sort()).to.deep.equal(fields);
  });
});
