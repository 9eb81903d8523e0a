import { ROTATED } from '../../../database/vocabulary.ts';
import { ROTATE, ROTATE_SYSTEM } from '../../../database/vocabulary.ts';
import { expect } from 'chai';
import type { PasswordState } from '../../../controller/credentials/rotation.ts';
import { PREVIOUS, holdsOldPassword, systemPasswordsSince } from '../../../controller/credentials/rotation.ts';
import { ACCOUNTS } from '../../../controller/credentials/secret.ts';
import type { Roles } from './passwords-world.ts';
import { PasswordsWorld } from './passwords-world.ts';
import { random } from './random.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** How far a standby that takes over may be behind. */
const BEHIND = 30 * SECOND;
const RUNS = Number(process.env['RUNS'] ?? 15);

function made(): PasswordsWorld {
  const world = new PasswordsWorld();
  world.settle();
  world.bootstrap(3);
  world.settle();
  world.advance(2 * MINUTE);
  world.settle();
  world.taken.length = 0;
  return world;
}

/** Restarts one member that holds an old password; whether there was one. */
function restartOne(world: PasswordsWorld): boolean {
  const since = systemPasswordsSince(world.observe().secrets, world.now);
  const index = world.members.findIndex(({ startedAt }) => holdsOldPassword(startedAt, since, world.now));
  if (index === -1) return false;
  world.restarts += 1;
  world.start(index);
  return true;
}

/** Ballast can log in, and every client that reads its Secret now can as soon as the next step is taken. */
function expectNotLockedOut(world: PasswordsWorld): void {
  const superuser = world.observe().secrets.superuser?.data;
  const known = [superuser?.['password'], superuser?.[PREVIOUS]].map((one) => one?.reveal());
  expect(
    known.some((one) => world.takes('superuser', one)),
    world.taken.join(),
  ).to.equal(true);
}

function expectAtRest(world: PasswordsWorld): void {
  for (let rounds = 0; rounds < 8; rounds += 1) {
    expect(world.settle().step).to.equal('wait');
    world.advance(2 * MINUTE);
    restartOne(world);
  }
  expect(restartOne(world)).to.equal(false);
  const { secrets, annotations } = world.observe();
  for (const account of ACCOUNTS) {
    expect(world.takes(account, world.passwordOf(account)), account).to.equal(true);
    const token = annotations[account === 'app' ? ROTATE : ROTATE_SYSTEM];
    if (token !== undefined) expect(secrets[account]?.annotations[ROTATED]).to.equal(token);
  }
  for (const { passwords } of world.members) {
    for (const [account, password] of passwords) expect(world.takes(account, password)).to.equal(true);
  }
}

describe('Passwords that are rotated', function () {
  this.timeout(300_000);

  it('come to rest from a crash after any write or statement, and from any step that was taken over what was seen earlier', () => {
    const scenario = { [ROTATE]: 'one', [ROTATE_SYSTEM]: 'two' };
    const whole = made();
    whole.annotations = { ...scenario };
    const observations: number[] = [];
    for (let done = false; !done; observations.push(observations.length))
      done = whole.take(whole.observe(), 1).step === 'wait';
    expect(whole.taken.filter((step) => step.startsWith('rotate'))).to.have.length(3);
    const crashes = observations.flatMap((crash) =>
      observations.slice(0, crash + 1).map((earlier) => ({ crash, earlier })),
    );
    for (const { crash, earlier } of crashes) {
      const world = made();
      world.annotations = { ...scenario };
      const seen: PasswordState[] = [];
      for (let step = 0; step <= crash; step += 1) {
        seen.push(world.observe());
        if (step < crash) world.take(world.observe(), 1);
      }
      // One that was thought dead takes the step that it had decided on.
      world.take(seen[earlier]!);
      expectNotLockedOut(world);
      expectAtRest(world);
      expect(world.taken.filter((step) => step.startsWith('rotate'))).to.have.length(3);
    }
  });

  for (let seed = 1; seed <= RUNS; seed += 1) {
    it(`never lock Ballast out and come to rest, through failovers that lose the last statements (seed ${seed})`, () => {
      const world = made();
      const next = random(seed);
      const past: { at: Date; roles: Roles }[] = [];
      let stale = world.observe();
      let tokens = 0;
      for (let turn = 0; turn < 120; turn += 1) {
        const event = next();
        if (event < 0.04) world.annotations[ROTATE] = `app ${(tokens += 1)}`;
        else if (event < 0.08) world.annotations[ROTATE_SYSTEM] = `system ${(tokens += 1)}`;
        else if (event < 0.12) stale = world.observe();
        // Statements run under a lock, with Secrets that were read under it, so none is late.
        else if (event < 0.15) world.take(stale, 0);
        else if (event < 0.2) world.start(Math.floor(next() * 3));
        else if (event < 0.25) restartOne(world);
        else if (event < 0.3) {
          const behind = past.filter(({ at }) => world.now.getTime() - at.getTime() < BEHIND);
          world.roles = behind[Math.floor(next() * behind.length)]?.roles ?? world.roles;
        } else world.take(world.observe(), next() < 0.3 ? 1 : Infinity);
        expectNotLockedOut(world);
        if (world.roles) past.push({ at: world.now, roles: world.roles });
        world.advance(next() < 0.1 ? next() * 5 * MINUTE : next() * 5 * SECOND);
      }
      const before = world.restarts;
      expectAtRest(world);
      // Each member at most once for the one or two rotations of the system that may be left.
      expect(world.restarts - before).to.be.lessThan(7);
      const rotations = world.taken.filter((step) => step.startsWith('rotate')).length;
      expect(rotations).to.be.lessThan(2 * tokens + 1);
    });
  }
});
