import { MEMBER_ACCOUNT } from '../../database/vocabulary.ts';
import { expect } from 'chai';
import type { Manifest } from '../../generator/metadata.ts';
import { familyOf } from '../../database/family.ts';
import { render } from '../../generator/render.ts';
import { databaseEffects } from '../../generator/effects/database.ts';
import type { Side } from '../../generator/effects/members.ts';
import { admit } from './databases.ts';
import { NO_SETTINGS } from '../../database/settings.ts';
import { nameOf, podsOf } from './manifests.ts';

const OLD = 'orders';
const NEW = 'ballast-member-orders';

function side(account?: string, replicas = 3): Side {
  const annotations = account === undefined ? {} : { [MEMBER_ACCOUNT]: account };
  const database = admit({
    ...{ apiVersion: 'db.example.com/v1alpha1', kind: 'Database' },
    metadata: { name: OLD, namespace: 'shop', annotations },
    spec: { version: '17', replicas, storage: { size: '10Gi' }, backup: { destination: 's3://acme/backups' } },
  });
  return { database, manifests: render(familyOf(database), NO_SETTINGS) };
}

const named = (manifests: readonly Manifest[], kind: string, name: string): Manifest | undefined =>
  manifests.find((one) => one.kind === kind && nameOf(one) === name);

/** Accounts that are made, that members' rights are bound to, and that pods run under. */
function accountsIn({ manifests }: Side): { made: string[]; bound: string[]; pods: string[] } {
  const { subjects } = named(manifests, 'RoleBinding', 'orders-members') as unknown as { subjects: { name: string }[] };
  return {
    made: manifests.filter(({ kind }) => kind === 'ServiceAccount').map(nameOf),
    bound: subjects.map(({ name }) => name),
    pods: [...new Set(podsOf(manifests).map(({ spec }) => spec.serviceAccountName ?? ''))],
  };
}

describe('The account of members', () => {
  it('is one of their own', () => {
    expect(accountsIn(side())).eql({ made: [NEW], bound: [NEW], pods: [NEW] });
  });

  it('is that of an earlier version where the annotation names it, and all is rendered as then', () => {
    expect(accountsIn(side(OLD))).eql({ made: [OLD], bound: [OLD], pods: [OLD] });
  });

  it('changes over while the old one keeps its rights', () => {
    expect(accountsIn(side(NEW))).eql({ made: [NEW, OLD], bound: [NEW, OLD], pods: [NEW] });
  });

  it('that every pod of the namespace may have is never pruned', () => {
    const { database } = side();
    const stands = {
      ...database,
      metadata: { name: 'default', namespace: 'shop', annotations: { [MEMBER_ACCOUNT]: 'ballast-member-default' } },
    };
    const account = named(render(familyOf(stands), NO_SETTINGS), 'ServiceAccount', 'default');
    expect(JSON.stringify(account)).include('Prune=false,Delete=false');
    expect(JSON.stringify(named(side(NEW).manifests, 'ServiceAccount', OLD))).not.include('Prune=false');
  });

  it('that is done with is left out without a change to any pod', () => {
    const [before, after] = [side(NEW), side()].map(({ manifests }) => podsOf(manifests));
    expect(before).eql(after);
    expect(databaseEffects(side(NEW), side())).eql([]);
  });

  it('keeps its rights by name, whatever the number of members', () => {
    const rules = (one: Side): unknown => named(one.manifests, 'Role', 'orders-members')?.['rules'];
    expect(rules(side(undefined, 1))).eql(rules(side(undefined, 9)));
    const names = (rules(side()) as { resourceNames?: string[] }[]).flatMap(({ resourceNames = [] }) => resourceNames);
    expect(names).include.members(['orders-0', 'orders-8', 'orders-leader', 'orders-config']).not.include('orders-9');
  });

  for (const [name, was, now, risk] of [
    [
      'a restart in order when it changes over',
      OLD,
      NEW,
      'switchover: the account of the members changes from orders to ballast-member-orders: standbys restart first',
    ],
    [
      'downtime when changing over is taken back',
      NEW,
      OLD,
      'downtime: the account of the members changes from ballast-member-orders to orders, and they lose their rights before they have restarted',
    ],
    [
      'downtime when the old one goes at once',
      OLD,
      undefined,
      'downtime: the account of the members changes from orders to ballast-member-orders, and they lose their rights before they have restarted: go through db.example.com/member-account: ballast-member-orders',
    ],
    ['nothing when what it is is only written down', undefined, NEW, ''],
  ] as const) {
    it(`is reported in a diff as ${name}`, () => {
      const told = databaseEffects(side(was), side(now)).map(({ level, text }) => `${level}: ${text}`);
      if (risk === '') expect(told).eql([]);
      else expect(told).length(1);
      expect(told.join()).include(risk);
    });
  }

  it('of a single member that changes over is reported as downtime', () => {
    const [risk] = databaseEffects(side(OLD, 1), side(NEW, 1));
    expect(risk?.level).equal('downtime');
    expect(risk?.text).include('the only member restarts');
  });
});
