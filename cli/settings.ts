import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { NO_SETTINGS } from '../database/settings.ts';
import type { Settings } from '../database/types.ts';
import type { LocatedFinding } from '../review/located-finding.ts';
import { fileFinding } from '../review/located-finding.ts';
import type { SettingsReview } from '../review/settings.ts';
import { SETTINGS_FILE, reviewSettings } from '../review/settings.ts';
import { UsageError } from './errors.ts';
import { liesIn } from './git/checkout.ts';
import { fileAt } from './git/files-at.ts';
import { bytesOf } from './named-file.ts';
import { foldersAbove, topOf } from './root.ts';
import { textIn } from './sources/read.ts';

/** The settings of the installation, with their findings and their file. */
export interface InstallationSettings extends SettingsReview {
  /** The settings file; absent when there is none. */
  readonly file?: string;
}

/**
 * The possible settings files of each path, the nearest first: the named file, else those in the folders from the path up to the root of
 * the tree.
 */
function placesOf(named: string | undefined, paths: readonly string[]): string[][] {
  const asked = named ?? paths.find((path) => basename(path) === SETTINGS_FILE);
  if (asked !== undefined) return [[asked]];
  const from = paths.length === 0 ? ['.'] : paths.map((path) => (path === '-' ? '.' : path));
  return from.map((path) => foldersAbove(path).map((folder) => join(folder, SETTINGS_FILE)));
}

/** The settings file, if there is one. Throws when two paths have different ones. */
function settingsFile(named: string | undefined, paths: readonly string[]): string | undefined {
  const found = placesOf(named, paths).flatMap(
    (places) => places.find((place) => place === named || existsSync(place)) ?? [],
  );
  const [file, ...others] = [...new Map(found.map((place) => [resolve(place), place])).values()];
  if (others.length === 0) return file;
  throw new UsageError(
    `${file} and ${others.join(', ')} hold settings of two trees; name one with --settings, or run twice`,
  );
}

/** A finding for a settings file that is a link out of the tree: messages quote the contents of the file. */
function linkFinding(file: string, isNamed: boolean): LocatedFinding | undefined {
  const folder = realpathSync(dirname(file));
  const top = topOf(folder) ?? (isNamed ? undefined : folder);
  if (top === undefined || liesIn(top, realpathSync(file))) return undefined;
  const problem = 'must not be a link that leads out of the tree';
  const remedy = 'copy the file into the tree, or name another with --settings';
  return fileFinding(file, { rule: 'file-outside-tree', problem, remedy });
}

/** Reads `ballast.yaml`: the named file, else the nearest one from the paths up to the root of the tree, else none. */
export function loadSettings(named: string | undefined, paths: readonly string[]): InstallationSettings {
  const file = settingsFile(named, paths);
  if (file === undefined) return { settings: NO_SETTINGS, findings: [] };
  const link = existsSync(file) ? linkFinding(file, named !== undefined) : undefined;
  const loaded = link ? { settings: NO_SETTINGS, findings: [link] } : reviewSettings(file, textIn(file, bytesOf(file)));
  return { ...loaded, file };
}

/** The settings at a revision; absent or unreadable ones count as empty. */
export function loadSettingsAt(revision: string, named: string | undefined, paths: readonly string[]): Settings {
  for (const place of placesOf(named, paths).flat()) {
    const then = fileAt(revision, place, paths);
    if (then instanceof Uint8Array) return reviewSettings(place, textIn(place, then)).settings;
    if (then === 'as now' && existsSync(place)) return loadSettings(place, paths).settings;
  }
  return NO_SETTINGS;
}
