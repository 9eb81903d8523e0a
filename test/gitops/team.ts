import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Settings } from '../../database/types.ts';
import type { Database } from '../../database/object.ts';
import { emitYaml } from '../../generator/emit.ts';
import type { Json } from '../../database/json.ts';
import type { TreeChange } from '../../cli/diff/changes.ts';
import type { Repository } from '../../lab/gitops/repository.ts';
import { ballast } from '../cli/run.ts';
import type { Run, Runner } from '../cli/run.ts';

/** A team that keeps its Databases in a repository, as docs/gitops.md says: sources in `databases/`, what is rendered in `rendered/`. */
export class Team {
  readonly repository: Repository;
  readonly #program: Runner;

  constructor(repository: Repository, settings: Settings, program = ballast) {
    this.repository = repository;
    this.#program = program;
    this.settings(settings);
  }

  /** Writes the settings of the installation. */
  settings(settings: Settings): void {
    writeFileSync(join(this.repository.clone, 'ballast.yaml'), JSON.stringify(settings));
  }

  /** Writes an object's file. */
  write(object: Database): void {
    const { kind, metadata } = object;
    // What a user writes holds nothing that YAML does not.
    this.repository.write(
      `databases/${metadata.namespace ?? ''}/${kind.toLowerCase()}-${metadata.name ?? ''}.yaml`,
      emitYaml(object as unknown as Record<string, Json>),
    );
  }

  /** What the pull request's check says of the files as they are, compared with main. */
  check(): Promise<Run> {
    return this.#program(this.repository.clone, ['validate', 'databases', '--against', 'origin/main']);
  }

  /** Renders, as the pull request's author or a bot does. */
  async render(...flags: string[]): Promise<void> {
    const args = ['generate', 'databases', '--out', 'rendered', ...flags];
    const { code, stderr } = await this.#program(this.repository.clone, args);
    expect(code, stderr).to.equal(0);
  }

  /** What the pull request does to each Database whose manifests it changes, as it is told before the merge. */
  async diff(): Promise<TreeChange> {
    const args = ['diff', 'databases', '--against', 'origin/main', '--rendered', 'rendered', '--format', 'json'];
    const { code, stdout, stderr } = await this.#program(this.repository.clone, args);
    expect(code, stderr).to.equal(0);
    return JSON.parse(stdout) as TreeChange;
  }

  /** Renders, commits and pushes; gives the commit. */
  async push(message: string, ...flags: string[]): Promise<string> {
    await this.render(...flags);
    return this.repository.push(message);
  }
}
