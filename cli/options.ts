import { InvalidArgumentError } from 'commander';
import { isNamespaceName } from '../database/values/labels.ts';
import { UsageError } from './errors.ts';

/** Options of every command that reads a tree. */
export interface TreeOptions {
  readonly namespace: string;
  readonly requireNamespace: boolean;
  readonly exclude: readonly string[];
  readonly settings?: string;
  readonly against?: string;
  /** File with what the cluster says of its Databases. */
  readonly facts?: string;
  /** A file or folder with the objects before the change. */
  readonly previous?: string;
  /** The folder of a kustomization, which is built and read instead of paths. */
  readonly kustomize?: string;
}

/** The paths of a command: those of the arguments, or the folder of its kustomization. Throws when there are none, or both. */
export function pathsOf(paths: readonly string[], { kustomize, exclude }: TreeOptions): readonly string[] {
  if (kustomize === undefined) {
    if (paths.length > 0) return paths;
    throw new UsageError('name files and folders to read, - for the standard input, or an overlay with --kustomize');
  }
  if (paths.length > 0) {
    throw new UsageError('--kustomize is read instead of paths; run once for the paths and once for the overlay');
  }
  if (exclude.length > 0)
    throw new UsageError('--exclude leaves out files of paths; what an overlay reads, it says itself');
  return [kustomize];
}

/** The folder of an overlay, which may be named once: names are unique within one build. */
export function oneFolder(value: string, before: string | undefined): string {
  if (before === undefined) return value;
  throw new InvalidArgumentError('It can be given once; run once for each overlay.');
}

/** Collects the values of a repeatable option. */
export function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

/** Parses the name of a namespace. */
export function namespaceName(value: string): string {
  if (isNamespaceName(value)) return value;
  throw new InvalidArgumentError('It must be the name of a namespace.');
}

/** The address of a server. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

const MOST_PORT = 65_535;

/** Parses `host:port`, `[address]:port`, or `:port` for all addresses. */
export function listenAddress(value: string): Address {
  const [, bracketed, plain = '', digits = ''] = /^(?:\[([\da-fA-F:.]+)\]|([^:[\]\s]*)):(\d{1,5})$/.exec(value) ?? [];
  const port = digits === '' ? NaN : Number(digits);
  if (port <= MOST_PORT) return { host: bracketed ?? (plain || '::'), port };
  throw new InvalidArgumentError('It must be host:port, or :port for all addresses.');
}

/** Returns a parser of whole numbers within a range. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}
