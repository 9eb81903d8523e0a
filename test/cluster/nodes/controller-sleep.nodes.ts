import { expect } from 'chai';
import { until } from '../controller.ts';
import { DatabaseUser } from './database-user.ts';
import type { ControllerProcess, Installation } from './installation.ts';
import { installationOrSkip } from './installation.ts';
import { Writer } from './writer.ts';

const ASLEEP_MS = 120_000;

describe('a Database that sleeps while its application writes', function () {
  this.timeout('8m');
  let installed: Installation;
  let controller: ControllerProcess | undefined;
  let user: DatabaseUser;

  before(async function () {
    installed = await installationOrSkip(this);
    user = new DatabaseUser(installed.cluster, 'sleepy', 'orders');
    await user.begin();
    controller = await installed.startController();
    await user.apply({ highAvailability: { synchronous: 'off' } });
    await user.untilSettled();
  });

  after(async () => {
    await controller?.stop();
    await user.end();
  });

  for (const round of ['once', 'twice']) {
    it(`has every acknowledged write when it wakes, without synchronous replication: ${round}`, async () => {
      const writer = await Writer.start(installed.cluster, user, `asleep ${round}`);
      await user.annotate('hibernate=true');
      await until(
        () => user.pods(),
        (pods) => pods.length === 0,
        ASLEEP_MS,
      );
      await user.annotate('hibernate=false');
      await until(
        () => user.pods(),
        (pods) => pods.length === 3,
      );
      await user.untilSettled();
      const { lost, acknowledged, gapSeconds } = await writer.stop();
      process.stdout.write(`        asleep: ${acknowledged} writes, longest gap ${gapSeconds.toFixed(1)} s\n`);
      expect(lost).to.deep.equal([]);
    });
  }
});
