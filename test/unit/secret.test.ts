import { format, inspect } from 'node:util';
import { expect, test } from 'vitest';
import { Secret } from '../../src/secret.ts';

test('a secret shows itself only when asked to', () => {
  const secret = new Secret('secrete');
  const shown = [
    String(secret),
    JSON.stringify({ secret }),
    inspect(secret),
    format('%o %s', secret, secret),
  ];
  expect(shown.join(' ')).not.toContain('secrete');
  expect(secret.reveal()).toBe('secrete');
});
