import { untilMembers } from './members.ts';
import { story } from './story.ts';

const ASLEEP_MS = 120_000;

describe('a Database that sleeps while its application writes', function () {
  this.timeout('8m');
  const { user, whileWriting } = story({
    namespace: 'sleepy',
    begin: async () => {
      await user.apply({ highAvailability: { synchronous: 'off' } });
      await user.untilSettled();
    },
  });

  for (const round of ['once', 'once more @long']) {
    it(`has every acknowledged write when it wakes, without synchronous replication: ${round}`, async () => {
      await whileWriting(`asleep ${round}`, async () => {
        await user.annotate('hibernate=true');
        await untilMembers(user, 0, ASLEEP_MS);
        await user.annotate('hibernate=false');
        await untilMembers(user, 3);
        await user.untilSettled();
      });
    });
  }
});
