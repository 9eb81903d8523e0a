import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { GROUP } from '../../database/schema/common.ts';
import { healthOf } from '../../database/health.ts';
import type { Json } from '../../database/json.ts';
import { emitYaml } from '../../generator/emit.ts';
import { CUSTOMIZED_KINDS, HEALTH_CASES } from './health-cases.ts';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = 'argocd/resource_customizations';
const HEADER = '# Written by `npm run generated` from scripts/argocd/ and database/health.ts. Do not edit.\n';

/** A script of a kind's resource customization, such as `health.lua`. */
export function script(kind: string, path: string): string {
  return readFileSync(join(ROOT, FOLDER, GROUP, kind, path), 'utf8');
}

/** The actions of a kind, by name. */
export function actionsOf(kind: string): string[] {
  const folder = join(ROOT, FOLDER, GROUP, kind, 'actions');
  if (!existsSync(folder)) return [];
  const found = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return found.map(({ name }) => name).sort();
}

/** The tests of a kind's health in the form that Argo CD's own repository takes, with their data. */
function upstreamTests(kind: string): [string, string][] {
  const folder = `${FOLDER}/${GROUP}/${kind}`;
  const cases = HEALTH_CASES[kind] ?? [];
  const tests = cases.map(({ file, object }) => ({
    healthStatus: { ...healthOf(object) },
    inputPath: `testdata/${file}.yaml`,
  }));
  const data = cases.map(({ file, object }): [string, string] => [
    `${folder}/testdata/${file}.yaml`,
    // A case holds nothing that JSON does not.
    HEADER + emitYaml(object as unknown as Record<string, Json>),
  ]);
  return [[`${folder}/health_test.yaml`, HEADER + emitYaml({ tests })], ...data];
}

function actionsText(kind: string): string {
  const definitions = actionsOf(kind).map((name) => ({
    name,
    'action.lua': script(kind, `actions/${name}/action.lua`),
  }));
  return emitYaml({ 'discovery.lua': script(kind, 'actions/discovery.lua'), definitions });
}

/** The keys of argocd-cm that bring the checks and actions into an installation of Argo CD. */
function customizations(): Record<string, string> {
  const entries = CUSTOMIZED_KINDS.flatMap((kind) => [
    ...(actionsOf(kind).length > 0
      ? [[`resource.customizations.actions.${GROUP}_${kind}`, actionsText(kind)] as const]
      : []),
    [`resource.customizations.health.${GROUP}_${kind}`, script(kind, 'health.lua')] as const,
  ]);
  return Object.fromEntries(entries);
}

function configMap(): [string, string] {
  const metadata = { name: 'argocd-cm', namespace: 'argocd', labels: { 'app.kubernetes.io/part-of': 'argocd' } };
  const about = [
    HEADER,
    '#\n',
    '# Health and actions of Ballast’s kinds, to be applied beside what an installation has already:\n',
    '#   kubectl apply --server-side --field-manager=ballast --filename=argocd/argocd-cm.yaml\n',
  ].join('');
  return [
    'argocd/argocd-cm.yaml',
    about + emitYaml({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: customizations() }),
  ];
}

/** The files of `argocd/` that are written from other ones. */
export function argoFiles(): [string, string][] {
  return [configMap(), ...CUSTOMIZED_KINDS.flatMap(upstreamTests)];
}
