import { InvalidArgumentError } from 'commander';
import { isNamespaceName } from '../database/values/labels.ts';

/** Options of every command that reads a tree. */
export interface TreeOptions {
  readonly namespace: string;
  readonly requireNamespace: boolean;
  readonly exclude: readonly string[];
  readonly settings?: string;
  readonly against?: string;
  /** File with what the cluster says of its Databases. */
  readonly facts?: string;
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
