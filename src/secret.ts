import { inspect } from 'node:util';

/**
 * A password or password hash. Every way of turning it into text gives `***`,
 * so that it cannot reach output, plans, errors or logs; {@link Secret.reveal} is the only way to the value.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }

  [inspect.custom](): string {
    return '***';
  }
}

/** The value of what may be a secret. */
export function revealed(value: string | Secret): string {
  return value instanceof Secret ? value.reveal() : value;
}
