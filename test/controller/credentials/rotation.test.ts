import { IN_FORCE, ROTATED } from '../../../database/vocabulary.ts';
import { ROTATE, ROTATE_SYSTEM } from '../../../database/vocabulary.ts';
import { expect } from 'chai';
import { PREVIOUS, holdsOldPassword, systemPasswordsSince } from '../../../controller/credentials/rotation.ts';
import type { Account } from '../../../controller/credentials/secret.ts';
import { ACCOUNTS, secretOf } from '../../../controller/credentials/secret.ts';
import type { Json } from '../../../database/json.ts';
import { PasswordsWorld } from './passwords-world.ts';

const MINUTE = 60_000;

function running(): PasswordsWorld {
  const world = new PasswordsWorld();
  world.settle();
  world.bootstrap(3);
  world.advance(MINUTE);
  world.settle();
  world.advance(10 * MINUTE);
  world.taken.length = 0;
  return world;
}

/** Changes a Secret as a person would. */
function edit(world: PasswordsWorld, account: Account, texts: Readonly<Record<string, string>>, labels?: object): void {
  const name = secretOf(account, 'orders');
  const object = world.stored.objects.get(name)!;
  const data = Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
  const metadata = { ...(object['metadata'] as object), ...(labels && { labels }) };
  const all = { ...(object['data'] as object), ...(Object.fromEntries(data) as object) };
  world.stored.put(name, { ...object, metadata: metadata as Json, data: all });
}

function lockOut(world: PasswordsWorld): void {
  world.stored.remove('orders-superuser');
}

interface Case {
  readonly name: string;
  readonly by: (world: PasswordsWorld) => unknown;
  readonly steps: readonly string[];
  readonly problem?: string;
}

const CASES: readonly Case[] = [
  { name: 'nothing is done where nothing is asked', by: () => undefined, steps: [] },
  {
    name: 'a token rotates the password of the application: the Secret first, then the role',
    by: ({ annotations }) => (annotations[ROTATE] = 'one'),
    steps: ['rotate app', 'run'],
  },
  {
    name: 'the other token rotates the passwords of the system, one after the other',
    by: ({ annotations }) => (annotations[ROTATE_SYSTEM] = 'one'),
    steps: ['rotate superuser', 'run', 'settle superuser', 'rotate replication', 'run', 'settle replication'],
  },
  { name: 'an empty token asks for nothing', by: ({ annotations }) => (annotations[ROTATE] = ''), steps: [] },
  {
    name: 'a password that was changed in the Secret by hand is put in force',
    by: (world) => {
      edit(world, 'app', { password: 'by hand' });
    },
    steps: ['run'],
  },
  {
    name: 'a Secret that somebody else made is used and not written',
    by: (world) => {
      edit(world, 'app', { password: 'theirs' }, {});
    },
    steps: ['run'],
  },
  {
    name: 'a Secret that somebody else made is not rotated, and that is said',
    by: (world) => {
      edit(world, 'app', {}, {});
      world.annotations[ROTATE] = 'one';
    },
    steps: [],
    problem: 'the Secret orders-app was made by somebody else',
  },
  {
    name: 'a Secret of somebody else keeps no other from being rotated',
    by: (world) => {
      edit(world, 'superuser', {}, {});
      world.annotations[ROTATE_SYSTEM] = 'one';
    },
    steps: ['rotate replication', 'run', 'settle replication'],
    problem: 'the Secret orders-superuser was made by somebody else',
  },
  {
    name: 'a Secret of the application that was deleted is made again and put in force',
    by: ({ stored }) => stored.remove('orders-app'),
    steps: ['create app', 'run'],
  },
  {
    name: 'a role that was dropped is made again',
    by: (world) => {
      const verifiers = new Map(world.roles?.verifiers);
      verifiers.delete('app');
      world.roles = { verifiers, hasDatabase: false };
    },
    steps: ['run'],
  },
  {
    name: 'a Secret of the superuser that was deleted locks Ballast out, which is said',
    by: lockOut,
    steps: ['create superuser'],
    problem: 'the primary takes no password of the Secret orders-superuser',
  },
  {
    name: 'who is locked out is let in by the password before, and puts the new one in force',
    by: (world) => {
      const old = world.passwordOf('superuser');
      lockOut(world);
      world.settle();
      edit(world, 'superuser', { [PREVIOUS]: old });
    },
    steps: ['create superuser', 'run', 'settle superuser'],
  },
  {
    name: 'an empty password is not put in force',
    by: (world) => {
      edit(world, 'app', { password: '' });
    },
    steps: [],
    problem: 'the Secret orders-app has no password',
  },
  {
    name: 'another name of the user is not followed',
    by: (world) => {
      edit(world, 'app', { username: 'orders' });
    },
    steps: [],
    problem: 'the username in the Secret orders-app is not app',
  },
  {
    name: 'nothing is rotated while there is no primary to put it in force',
    by: (world) => {
      world.annotations[ROTATE] = 'one';
      world.roles = undefined;
    },
    steps: [],
  },
  {
    name: 'a standby that takes over and had not heard of a rotation is told',
    by: (world) => {
      const before = world.roles;
      world.annotations = { [ROTATE]: 'one', [ROTATE_SYSTEM]: 'two' };
      world.settle();
      world.roles = before;
      world.taken.length = 0;
    },
    steps: ['run'],
  },
  {
    name: 'a date of a clock that was ahead is not believed',
    by: (world) => {
      world.annotations[ROTATE_SYSTEM] = 'one';
      world.advance(1e12);
      world.settle();
      world.advance(-1e12);
      world.taken.length = 0;
    },
    steps: ['settle superuser', 'settle replication'],
  },
];

