import { expect, test } from 'vitest';
import { expandVariables } from '../../../src/identities/read/expand-variables.ts';

const ENV = { SET: 'value', EMPTY: '', TRICKY: '${SET:-x}} $(y)s' };

test.each([
  ['plain $(tenant_id)s {text} $SET', 'plain $(tenant_id)s {text} $SET'],
  ['a ${SET:-default} b', 'a value b'],
  ['${UNSET:-default}', 'default'],
  ['${EMPTY:-default}', 'default'],
  ['${UNSET:-}', ''],
  ['${UNSET:-${SET:-default}}/x', 'value/x'],
  ['${UNSET:-${EMPTY:-default}}', 'default'],
  ['${SET:-${UNSET:-default}}}', 'value}'],
  ['${SET:-a}${UNSET:-b}', 'valueb'],
  ['${UNSET:-a: #b}', 'a: #b'],
  // A value is no text to be searched again.
  ['${TRICKY:-x}', '${SET:-x}} $(y)s'],
])('%s is %s', (text, value) => {
  expect(expandVariables(text, ENV)).toBe(value);
});

test.each(['${', '${SET}', '${SET:-', '${SET:-a', '${set:-a}', '${SET-a}', '${1:-a}', '${UNSET:-${SET}}'])(
  '%s is no reference',
  (text) => {
    expect(expandVariables(text, ENV)).toBeUndefined();
  },
);
