import { expect } from 'chai';
import { NO_SETTINGS } from '../../database/settings.ts';
import { familyOf } from '../../database/family.ts';
import { names } from '../../generator/names.ts';
import { render } from '../../generator/render.ts';
import { installation } from '../../installation/installation.ts';
import type { ControllerMode } from '../../installation/options.ts';
import { DEFAULT_OPTIONS, CONTROLLER_SIZE } from '../../installation/options.ts';
import { filledDatabase } from '../../lab/filled-database.ts';
import { rehearse } from '../controller/scenarios/rehearsal.ts';
import type { Scenario } from '../controller/scenarios/scenario.ts';
import { SCENARIOS } from '../controller/scenarios/scenarios.ts';
import { annotate } from '../../lab/world/objects.ts';
import { KEY, NAME, NAMESPACE, isRunning, remove, write } from '../../lab/world/stage.ts';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** Everything of a Database's that there can be, with volumes of backups and monitoring. */
const EVERYTHING = {
  ...{ replicas: 2, deletionPolicy: 'Delete', monitoring: { enabled: true } },
  backup: { enabled: true, schedule: '0 2 * * *', destination: 'pvc://' },
};

/** What no other scenario comes to: kinds that few Databases have, and a member that is not evicted because it does not serve. */
const FURTHER: readonly Scenario[] = [
  {
    name: 'the pods are requested to be others while one does not serve',
    modes: ['direct', 'gitops'],
    before: { replicas: 3 },
    change: (stage) => {
      stage.scene.cluster.kill(`${KEY}-2`);
      write(stage, { replicas: 3, resources: { requests: { memory: '2Gi' } } });
    },
    isOver: (scene) => isRunning(scene, 3),
    mayDestroy: () => true,
    anyMayLead: true,
  },
  {
    name: 'a Database with everything is made',
    modes: ['direct', 'gitops'],
    change: (stage) => {
      write(stage, EVERYTHING);
    },
    isOver: (scene) => isRunning(scene, 2),
  },
  {
    name: 'a Database with everything is deleted',
    modes: ['direct', 'gitops'],
    before: EVERYTHING,
    change: (stage) => {
      annotate(stage.scene.fake, 'Database', KEY, { annotations: { 'db.example.com/confirm-delete': NAME } });
      remove(stage);
    },
    isOver: ({ fake }) => fake.get('Database', KEY) === undefined,
    mayDestroy: () => true,
  },
];

/** Rights that the API server checks without a request for them. */
const NEVER_ASKED = [
  'act-within controllers.policies.db.example.com',
  'escalate roles.rbac.authorization.k8s.io',
  'bind roles.rbac.authorization.k8s.io',
];

function rightsIn(rules: readonly Rule[]): string[] {
  return rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}.${group}`))),
  );
}

/** The rights of a controller for all namespaces, from its installation and from the Role that is rendered with a Database. */
function grantedRights(mode: ControllerMode): Set<string> {
  const controller = { ...CONTROLLER_SIZE, mode, namespaces: [] };
  const spec = { version: '17', storage: { size: '1Gi' } };
  const rendered = render(familyOf(filledDatabase({ name: NAME, namespace: NAMESPACE }, spec)), NO_SETTINGS);
  const own = rendered.filter(
    ({ kind, metadata }) => kind === 'Role' && (metadata as { name: string }).name === names.controllerRole(NAME),
  );
  const roles = installation({ ...DEFAULT_OPTIONS, controller }).filter(({ kind }) => kind.endsWith('Role'));
  return new Set([...roles, ...own].flatMap(({ rules }) => rightsIn(rules as unknown as Rule[])));
}

describe('The rights of the controller', function () {
  this.timeout(120_000);
  const requested = { direct: new Set<string>(), gitops: new Set<string>() };

  before(async () => {
    for (const scenario of [...SCENARIOS, ...FURTHER]) {
      for (const mode of scenario.modes) {
        for (const right of (await rehearse(scenario, mode)).rights) requested[mode].add(right);
      }
    }
  });

  it('are all that it asks for where others apply what is rendered, and no other', () => {
    const all = [...grantedRights('gitops')].filter((right) => !NEVER_ASKED.includes(right));
    expect([...requested.gitops].sort()).eql(all.sort());
  });

  it('are all that it asks for where it applies that itself, and no other', () => {
    const all = [...grantedRights('direct')].filter((right) => !NEVER_ASKED.includes(right));
    expect([...new Set([...requested.direct, ...requested.gitops])].sort()).eql(all.sort());
  });

  it('to escalate and to bind come with the right to make Roles', () => {
    expect(NEVER_ASKED.filter((right) => grantedRights('direct').has(right))).eql(NEVER_ASKED);
    expect(NEVER_ASKED.filter((right) => grantedRights('gitops').has(right))).eql(NEVER_ASKED.slice(0, 1));
  });
});
