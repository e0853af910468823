import { Control, type BerReader } from 'ldapts';

/** What a server may say of a bind (draft-behera-ldap-password-policy-10, section 6.2). */
export type PolicyError = (typeof POLICY_ERRORS)[number];

const POLICY_ERRORS = [
  'passwordExpired',
  'accountLocked',
  'changeAfterReset',
  'passwordModNotAllowed',
  'mustSupplyOldPassword',
  'insufficientPasswordQuality',
  'passwordTooShort',
  'passwordTooYoung',
  'passwordInHistory',
  'passwordTooLong',
] as const;

export const POLICY_CONTROL = '1.3.6.1.4.1.42.2.27.8.5.1';

/** Asks the server to say more of a bind; the client hands the answer to the control that was sent. */
export class PasswordPolicyControl extends Control {
  error: PolicyError | undefined;

  constructor() {
    super(POLICY_CONTROL);
  }

  protected override parseControl(reader: BerReader): void {
    if (reader.readSequence() === null) return;
    const end = reader.offset + reader.length;
    while (reader.offset < end) {
      const tag = reader.peek() ?? 0;
      const value = reader.readString(tag, true);
      if (value === null) return;
      if (tag === ERROR_TAG) this.error = POLICY_ERRORS[value[0] ?? POLICY_ERRORS.length];
    }
  }
}

/** `error [1]`, after a warning, which has another tag. */
const ERROR_TAG = 0x81;
