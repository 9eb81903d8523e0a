import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { startPlugin, stopPlugin } from '../../lab/gitops/argocd.ts';
import type { PluginServer } from '../../lab/gitops/plugin.ts';
import { Repository } from '../../lab/gitops/repository.ts';
import { ROOT, programsFolder } from '../cli/run.ts';
import { until } from '../cluster/controller.ts';
import { SETTINGS } from '../nodes/installation.ts';
import { expectKept, writeKept } from '../nodes/kept.ts';
import { story } from '../nodes/story.ts';
import { cluster } from '../nodes/suite.ts';
import type { ApplicationOptions, ApplicationState } from './application.ts';
import { startWithArgo } from './argo.ts';
import { Application, OWNED, wordsOf } from './application.ts';
import { cutBefore, cutWithin, inConflict } from './bad-input/damage.ts';
import { Team } from './team.ts';

const NAMESPACE = 'bad-input';
const DONE_MS = 420_000;
/** Longer than Argo CD takes to look at the repository again, and to sync. */
const LOOKS_AGAIN_MS = 12_000;
const SOURCE = `databases/${NAMESPACE}/database-orders.yaml`;
const RENDERED = `rendered/${NAMESPACE}/orders.yaml`;

/** Where an Application finds its manifests. */
type Source = Pick<ApplicationOptions, 'path' | 'source'>;
type Step = () => unknown;

const FILES: Source = { path: 'rendered', source: { directory: { recurse: true } } };
const PLUGIN: Source = { path: 'databases', source: { plugin: { name: 'ballast' } } };

/** Something that is wrong, and what comes of it. */
interface Bad {
  readonly what: string;
  readonly spoil: Step;
  /** What the Application says. */
  readonly says: RegExp;
  /** Puts right what no commit does. */
  readonly mend?: Step;
  /** What Argo CD prunes all the same, and makes again. */
  readonly prunes?: readonly string[];
}

