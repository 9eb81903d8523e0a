import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import ts from 'typescript';
import { ENGINES, ENGINE_NAMES } from '../../database/engines/index.ts';
import { ACTING } from '../../controller/engines/acting.ts';
import { CONTROLS } from '../../controller/engines/index.ts';
import { objectRule } from '../../policies/rule.ts';
import { OBJECT_RULES } from '../../policies/rules/index.ts';
import { celHolds } from './cel.ts';
import { CONTEXT, casesOf, changeOf } from './objects.ts';

const ROOT = join(import.meta.dirname, '../..');
const LAYERS = [
  ...['database', 'policies', 'generator', 'review', 'certificates', 'kubernetes', 'webhook', 'controller'],
  ...['installation', 'cli'],
];
/** Where code may know which engine it is about; all other code asks what stands there. */
const ROOMS: readonly string[] = [
  // The facts themselves.
  'database/engines/',
  // The list of engines that the API has.
  'database/schema/',
  // The manifests of one engine, and its control.
  ...ENGINE_NAMES.flatMap((engine) => [`generator/${engine}/`, `controller/engines/${engine}/`]),
];

const SOURCES = LAYERS.flatMap((layer) =>
  readdirSync(join(ROOT, layer), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(layer, file)),
).filter((file) => !ROOMS.some((room) => file.startsWith(room)));

const NAMES: ReadonlySet<string> = new Set(ENGINE_NAMES);
const COMPARES: ReadonlySet<ts.SyntaxKind> = new Set([
  ...[ts.SyntaxKind.EqualsEqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsEqualsToken],
  ...[ts.SyntaxKind.EqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsToken],
]);

/** Names in the CEL of a rule: what makes CEL of the facts has none in its source. */
const IN_CEL = new RegExp(`engine\\s*(?:[!=]=|in)[\\s[]*['"](?:${ENGINE_NAMES.join('|')})['"]`);

const isName = (node: ts.Node): boolean => ts.isStringLiteralLike(node) && NAMES.has(node.text);
const isOneEngine = (node: ts.Node): boolean =>
  isName(node) || (ts.isPropertyAccessExpression(node) && NAMES.has(node.name.text));

/** Whether code takes one of several ways by the name of an engine. */
function decidesByName(node: ts.Node): boolean {
  if (ts.isBinaryExpression(node) && COMPARES.has(node.operatorToken.kind))
    return isOneEngine(node.left) || isOneEngine(node.right);
  if (ts.isCaseClause(node)) return isOneEngine(node.expression);
  if (ts.isElementAccessExpression(node)) return isName(node.argumentExpression);
  if (ts.isArrayLiteralExpression(node)) return node.elements.some(isName);
  return (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) && IN_CEL.test(node.getText());
}

function findAll(text: string, isWanted: (node: ts.Node) => boolean): string[] {
  const source = ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const walk = (node: ts.Node): void => {
    if (isWanted(node)) found.push(node.getText());
    ts.forEachChild(node, walk);
  };
  walk(source);
  return found;
}

describe('Code that holds for every engine', () => {
  it('decides nothing by the name of one', () => {
    const found = SOURCES.flatMap((file) =>
      findAll(readFileSync(join(ROOT, file), 'utf8'), decidesByName).map((text) => `${file}: ${text}`),
    );
    expect(found).eql([]);
  });

  it('reads nothing of what PostgreSQL alone keeps of its cluster', () => {
    const isOwnState = (node: ts.Node): boolean => ts.isIdentifier(node) && node.text === 'patroni';
    // The field is declared there, beside what is seen of every engine.
    const others = SOURCES.filter((file) => file.startsWith('controller/') && !file.endsWith('/observation.ts'));
    expect(others.filter((file) => findAll(readFileSync(join(ROOT, file), 'utf8'), isOwnState).length > 0)).eql([]);
  });

  for (const [form, text] of [
    ['a comparison', "const is = engine === 'postgresql';"],
    ['a comparison the other way round', "if ('mysql' !== spec.engine) stop();"],
    ['a case', "switch (engine) { case 'mongodb': stop(); }"],
    ['a table that one engine is taken from', "const one = TABLE['postgresql'];"],
    ['a comparison with the facts of one', 'const is = facts === ENGINES.postgresql;'],
    ['a list', "const alone = ['mysql', 'mongodb'].includes(engine);"],
    ['CEL', "const rule = { cel: `self.engine == 'postgresql' || ${other}` };"],
    ['CEL with a list', 'const rule = { cel: "self.engine in [\'mysql\']" };'],
  ] as const) {
    it(`is found by this test where it decides by ${form}`, () => {
      expect(findAll(text, decidesByName)).length(1);
    });
  }
});

describe('What Ballast can do with an engine', () => {
  for (const engine of ENGINE_NAMES) {
    const { can } = ENGINES[engine];

    it(`is what its control and its acts do: ${engine}`, () => {
      const { facts, replication } = CONTROLS[engine];
      const { steps, accounts } = ACTING[engine];
      expect(facts).equal(ENGINES[engine]);
      expect(replication !== undefined, 'leads members').equal(can.replicates);
      expect('switchover' in steps && 'configure' in steps && 'release-leader-lock' in steps).equal(can.replicates);
      expect(accounts !== undefined, 'sets passwords').equal(can.setsPasswords);
    });
  }
});

describe('A rule about one engine', () => {
  for (const rule of OBJECT_RULES.filter(({ engine }) => engine !== undefined)) {
    it(`finds nothing in Databases of others: ${rule.id}`, () => {
      const found = ENGINE_NAMES.flatMap((engine) =>
        casesOf(rule, rule.denied).map((one) => {
          const { object } = changeOf(rule, {
            ...one,
            example: { ...one.example, spec: { ...one.example.spec, engine } },
          });
          return { engine, count: rule.check(object, undefined, CONTEXT).length };
        }),
      );
      for (const { engine, count } of found) expect(count > 0, engine).equal(engine === rule.engine);
    });
  }

  for (const [about, cel, celOfObject] of [
    ['the spec', 'self.replicas == 1', undefined],
    ['the whole object', 'self.spec.replicas == 1', true],
  ] as const) {
    it(`says the same in CEL about ${about}, without asking for the engine itself`, () => {
      const rule = objectRule({
        ...{ id: 'one-member', kinds: ['Database'], engine: 'postgresql', path: 'spec.replicas', severity: 'error' },
        ...{ on: 'write', why: '', remedy: '', cel, ...(celOfObject && { celOfObject }), allowed: [], denied: [] },
        check: ({ spec }) => (spec.replicas === 1 ? [] : [{ problem: 'must be 1' }]),
      });
      for (const engine of ENGINE_NAMES) {
        const { object } = changeOf(rule, { kind: 'Database', example: { spec: { engine, replicas: 3 } } });
        const isRefused = engine === rule.engine;
        expect(rule.check(object, undefined, CONTEXT).length > 0, engine).equal(isRefused);
        expect(celHolds(rule, object), engine).equal(!isRefused);
      }
    });
  }
});
