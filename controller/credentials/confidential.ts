import { inspect } from 'node:util';

const HIDDEN = '[hidden]';

/** A secret text that logs, JSON, messages and debuggers do not show; only `reveal` returns it. */
export class Confidential {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}
