/** Keystone reads what `int()` of Python reads. */
const INTEGER = /^\s*[+-]?\d+\s*$/;

/** The number that an attribute with a mask holds, of any size; `undefined` if the value is not a whole number. */
export function maskedNumber(value: string): bigint | undefined {
  return INTEGER.test(value) ? BigInt(value.trim().replace('+', '')) : undefined;
}

/** With `user_enabled_mask`, Keystone treats a user as disabled if all bits of the mask are set. */
export function isDisabledBy(number: bigint | undefined, mask: number): boolean {
  const bits = BigInt(mask);
  return number !== undefined && (number & bits) === bits;
}
