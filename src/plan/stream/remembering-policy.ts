import type { Secret } from '../../secret.ts';
import type { PasswordPolicy } from '../diff-entry.ts';

/** Hashes a password once that very many users share. */
export function rememberingPolicy(policy: PasswordPolicy): PasswordPolicy {
  let last: { readonly password: Secret; readonly stored: readonly Secret[] } | undefined;
  return {
    ...policy,
    stored: (password) => {
      if (last?.password !== password) last = { password, stored: policy.stored(password) };
      return last.stored;
    },
  };
}
