import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { expect } from 'chai';
import { loadAll } from 'js-yaml';
import { EXAMPLES, editorSchemas } from '../../database/schema/editor.ts';
import { KINDS } from '../../database/schema/kinds.ts';
import type { ValueType } from '../../database/schema/schema.ts';
import { ALL_RULES } from '../../policies/rules/index.ts';
import { isTypeRule } from '../../policies/type-rule.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SCHEMAS = editorSchemas();

function compile(name: string): ValidateFunction {
  // Editors ignore formats that they do not know, and words of other tools must not stand there at all.
  const ajv = new Ajv({ strict: true, strictRequired: false, strictTypes: false, validateFormats: false });
  for (const format of ['int32', 'int64']) ajv.addFormat(format, true);
  return ajv.compile(SCHEMAS.get(name) ?? {});
}

const accepts = compile('ballast');

function documents(file: string): unknown[] {
  return loadAll(readFileSync(join(ROOT, file), 'utf8'));
}

const filesIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml') && file !== 'ballast.yaml')
    .map((file) => join(folder, file));

/** The rules that each file of examples/wrong breaks, from the page that the program wrote. */
function brokenRules(): Map<string, string[]> {
  const sections = readFileSync(join(ROOT, 'examples/wrong/MESSAGES.md'), 'utf8').split('\n## ').slice(1);
  return new Map(
    sections.map((section): [string, string[]] => {
      const rules = [...section.matchAll(/ error: .*\(([a-z0-9-]+)\)$/gm)].map(([, rule = '']) => rule);
      return [section.slice(0, section.indexOf('\n')), rules];
    }),
  );
}

/** Of YAML 1.2, as editors read it, this is the text that was meant. */
const ONLY_IN_YAML_1_1 = ['synchronous-unquoted-off.yaml'];

describe('The schema of all kinds', () => {
  for (const file of filesIn('examples/gitops')) {
    it(`accepts ${file}`, () => {
      for (const document of documents(file)) expect(accepts(document), JSON.stringify(accepts.errors)).to.equal(true);
    });
  }

  for (const [file, rules] of brokenRules()) {
    const isSchematic = rules.some((rule) => rule.startsWith('schema-')) && !ONLY_IN_YAML_1_1.includes(file);
    if (!isSchematic) continue;
    it(`refuses ${file}`, () => {
      expect(documents(join('examples/wrong', file)).every((document) => accepts(document))).to.equal(false);
    });
  }

  it('refuses nothing that breaks no rule of a schema, but for what is no YAML', () => {
    const refused = [...brokenRules()]
      .filter(([, rules]) => !rules.some((rule) => rule.startsWith('schema-') || rule.startsWith('yaml-')))
      .filter(([file]) => !documents(join('examples/wrong', file)).every((document) => accepts(document)));
    expect(refused).to.deep.equal([]);
  });

  const foreign: Readonly<Record<string, unknown>> = {
    'a Deployment': { apiVersion: 'apps/v1', kind: 'Deployment', spec: 7 },
    'a Database of another group': { apiVersion: 'example.org/v1', kind: 'Database', spec: {} },
    'an empty document': null,
    'no object': ['a', 'list'],
  };
  for (const [what, value] of Object.entries(foreign)) {
    it(`says nothing about ${what}`, () => {
      expect(accepts(value)).to.equal(true);
    });
  }
});

describe('The schema of each kind', () => {
  for (const { kind, singular } of KINDS) {
    it(`of ${kind} says the same as that of all kinds`, () => {
      const own = compile(singular);
      const objects = filesIn('examples').flatMap((file) => {
        try {
          return documents(file) as { kind?: unknown; apiVersion?: unknown }[];
        } catch {
          return [];
        }
      });
      const ofKind = objects.filter((one) => one.kind === kind && one.apiVersion === 'db.example.com/v1alpha1');
      expect(ofKind.map((object) => own(object))).to.deep.equal(ofKind.map((object) => accepts(object)));
    });
  }

  it('has no word of Kubernetes and none of Ballast’s own', () => {
    const text = JSON.stringify([...SCHEMAS.values()]);
    expect(text).to.not.match(/"x-kubernetes|"holds":|"shortForm":/);
  });

  it('names defaults', () => {
    const text = JSON.stringify(SCHEMAS.get('database'));
    expect(text).to.contain('"default":"0 2 * * *"').and.to.contain('"default":"Retain"');
  });
});

describe('The schema of the settings', () => {
  const judge = compile('settings');

  it('accepts those of the example', () => {
    expect(judge(documents('examples/gitops/ballast.yaml')[0]), JSON.stringify(judge.errors)).to.equal(true);
  });

  it('refuses a field that is not there', () => {
    expect(judge({ clusterDomian: 'cluster.local' })).to.equal(false);
  });
});

describe('Examples in the schemas', () => {
  for (const [type, values] of Object.entries(EXAMPLES)) {
    it(`of ${type} break no rule of their type`, () => {
      const rules = ALL_RULES.filter((rule) => 'kinds' in rule && isTypeRule(rule)).filter(
        (rule) => rule.holds === (type as ValueType),
      );
      const context = { now: new Date('2026-12-01T00:00:00Z') };
      const found = rules.flatMap((rule) => values.flatMap((value) => rule.judge(value, ['spec'], context)));
      expect(rules, 'rules of the type').to.not.be.empty;
      expect(found).to.deep.equal([]);
    });
  }
});
