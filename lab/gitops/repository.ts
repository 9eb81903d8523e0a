import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from '../processes/command.ts';

const AUTHOR = ['-c', 'user.name=user', '-c', 'user.email=user@example.com', '-c', 'commit.gpgsign=false'];

/** A bare Git repository on disk, with a clone in which a user works. */
export class Repository {
  /** Folder of the bare repository. */
  readonly bare: string;
  /** Folder of the user's clone. */
  readonly clone: string;

  private constructor(folder: string) {
    this.bare = join(folder, 'databases.git');
    this.clone = join(folder, 'clone');
  }

  /** Makes both anew below a folder. */
  static async make(folder: string): Promise<Repository> {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const made = new Repository(folder);
    await run(['git', 'init', '--quiet', '--bare', '--initial-branch=main', made.bare]);
    await run(['git', 'init', '--quiet', '--initial-branch=main', made.clone]);
    await made.git('remote', 'add', 'origin', made.bare);
    return made;
  }

  /** Runs git in the clone, and returns its output. */
  git(...args: string[]): Promise<string> {
    return run(['git', '-C', this.clone, ...AUTHOR, ...args]);
  }

  /** Writes a file of the clone. */
  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.clone, path)), { recursive: true });
    writeFileSync(join(this.clone, path), text);
  }

  /** Takes a file or a folder out of the clone. */
  remove(path: string): void {
    rmSync(join(this.clone, path), { recursive: true });
  }

  /** Commits all that was changed and pushes it; gives the commit. */
  async push(message: string): Promise<string> {
    await this.git('add', '--all');
    await this.git('commit', '--quiet', '--allow-empty', `--message=${message}`);
    await this.git('push', '--quiet', '--force', 'origin', 'HEAD:main');
    return (await this.git('rev-parse', 'HEAD')).trim();
  }
}
