import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import ts from 'typescript';
import { ENGINES, ENGINE_NAMES } from '../../database/engines/index.ts';
import { ACTING } from '../../controller/engines/acting.ts';
import { CONTROLS } from '../../controller/engines/index.ts';
import { OBJECT_RULES } from '../../policies/rules/index.ts';
import { CONTEXT, casesOf, changeOf } from './objects.ts';

const ROOT = join(import.meta.dirname, '../..');
const LAYERS = [
  ...['database', 'policies', 'generator', 'review', 'certificates', 'kubernetes', 'webhook', 'controller'],
  ...['installation', 'cli'],
];
/** Where the facts, the manifests and the control of a single engine stand; all other code asks these. */
const ROOM =
  /^(database\/engines|generator\/(postgresql|mysql|mongodb)|controller\/engines\/(postgresql|mysql|mongodb))\//;

const SOURCES = LAYERS.flatMap((layer) =>
  readdirSync(join(ROOT, layer), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(layer, file)),
).filter((file) => !ROOM.test(file));

const NAMES: ReadonlySet<string> = new Set(ENGINE_NAMES);
const COMPARES: ReadonlySet<ts.SyntaxKind> = new Set([
  ...[ts.SyntaxKind.EqualsEqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsEqualsToken],
  ...[ts.SyntaxKind.EqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsToken],
]);

const isName = (node: ts.Node): boolean => ts.isStringLiteralLike(node) && NAMES.has(node.text);

/** Whether code takes one of several ways by the name of an engine. */
function decidesByName(node: ts.Node): boolean {
  if (ts.isBinaryExpression(node) && COMPARES.has(node.operatorToken.kind))
    return isName(node.left) || isName(node.right);
  if (ts.isCaseClause(node)) return isName(node.expression);
  return ts.isElementAccessExpression(node) && isName(node.argumentExpression);
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
});
