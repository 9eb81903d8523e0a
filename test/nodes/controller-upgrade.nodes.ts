import { filledSettings } from '../../database/settings.ts';
import { expect } from 'chai';
import type { Settings } from '../../database/types.ts';
import { POSTGRESQL } from './installation.ts';
import { expectKept, writeKept } from './kept.ts';
import { memberImages, untilReplaced } from './members.ts';
import { REBUILT, nameRebuilt } from './rebuilt.ts';
import { story } from './story.ts';

const { version: MAJOR } = POSTGRESQL;

const settingsWith = (postgresql: Readonly<Record<string, string>>): Settings =>
  filledSettings({ images: { postgresql } });

describe('a Database whose image changes @long', function () {
  this.timeout('8m');
  const { user, controller, whileWriting } = story({
    namespace: 'renewed',
    begin: async () => {
      await nameRebuilt();
      await user.apply();
      await user.untilSettled();
      await writeKept(user);
    },
  });

  /** The version that its primary says it runs, such as 15.14. */
  async function exactVersion(): Promise<string> {
    const [version = ''] = (await user.onPrimary('SHOW server_version')).split(' ');
    return version;
  }

  /** Asks for another image while the application writes. All members shall be recreated, and the primary last. */
  async function roll(what: string, ask: () => Promise<void>): Promise<void> {
    await user.untilInStep();
    const [before, { primary }, begun] = [await user.pods(), await user.status(), new Date()];
    await whileWriting(what, async () => {
      await ask();
      await untilReplaced(user, before, 3);
      await user.untilSettled();
    });
    expect((await user.status()).primary).not.to.equal(primary);
    const steps = (await user.events(begun)).flatMap((event) => {
      const [reason, note = ''] = event.split(': ');
      return reason === 'MemberReplaced' || reason === 'SwitchoverRequested' ? [`${reason} ${note}`] : [];
    });
    const standbys = before.flatMap(({ name }) => (name === primary ? [] : [`MemberReplaced ${name} is recreated`]));
    const last = String(primary);
    expect(steps.slice(0, 2)).to.have.members(standbys);
    expect(steps[2]).to.match(new RegExp(`^SwitchoverRequested asked Patroni for a switchover from ${last} to `));
    expect(steps.slice(3)).to.deep.equal([`MemberReplaced ${last} is recreated`]);
  }

  it('takes up another image of its version that the installation names, standbys first', async () => {
    await roll('another image', async () => {
      await controller.stop();
      await controller.start(settingsWith({ [MAJOR]: REBUILT, [await exactVersion()]: POSTGRESQL.image }));
    });
    expect(await memberImages(user)).to.deep.equal(new Set([REBUILT]));
    await expectKept(user);
  });

  it('goes to the image of the exact version that its user asks for, standbys first', async () => {
    const version = await exactVersion();
    await roll('exact version', () => user.change({ version }));
    expect(await memberImages(user)).to.deep.equal(new Set([POSTGRESQL.image]));
    expect((await user.status()).version).to.equal(version);
    await expectKept(user);
  });
});