describe('The next step for the passwords', () => {
  it('makes each Secret once, before there is any primary', () => {
    const world = new PasswordsWorld();
    expect(world.settle().step).to.equal('wait');
    expect(world.taken).to.deep.equal(['create superuser', 'create replication', 'create app']);
  });

  it('makes what Patroni does not make once there is a primary', () => {
    const world = new PasswordsWorld();
    world.settle();
    world.bootstrap(1);
    world.taken.length = 0;
    world.settle();
    expect([...world.roles!.verifiers.keys()]).to.deep.equal(['postgres', 'replicator', 'app', 'ballast_monitor']);
    expect(world.roles?.hasDatabase).to.equal(true);
  });

  it('takes a token that is there when a Secret is made as done', () => {
    const world = new PasswordsWorld();
    world.annotations = { [ROTATE]: 'one', [ROTATE_SYSTEM]: 'two' };
    world.settle();
    world.bootstrap(1);
    world.settle();
    expect(world.taken.filter((step) => !step.startsWith('create') && step !== 'run')).to.deep.equal([]);
    expect(world.stored.get('orders-app')?.annotations).to.include({ [ROTATED]: 'one' });
  });

  for (const { name, by, steps, problem } of CASES) {
    it(name, () => {
      const world = running();
      by(world);
      const last = world.settle();
      expect(world.taken).to.deep.equal(steps);
      expect(last.step === 'stuck' ? last.problem : undefined).to.equal(problem);
      if (problem !== undefined || !world.roles) return;
      for (const account of ACCOUNTS) {
        expect(world.takes(account, world.passwordOf(account)), account).to.equal(true);
      }
    });
  }

  it('acts on the same token once, and on each other one', () => {
    const world = running();
    for (const token of ['one', 'one', 'two', 'one']) {
      world.annotations[ROTATE] = token;
      world.settle();
      world.advance(MINUTE);
    }
    expect(world.taken.filter((step) => step === 'rotate app')).to.have.length(3);
  });

  it('waits a minute between two rotations of the system', () => {
    const world = running();
    world.annotations[ROTATE_SYSTEM] = 'one';
    world.settle();
    world.annotations[ROTATE_SYSTEM] = 'two';
    world.taken.length = 0;
    const until = new Date(world.now.getTime() + MINUTE);
    expect(world.settle()).to.deep.equal({ step: 'wait', until });
    expect(world.taken).to.deep.equal([]);
    world.advance(MINUTE);
    world.settle();
    expect(world.taken).to.include('rotate superuser').and.include('rotate replication');
  });

  it('leaves passwords of other engines as they are made, and says that they cannot be rotated', () => {
    const world = running();
    const seen = { ...world.observe(), target: { ...world.target, engine: 'mysql' as const } };
    expect(world.take(seen).step).to.equal('wait');
    expect(world.take({ ...seen, annotations: { [ROTATE]: 'one' } })).to.include({
      step: 'stuck',
      problem: 'passwords of MySQL cannot be rotated yet',
    });
  });
});

describe('A member', () => {
  const since = (world: PasswordsWorld) => systemPasswordsSince(world.observe().secrets, world.now);

  it('holds no old password before anything was rotated', () => {
    const world = running();
    expect(holdsOldPassword(new Date(0), since(world), world.now)).to.equal(false);
  });

  it('holds an old password when it started before a rotation of the system, or so shortly after that clocks may err', () => {
    const world = running();
    const before = world.now;
    world.advance(MINUTE);
    world.annotations[ROTATE_SYSTEM] = 'one';
    world.settle();
    const rotated = world.now.getTime();
    // No member is restarted yet that would have to be restarted again.
    expect(holdsOldPassword(before, since(world), world.now)).to.equal(false);
    world.advance(MINUTE);
    for (const [startedAt, holds] of [
      [before, true],
      [new Date(rotated + 59_000), true],
      [world.now, false],
    ] as const) {
      expect(holdsOldPassword(startedAt, since(world), world.now)).to.equal(holds);
    }
  });

  it('waits for the last password of a rotation, however long that takes, so that it restarts once', () => {
    const world = running();
    const before = world.now;
    world.annotations[ROTATE_SYSTEM] = 'one';
    while (!world.taken.includes('rotate replication')) world.take(world.observe());
    world.advance(10 * MINUTE);
    expect(holdsOldPassword(before, since(world), world.now)).to.equal(false);
    world.settle();
    world.advance(MINUTE);
    expect(holdsOldPassword(before, since(world), world.now)).to.equal(true);
  });

  it('is not touched by a rotation for the application', () => {
    const world = running();
    world.annotations[ROTATE] = 'one';
    world.settle();
    world.advance(10 * MINUTE);
    expect(world.stored.get('orders-app')?.annotations).not.to.have.property(IN_FORCE);
    expect(holdsOldPassword(new Date(0), since(world), world.now)).to.equal(false);
  });
});
