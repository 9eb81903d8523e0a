import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Manifest } from '../../generator/metadata.ts';
import type { AlertCase } from './alerts/cases.ts';
import { COMMON, downCases } from './alerts/common.ts';
import { POSTGRESQL } from './alerts/postgresql.ts';
import { rendered } from './network-scene.ts';
import { hasPromtool, testRules } from './alerts/promtool.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

type Groups = readonly { readonly rules: readonly Rule[] }[];

const MONITORED = { monitoring: { enabled: true }, backup: { destination: 's3://acme-backups/orders' } };

/** The Databases that have alerts, and what each alert does. */
const ENGINES: Readonly<Record<string, { readonly spec: object; readonly cases: readonly AlertCase[] }>> = {
  PostgreSQL: {
    spec: { highAvailability: { maximumLagBytes: 8_388_608 } },
    cases: [...POSTGRESQL, ...COMMON],
  },
  MySQL: { spec: { engine: 'mysql', version: '8.4', replicas: 1 }, cases: [...downCases('mysql_up'), ...COMMON] },
  MongoDB: { spec: { engine: 'mongodb', version: '8.0', replicas: 1 }, cases: [...downCases('mongodb_up'), ...COMMON] },
};

function groupsOf(manifests: readonly Manifest[]): Groups {
  const rule = manifests.find(({ kind }) => kind === 'PrometheusRule');
  return (rule?.['spec'] as { readonly groups: Groups } | undefined)?.groups ?? [];
}

const alertsOf = (spec: object, account?: string): string[] =>
  groupsOf(rendered({ spec: { monitoring: { enabled: true }, ...spec }, ...(account !== undefined && { account }) }))
    .flatMap(({ rules }) => rules)
    .map(({ alert }) => alert);

/** The text of an annotation for these labels. */
const filledIn = (text: string, labels: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, label: string) => labels[label] ?? '');

function expected(rules: readonly Rule[], { alert, fires = [] }: AlertCase): Parameters<typeof testRules>[1]['fires'] {
  const { labels, annotations } = rules.find((rule) => rule.alert === alert)!;
  const { description } = annotations;
  return fires.map(({ labels: own = {}, summary }) => ({
    labels: { ...own, ...labels },
    annotations: { summary, ...(description !== undefined && { description: filledIn(description, own) }) },
  }));
}

for (const [engine, { spec, cases }] of Object.entries(ENGINES)) {
  describe(`The alerts of ${engine}`, function () {
    this.timeout(20_000);
    const groups = groupsOf(rendered({ spec: { ...MONITORED, ...spec } }));
    const rules = groups.flatMap((group) => group.rules);

    it('say whose they are and how urgent', () => {
      for (const { labels } of rules) {
        expect(labels).to.deep.include({ namespace: 'shop', database: 'orders' });
        expect(labels['severity']).to.be.oneOf(['warning', 'critical']);
      }
    });

    it('are each shown firing and silent', () => {
      const shown = (fires: boolean): string[] =>
        [...new Set(cases.filter((one) => (one.fires !== undefined) === fires).map(({ alert }) => alert))].sort();
      expect(shown(true)).to.deep.equal(rules.map(({ alert }) => alert).sort());
      expect(shown(false)).to.deep.equal(shown(true));
    });

    for (const one of cases) {
      const title = `${one.alert} ${one.title}`;
      if (!hasPromtool) it.skip(`${title} (promtool is missing: Debian's package prometheus has it)`);
      else it(title, () => expect(testRules(groups, { ...one, fires: expected(rules, one) })).to.equal(''));
    }
  });
}

describe('Alerts', () => {
  it('have a line in docs/monitoring.md each', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/monitoring.md'), 'utf8');
    const told = [...page.matchAll(/^\| `(Database\w+)` \|/gm)].map(([, alert]) => alert);
    const made = Object.values(ENGINES).flatMap(({ spec }) => alertsOf({ ...MONITORED, ...spec }));
    expect(told.sort()).to.deep.equal([...new Set(made)].sort());
  });

  it('of standbys are there with two members or more', () => {
    expect(alertsOf({ replicas: 1 })).to.deep.equal([
      'DatabaseWithoutPrimary',
      'DatabaseExporterDown',
      'DatabaseVolumeFillingUp',
    ]);
  });

  it('ask nothing of exporters that members of an earlier account do not have', () => {
    expect(alertsOf({}, 'orders')).to.deep.equal([
      'DatabaseWithoutPrimary',
      'DatabaseStandbyMissing',
      'DatabaseVolumeFillingUp',
    ]);
  });
});
