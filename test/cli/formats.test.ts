import { expect } from 'chai';
import { RUNS_MS, ballast, eachOf, folderWith } from './run.ts';
import { database, databaseYaml } from './samples.ts';

const FORMATS = ['text', 'json', 'github', 'sarif', 'junit'] as const;
type Format = (typeof FORMATS)[number];

/** Runs validate in all formats on one file; the texts of stdout by format. */
async function reports(file: string, content: string): Promise<{ said: Record<Format, string>; stderr: string }> {
  const folder = folderWith({ [`tree/${file}`]: content });
  const runs = await eachOf(FORMATS, (format) => ballast(folder, ['validate', 'tree', '--format', format]));
  const said = Object.fromEntries(FORMATS.map((format, index) => [format, runs[index]?.stdout ?? '']));
  return { said: said as Record<Format, string>, stderr: runs[0]?.stderr ?? '' };
}

/** Whether a text is XML of the plain kind that reports are: every tag closed, nothing raw that must be escaped. */
function isWellFormed(xml: string): boolean {
  const open: string[] = [];
  const rest = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  const outside = rest.replace(/<(\/?)([a-z-]+)((?: [a-z]+="[^"<]*")*)>/g, (_, close: string, name: string) => {
    if (close === '') open.push(name);
    else if (open.pop() !== name) open.push('?');
    return '';
  });
  return open.length === 0 && !/[<>]|&(?!amp;|lt;|gt;|quot;|#10;)/.test(outside);
}

// eslint-disable-next-line no-control-regex -- exactly these must not come out
const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

const HOSTILE = databaseYaml(
  '"\\e[31mred\\nline": 1',
  'parameters: {"a\\r\\nb\\e]0;title\\a": "1", c: "\\x9b31m\\u2028\\u202e", "<&>\\"\'%0A::error::x": y}',
  'priorityClassName: "x\\n::error::owned\\e[2J"',
);

describe('A report of two problems', function () {
  this.timeout(RUNS_MS);
  let said: Record<Format, string>;
  let stderr: string;
  before(async () => {
    ({ said, stderr } = await reports('orders.yaml', databaseYaml('replicas: 4', 'replcas: 3')));
  });

  it('is in text a line each: place, weight, path, problem, remedy, rule', () => {
    expect(said.text).to.equal(
      [
        'tree/orders.yaml:7:13: warning: spec.replicas: 4: should be odd: an even number survives no more failures than one less; use one member less, or one more (replicas-odd)',
        'tree/orders.yaml:8:3: error: spec.replcas: must not be set: there is no such field; did you mean "replicas"? (schema-unknown-field)',
        '',
      ].join('\n'),
    );
  });

  it('closes with a summary on stderr', () => {
    expect(stderr).to.equal('1 object in 1 file: 1 error, 1 warning\n');
  });

  it('is in json exactly the fields of the contract, in their order', () => {
    const rows = JSON.parse(said.json) as Record<string, unknown>[];
    expect(Object.entries(rows[1] ?? {})).to.deep.equal([
      ['file', 'tree/orders.yaml'],
      ['line', 8],
      ['column', 3],
      ['kind', 'Database'],
      ['namespace', 'shop'],
      ['name', 'orders'],
      ['path', 'spec.replcas'],
      ['severity', 'error'],
      ['rule', 'schema-unknown-field'],
      ['problem', 'must not be set: there is no such field'],
      ['remedy', 'did you mean "replicas"?'],
    ]);
    expect(rows.map(({ severity }) => severity)).to.deep.equal(['warning', 'error']);
  });

  it('is for GitHub an annotation each', () => {
    const lines = said.github.trimEnd().split('\n');
    expect(lines).to.have.length(2);
    expect(lines[1]).to.equal(
      '::error file=tree/orders.yaml,line=8,col=3,title=schema-unknown-field::spec.replcas: must not be set: there is no such field; did you mean "replicas"?',
    );
  });

  it('is in SARIF a log of version 2.1.0 with all that it requires', () => {
    const log = JSON.parse(said.sarif);
    expect(log).to.include({ version: '2.1.0' });
    const [run] = log.runs;
    expect(run.tool.driver).to.include({ name: 'ballast' });
    expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).to.have.members([
      'replicas-odd',
      'schema-unknown-field',
    ]);
    expect(run.results[1]).to.deep.include({ ruleId: 'schema-unknown-field', level: 'error' });
    expect(run.results[1].locations).to.deep.equal([
      {
        physicalLocation: {
          artifactLocation: { uri: 'tree/orders.yaml' },
          region: { startLine: 8, startColumn: 3 },
        },
      },
    ]);
  });

  it('is in JUnit a failed case', () => {
    expect(said.junit).to.satisfy(isWellFormed).and.contain('<testsuite name="ballast" tests="1" failures="1">');
  });
});

describe('A report of nothing', function () {
  this.timeout(RUNS_MS);

  it('is empty in text and for GitHub, [] in json, and whole in SARIF and JUnit', async () => {
    const { said } = await reports('orders.yaml', database('orders'));
    expect({ text: said.text, github: said.github, json: said.json }).to.deep.equal({
      text: '',
      github: '',
      json: '[]\n',
    });
    expect(JSON.parse(said.sarif)).to.deep.include({ version: '2.1.0' });
    expect(said.junit).to.satisfy(isWellFormed).and.contain('tests="1" failures="0"');
  });
});

describe('A report on hostile names and values', function () {
  this.timeout(RUNS_MS);
  let said: Record<Format, string>;
  let count: number;
  before(async () => {
    ({ said } = await reports('a%0A,b:c\n::error::\u001b[31m.yaml', HOSTILE));
    count = (JSON.parse(said.json) as unknown[]).length;
  });

  it('is one of several findings', () => {
    expect(count).to.be.greaterThan(4);
  });

  for (const format of ['text', 'github'] as const) {
    it(`has in ${format} a line each, and no character that a terminal obeys`, () => {
      expect(said[format].trimEnd().split('\n')).to.have.length(count);
      expect(said[format]).not.to.match(OBEYED);
    });
  }

  it('has for GitHub the file by its real name, escaped, and never a command of its own', () => {
    for (const line of said.github.trimEnd().split('\n')) {
      expect(line).to.match(
        /^::error file=tree\/a%250A%2Cb%3Ac%0A%3A%3Aerror%3A%3A\\u001b\[31m\.yaml,line=\d+,col=\d+,title=[a-z-]+::/,
      );
    }
  });

  it('is well-formed in JUnit', () => {
    expect(said.junit).to.satisfy(isWellFormed).and.not.match(OBEYED);
  });

  it('has in SARIF an address of the file that can be read back', () => {
    const { uri } = JSON.parse(said.sarif).runs[0].results[0].locations[0].physicalLocation.artifactLocation;
    expect(decodeURIComponent(uri)).to.equal('tree/a%0A,b:c\n::error::\u001b[31m.yaml');
  });
});
