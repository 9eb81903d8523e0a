import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Input series for the rules, and the alerts after some minutes, with labels and annotations for Alertmanager. */
export interface RuleTest {
  /** A series and its values in promtool's notation. */
  readonly series: Readonly<Record<string, string>>;
  readonly minutes: number;
  /** Time between two values, and between two looks at the rules; thirty seconds when absent. */
  readonly every?: string;
  readonly alert: string;
  readonly fires: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

/** Whether Prometheus' own program is on this computer. */
export const hasPromtool = spawnSync('promtool', ['--version'], { stdio: 'ignore' }).status === 0;

/** Runs rule tests of Prometheus; gives what promtool says against the rules, nothing when all is as expected. */
export function testRules(groups: unknown, { series, minutes, every = '30s', alert, fires }: RuleTest): string {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-rules-'));
  const write = (name: string, content: unknown): void => {
    writeFileSync(join(folder, name), JSON.stringify(content));
  };
  write('rules.yaml', { groups });
  write('test.yaml', {
    rule_files: ['rules.yaml'],
    evaluation_interval: every,
    tests: [
      {
        interval: every,
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        alert_rule_test: [
          {
            eval_time: `${minutes}m`,
            alertname: alert,
            exp_alerts: fires.map(({ labels, annotations }) => ({ exp_labels: labels, exp_annotations: annotations })),
          },
        ],
      },
    ],
  });
  try {
    const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', join(folder, 'test.yaml')], {
      encoding: 'utf8',
    });
    return status === 0 ? '' : stdout + stderr;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