describe('an Application of Argo CD with bad input @long', function () {
  this.timeout('15m');
  let repository: Repository;
  let application: Application;
  let work: string;
  let programs: string;

  const plugin = (): Promise<PluginServer> => {
    const text = readFileSync(join(ROOT, 'argocd/plugin/plugin.yaml'), 'utf8');
    return startPlugin(cluster, { name: 'ballast', text, programs });
  };
  /** Lets the namespace go: its controller has to take its guard away. */
  async function unprotect(): Promise<void> {
    if ((await user.lines('get', 'db', '--output=name')).length === 0) return;
    await user.change({ deletionPolicy: 'Retain' });
    await until(
      () => user.field(`namespace/${NAMESPACE}`, 'metadata.labels'),
      (labels) => !labels.includes('"db.example.com/protected":"true"'),
    );
  }

  const { user } = story({
    namespace: NAMESPACE,
    begin: async (_, onEnd) => {
      onEnd(unprotect);
      programs = programsFolder();
      await startWithArgo(onEnd);
      ({ work } = await plugin());
      repository = await Repository.make(join(cluster.control.folder, 'git', NAMESPACE));
      const { bare } = repository;
      application = new Application(cluster.kubectl, { name: NAMESPACE, repository: bare, namespace: NAMESPACE });
      onEnd(() => application.delete({ isCascading: false }, 60_000));
    },
  });

  /** Damages a file, and pushes it. */
  const pushed = (path: string, damage: (text: string) => string) => (): Promise<string> => {
    repository.write(path, damage(readFileSync(join(repository.clone, path), 'utf8')));
    return repository.push(`Damaged ${path}`);
  };

  /** Waits until all is well at the last commit. */
  async function untilWell(): Promise<void> {
    const head = (await repository.git('rev-parse', 'HEAD')).trim();
    await application.refresh('hard');
    const { conditions } = await application.untilDone(head, DONE_MS);
    expect(conditions).to.deep.equal([]);
    await user.untilSettled();
  }

  before(async () => {
    const team = new Team(repository, SETTINGS);
    const spec = { replicas: 1, deletionPolicy: 'Protect', backup: { destination: 'pvc://' } };
    team.write(user.written(spec));
    const other = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: NAMESPACE } };
    repository.write('settings/config.yaml', JSON.stringify(other));
    repository.write('empty/README.md', 'Nothing is here.\n');
    await team.push('Orders');
    await repository.git('tag', 'good');
    await application.apply(FILES);
    await untilWell();
    await writeKept(user);
    // The controller makes it last, after the first backup.
    await until(
      () => user.owned('cm'),
      (names) => names.includes('configmap/orders-backups'),
      DONE_MS,
    );
  });

  /** Does what is wrong, and waits until the Application tells of it; gives its words. */
  async function wordsAfter({ what, spoil, says }: Bad): Promise<string> {
    await spoil();
    // A rendering that was under way may have ended well meanwhile.
    await application.refresh('hard');
    const matching = (state: ApplicationState): string[] => wordsOf(state).filter((one) => says.test(one));
    const state = await application.until(`telling of ${what}`, (one) => matching(one).length > 0, DONE_MS);
    return matching(state).join('\n');
  }

  /** Puts everything right, and waits until it is. */
  async function repair(source: Source, { what, mend }: Bad): Promise<void> {
    await mend?.();
    await repository.git('checkout', '--no-overlay', 'good', '--', '.');
    await repository.push(`Repaired: ${what}`);
    await application.apply(source);
    await untilWell();
  }

  /** Makes a case of it: the Application says what is wrong, nothing goes, and after the repair all is well. */
  function refuses(source: Source, bad: Bad): void {
    it(`says what is wrong, and prunes nothing: ${bad.what}`, async () => {
      const before = await user.owned(OWNED);
      const left = before.filter((name) => !bad.prunes?.includes(name));
      try {
        const words = await wordsAfter(bad);
        process.stdout.write(`        ${words.replaceAll('\n', '\n        ')}\n`);
        await sleep(LOOKS_AGAIN_MS);
        // What goes all the same goes when the sync has come so far.
        await until(
          () => user.owned(OWNED),
          (names) => names.join() === left.join(),
        );
        await expectKept(user);
      } finally {
        await repair(source, bad);
      }
      expect(await user.owned(OWNED)).to.deep.equal(before);
      await expectKept(user);
    });
  }

  const away = (): string => `${repository.bare}.away`;
  /** What is wrong whoever renders. */
  const anyway = (source: Source): Bad[] => [
    {
      what: 'a path that does not exist',
      spoil: () => application.apply({ ...source, path: 'databses' }),
      says: /ComparisonError: .*databses: app path does not exist/,
    },
    {
      what: 'a repository that is away',
      spoil: () => {
        renameSync(repository.bare, away());
      },
      says: /ComparisonError: .*repository/,
      mend: () => {
        renameSync(away(), repository.bare);
      },
    },
    {
      what: 'a repository that may not be read',
      spoil: () => {
        chmodSync(repository.bare, 0);
      },
      says: /ComparisonError: .*(repository|permission denied)/i,
      mend: () => {
        chmodSync(repository.bare, 0o755);
      },
    },
  ];

  describe('with rendered files', () => {
    const cases: readonly Bad[] = [
      ...anyway(FILES),
      {
        what: 'a merge conflict in a rendered file',
        spoil: pushed(RENDERED, (text) => inConflict(text, 'kind: StatefulSet')),
        says: /ComparisonError: .*orders\.yaml/,
      },
      {
        what: 'half a rendered file, which ends within a value',
        spoil: pushed(RENDERED, (text) => cutWithin(text, 'argocd.argoproj.io/sync-wave: "0"')),
        says: /ComparisonError: .*orders\.yaml/,
      },
      {
        what: 'half a rendered file, which ends between two objects',
        spoil: pushed(RENDERED, (text) => cutBefore(text, 'StatefulSet')),
        // What is missing could as well have been taken out on purpose.
        says: /^StatefulSet orders: PruneSkipped/,
        prunes: ['cronjob.batch/orders-backup', 'deployment.apps/orders-backup', 'service/orders-backup'],
      },
      {
        what: 'a Database against the rules',
        spoil: pushed(RENDERED, (text) => text.replace('  replicas: 1\n', '  replicas: 12\n')),
        says: /^Database orders: SyncFailed [^]*spec\.replicas: Invalid value: 12/,
      },
      {
        what: 'an empty folder',
        spoil: () => application.apply({ ...FILES, path: 'empty' }),
        says: /SyncError: .*auto-sync will wipe out all resources/,
      },
      {
        what: "another team's folder",
        spoil: () => application.apply({ ...FILES, path: 'settings' }),
        says: /^Database orders: SyncFailed [^]*must not be Protect/,
      },
    ];
    for (const bad of cases) refuses(FILES, bad);
  });

  describe('with the plugin', () => {
    const program = (): string => join(programs, 'ballast');
    let sound = '';

    before(async () => {
      sound = readFileSync(program(), 'utf8');
      await application.apply(PLUGIN);
      await untilWell();
    });

    /** Breaks the plugin, and pushes a commit that it has to render. */
    const broken = (step: Step) => async (): Promise<void> => {
      await step();
      await repository.push('Another commit');
    };
    const replaced = (commands: string): Step =>
      broken(() => {
        writeFileSync(program(), `#!/bin/sh\n${commands}\n`);
      });
    const mended: Step = () => {
      writeFileSync(program(), sound);
    };
    const cases: readonly Bad[] = [
      ...anyway(PLUGIN),
      {
        what: 'a merge conflict in a source',
        spoil: pushed(SOURCE, (text) => inConflict(text, '  replicas: 1')),
        says: /database-orders\.yaml:\d+:1: error: must be valid YAML: a merge conflict begins here; resolve it/,
      },
      {
        what: 'a merge conflict in ballast.yaml',
        spoil: pushed('ballast.yaml', (text) => inConflict(text, text)),
        says: /ballast\.yaml.*a merge conflict begins here; resolve it/,
      },
      {
        what: 'half a source',
        spoil: pushed(SOURCE, (text) => cutWithin(text, '  storage:')),
        says: /database-orders\.yaml:\d+:\d+: error: /,
      },
      {
        what: 'a Database against the rules',
        spoil: pushed(SOURCE, (text) => text.replace('  replicas: 1\n', '  replicas: 12\n')),
        says: /database-orders\.yaml:\d+:\d+: error: spec\.replicas: Invalid value: 12: .*\(replicas-range\)/,
      },
      {
        what: 'an empty folder',
        spoil: () => application.apply({ ...PLUGIN, path: 'empty' }),
        says: /empty: there is no Database, and nothing was rendered/,
      },
      {
        what: "another team's folder",
        spoil: () => application.apply({ ...PLUGIN, path: 'settings' }),
        says: /settings: there is no Database, and nothing was rendered/,
      },
      {
        what: 'a program that may not be executed',
        spoil: broken(() => {
          chmodSync(program(), 0o644);
        }),
        says: /ComparisonError: .*ballast/,
        mend: () => {
          chmodSync(program(), 0o755);
        },
      },
      {
        what: 'a work folder that may not be written to',
        spoil: broken(() => {
          chmodSync(work, 0o500);
        }),
        says: /ComparisonError: .*permission denied/,
        mend: () => {
          chmodSync(work, 0o700);
        },
      },
      {
        what: 'a plugin that is killed half-way',
        spoil: broken(() => {
          const half = `${sound.trim().replace('exec ', '')} | head -n 100\nkill -KILL $$\n`;
          writeFileSync(program(), half);
        }),
        says: /ComparisonError: .*`ballast argocd-plugin` failed signal: killed/,
        mend: mended,
      },
      {
        what: 'a plugin that never ends',
        spoil: replaced('exec sleep 600'),
        says: /ComparisonError: .*(deadline|timeout|timed out|signal)/i,
        mend: mended,
      },
      {
        what: 'a sidecar that is away',
        spoil: broken(() => stopPlugin(cluster)),
        says: /ComparisonError: .*plugin/,
        mend: plugin,
      },
    ];
    for (const bad of cases) refuses(PLUGIN, bad);
  });
});
