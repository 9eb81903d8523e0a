import { objectRule } from '../rule.ts';

/** Requires monitoring for alerts. */
export const alertingNeedsMonitoring = objectRule({
  id: 'alerting-needs-monitoring',
  kinds: ['Database'],
  path: 'spec.monitoring.alerting',
  severity: 'error',
  on: 'write',
  why: 'Alert rules over metrics that nobody collects never fire; whoever relies on them is told nothing.',
  remedy: 'set monitoring.enabled to true, or alerting to false',
  cel: '!has(self.monitoring) || !has(self.monitoring.enabled) || self.monitoring.enabled || !has(self.monitoring.alerting) || !self.monitoring.alerting',
  allowed: [{ spec: { monitoring: { enabled: true, alerting: true } } }, { spec: { monitoring: { alerting: true } } }],
  denied: [{ spec: { monitoring: { enabled: false, alerting: true } } }],
  check: ({ spec: { monitoring } }) =>
    monitoring?.enabled === false && monitoring.alerting
      ? [{ value: true, problem: 'must not be true while monitoring is off' }]
      : [],
});
