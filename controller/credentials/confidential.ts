import { inspect } from 'node:util';

const HIDDEN = '[hidden]';

/** A text that shows itself to nobody but who asks by name: not in logs, JSON, messages or a debugger's print. */
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
