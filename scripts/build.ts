import { rmSync } from 'node:fs';
import { join } from 'node:path';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { build, type Plugin } from 'esbuild';
import { SCHEMAS } from '../database/schema/schemas.ts';
import { createAjv } from '../database/validators.ts';

const ROOT = join(import.meta.dirname, '..');

/** Compiles the validators into plain functions, so that the program needs neither ajv nor its compile time at start. */
function validatorsModule(): string {
  const ajv = createAjv({ code: { source: true, esm: true } });
  for (const [name, schema] of Object.entries(SCHEMAS)) ajv.addSchema({ $id: name, ...schema });
  const names = Object.fromEntries(Object.keys(SCHEMAS).map((name) => [name, name]));
  const toModule = standaloneCode as unknown as (ajv: unknown, names: Record<string, string>) => string;
  const functions = toModule(ajv, names);
  return `${functions}\nconst all = { ${Object.keys(SCHEMAS).join(', ')} };\nexport const validatorOf = (name) => all[name];\n`;
}

const aheadOfTime: Plugin = {
  name: 'validators-ahead-of-time',
  setup(build) {
    build.onLoad({ filter: /database\/validators\.ts$/ }, () => ({
      contents: validatorsModule(),
      loader: 'js',
      resolveDir: ROOT,
    }));
  },
};

// Some packages contain CommonJS, which needs a `require` in an ES module.
const REQUIRE =
  "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);";

// Chunks of an earlier build have other names and would remain.
rmSync(join(ROOT, 'dist'), { recursive: true, force: true });

/** Replaces a module that is imported but never called; throws when it is called. */
const NOT_BUNDLED = `
  function notBundled() { throw new Error('this part of client-node is not in the bundle'); }
  export { notBundled as Agent, notBundled as ProxyAgent, notBundled as ServerConfiguration, notBundled as createConfiguration };
`;
/**
 * KubeConfig also creates client-node's own API clients, with a model of every kind, and undici's connections. Ballast uses neither;
 * without both the servers start with 16 MB less.
 */
const onlyWhatIsUsed: Plugin = {
  name: 'only-what-is-used',
  setup(build) {
    build.onResolve({ filter: /^(undici|\.\/gen\/index\.js)$/ }, ({ path, importer }) =>
      importer.endsWith('/client-node/dist/config.js') ? { path, namespace: 'not-bundled' } : undefined,
    );
    build.onLoad({ filter: /./, namespace: 'not-bundled' }, () => ({ contents: NOT_BUNDLED }));
  },
};

/** Writes dist/: the program, the plugin of kubectl, and the webhook's background thread, without any package at run time. */
await build({
  entryPoints: {
    ballast: join(ROOT, 'cli/main.ts'),
    'kubectl-ballast': join(ROOT, 'cli/kubectl/main.ts'),
    worker: join(ROOT, 'webhook/worker.ts'),
  },
  outdir: join(ROOT, 'dist'),
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
  chunkNames: 'chunks/[name]-[hash]',
  banner: { js: REQUIRE },
  plugins: [aheadOfTime, onlyWhatIsUsed],
  logLevel: 'warning',
});
