import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { VERSION } from '../cli/version.ts';
import { KINDS } from '../database/schema/kinds.ts';
import type { Json } from '../database/json.ts';
import { editorSchemas, schemaText } from '../database/schema/editor.ts';
import { emitYaml } from '../generator/emit.ts';
import { kustomizeFiles } from '../installation/kustomize/files.ts';
import { customResourceDefinition } from '../policies/crd.ts';
import { rulePage } from '../policies/explain.ts';
import { ALL_RULES } from '../policies/rules/index.ts';
import { argoFiles } from './argocd/files.ts';
import { typesText } from './write-types.ts';
import { filesWithTables } from './written-tables.ts';

const ROOT = join(import.meta.dirname, '..');
const HEADER = '# Written by `npm run generated` from database/ and policies/. Do not edit.\n';

type Files = ReadonlyMap<string, string>;

function crdFiles(): [string, string][] {
  const definitions = KINDS.map((kind): [string, string] => [
    `crds/${kind.plural}.yaml`,
    HEADER + emitYaml(customResourceDefinition(kind) as Record<string, Json>),
  ]);
  // kustomize reads whole folders above, but no single file of one.
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: KINDS.map(({ plural }) => `${plural}.yaml`).sort(),
  };
  return [...definitions, ['crds/kustomization.yaml', HEADER + emitYaml(kustomization)]];
}

function ruleFiles(): [string, string][] {
  const rows = ALL_RULES.map(({ id, severity, why }) => `| [${id}](${id}.md) | ${severity} | ${why} |`);
  const index = [
    '# Rules',
    '',
    'Every finding names its rule. `ballast explain RULE` prints the page.',
    '',
    '| rule | severity | why |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ];
  return [
    ['docs/rules/README.md', index.join('\n')],
    ...ALL_RULES.map((rule): [string, string] => [`docs/rules/${rule.id}.md`, rulePage(rule)]),
  ];
}

function schemaFiles(): [string, string][] {
  return [...editorSchemas()].map(([name, schema]) => [`schemas/${name}.schema.json`, schemaText(schema)]);
}

async function generatedFiles(): Promise<Files> {
  const tables = filesWithTables((file) => readFileSync(join(ROOT, file), 'utf8'));
  const types: [string, string] = ['database/types.ts', await typesText()];
  const api = [...crdFiles(), ...schemaFiles(), ...ruleFiles()];
  return new Map([...tables, types, ...api, ...argoFiles(), ...kustomizeFiles(VERSION)]);
}

/** Every file of a folder and of its subfolders; empty when the folder is absent. */
function filesIn(folder: string): string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
}

/** Files in the generated folders that have no source any more. */
function leftovers(files: Files): string[] {
  const written = ['crds', 'docs/rules', 'kustomize', 'schemas', 'argocd/resource_customizations'].flatMap(filesIn);
  return written.filter((path) => !files.has(path) && !path.endsWith('.lua'));
}

function stalePaths(files: Files): string[] {
  const current = (path: string): string =>
    existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), 'utf8') : '';
  return [...files].filter(([path, text]) => current(path) !== text).map(([path]) => path);
}

const files = await generatedFiles();
const stale = [...stalePaths(files), ...leftovers(files)];
if (process.argv.includes('--check')) {
  for (const path of stale) console.error(`${path} is out of date; run npm run generated`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const path of leftovers(files)) rmSync(join(ROOT, path));
  for (const [path, text] of files) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
  }
  console.error(`${files.size} files generated, ${stale.length} of them changed`);
}
