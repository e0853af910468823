import type { KeystoneLdapError } from '../errors.ts';
import { elements, integer, type ExtendedResponse } from './extended-response.ts';
import { inWindow } from './in-window.ts';
import { independentRuns } from './independent-runs.ts';
import { resultFailure } from './ldap-failure.ts';
import type { Control, Session } from './session.ts';

/** RFC 5805 section 2. */
const START = '1.3.6.1.1.21.1';
const SPECIFICATION = '1.3.6.1.1.21.2';
const END = '1.3.6.1.1.21.3';

/** One write of a transaction; `subject` is the DN it is about. */
export interface TransactionStep {
  readonly subject: string;
  run(control: Control): Promise<void>;
}

/** Whether the root DSE says that transactions are offered; slapd does not list the control, only the operations. */
export async function hasTransactions(session: Session): Promise<boolean> {
  const root = await session.read('', ['supportedExtension']);
  const offered = root?.attributes['supportedExtension'] ?? [];
  return offered.includes(START) && offered.includes(END);
}

/**
 * Sends all steps as one transaction: they all happen, or none does. No other request may use the session meanwhile.
 * @throws the error of the step at fault, which slapd tells only by its message id in the response to the commit
 */
export async function runTransaction(session: Session, steps: readonly TransactionStep[]): Promise<void> {
  if (steps.length === 0) return; // slapd answers an empty commit with operationsError
  const start = await session.extended(START);
  if (start.resultCode !== 0) throw resultFailure(start.resultCode, '', 'Cannot start a transaction');
  // slapd's transaction identifier is always the empty string.
  const control = { oid: SPECIFICATION, critical: true, value: start.value ?? Buffer.alloc(0) };
  try {
    for (const run of independentRuns(steps)) await inWindow(run, (step) => step.run(control));
  } catch (error) {
    await session.extended(END, endRequest(false, control.value)).catch(() => undefined);
    throw error;
  }
  const end = await session.extended(END, endRequest(true, control.value));
  if (end.resultCode !== 0) throw commitFailure(end, start.messageId, steps);
}

/** `SEQUENCE { commit BOOLEAN DEFAULT TRUE, identifier OCTET STRING }` */
function endRequest(commit: boolean, identifier: Buffer): Buffer {
  const flag = commit ? [] : [0x01, 0x01, 0x00];
  const content = Buffer.concat([Buffer.from([...flag, 0x04, identifier.length]), identifier]);
  return Buffer.concat([Buffer.from([0x30, content.length]), content]);
}

function commitFailure(
  { resultCode, value }: ExtendedResponse,
  startId: number,
  steps: readonly TransactionStep[],
): KeystoneLdapError {
  const [sequence] = [...elements(value ?? Buffer.alloc(0))];
  const [id] = [...elements(sequence?.content ?? Buffer.alloc(0))];
  const culprit = id === undefined ? undefined : steps[integer(id.content) - startId - 1];
  return resultFailure(resultCode, '', `Cannot write ${culprit?.subject ?? 'the batch'}`);
}
