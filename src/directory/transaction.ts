import { KeystoneLdapError } from '../errors.ts';
import { dnKey, parseDn } from './dn.ts';
import { elements, integer, type ExtendedResponse } from './extended-response.ts';
import { inWindow } from './in-window.ts';
import { resultFailure } from './ldap-failure.ts';
import type { Control, Session } from './session.ts';

/** RFC 5805 section 2. */
const START = '1.3.6.1.1.21.1';
const SPECIFICATION = '1.3.6.1.1.21.2';
const END = '1.3.6.1.1.21.3';

/** One write of a transaction. */
export interface TransactionStep {
  readonly dn: string;
  run(control: Control): Promise<void>;
}

/** Whether the root DSE says that transactions are offered; slapd does not list the control, only the operations. */
export async function hasTransactions(session: Session): Promise<boolean> {
  const root = await session.read('', ['supportedExtension']);
  const offered = root?.attributes['supportedExtension'] ?? [];
  return offered.includes(START) && offered.includes(END);
}

/**
 * unavailableCriticalExtension, unwillingToPerform ("backend doesn't support transactions") and affectsMultipleDSAs
 * (the entries lie in two databases): slapd tells when it is given a step, not when the transaction starts.
 */
const NOT_HERE = new Set([12, 53, 71]);

/**
 * Sends all steps as one transaction: they all happen, or none does. No other request may use the session meanwhile.
 * @returns whether they happened; `false` where the databases of these entries have no transactions in common
 * @throws the error of the step at fault, which slapd tells only by its message id in the response to the commit
 */
export async function runTransaction(session: Session, steps: readonly TransactionStep[]): Promise<boolean> {
  if (steps.length === 0) return true; // slapd answers an empty commit with operationsError
  const start = await session.extended(START);
  if (start.resultCode !== 0) throw resultFailure(start.resultCode, '', 'Cannot start a transaction');
  // slapd's transaction identifier is always the empty string.
  const control = { oid: SPECIFICATION, critical: true, value: start.value ?? Buffer.alloc(0) };
  try {
    for (const wave of wavesOf(steps)) await inWindow(wave, (step) => step.run(control));
  } catch (error) {
    await end(session, false, control.value).catch(() => undefined);
    if (error instanceof KeystoneLdapError && NOT_HERE.has(error.resultCode ?? 0)) return false;
    throw error;
  }
  const outcome = await commit(session, control.value, steps.length);
  if (outcome.resultCode !== 0) throw commitFailure(outcome, start.messageId, steps);
  return true;
}

/**
 * Cuts the steps where one is about an entry of the steps before it, or one below: slapd queues what arrives together
 * in any order, and a child before its parent fails.
 */
function wavesOf(steps: readonly TransactionStep[]): readonly (readonly TransactionStep[])[] {
  const waves: TransactionStep[][] = [];
  let taken = new Set<string>();
  for (const step of steps) {
    const rdns = parseDn(step.dn).map((rdn) => dnKey([rdn]));
    const path = rdns.map((_, depth) => rdns.slice(depth).join());
    const wave = path.some((key) => taken.has(key)) ? undefined : waves.at(-1);
    if (wave === undefined) {
      waves.push([step]);
      taken = new Set(path.slice(0, 1));
    } else {
      wave.push(step);
      taken.add(path[0] ?? '');
    }
  }
  return waves;
}

async function commit(session: Session, identifier: Buffer, count: number): Promise<ExtendedResponse> {
  try {
    return await end(session, true, identifier);
  } catch (error) {
    if (!(error instanceof KeystoneLdapError) || error.code === 'CANCELLED') throw error;
    throw new KeystoneLdapError(
      error.code,
      `${session.uri} did not say whether the transaction of ${count} writes was done: all of them were made, or none.`,
      { hint: 'Run the command again: it does what is left to do.', cause: error },
    );
  }
}

/**
 * slapd answers a step before the thread that does so has let go of it, and the end of the transaction frees it: on a
 * busy machine that kills slapd (2.5.13) about once in 300 transactions. Nothing tells when the thread is done, but it
 * has the time of these round trips: 7 of 22,000 transactions killed slapd with one of them, none of 12,000 with four.
 */
const ROUND_TRIPS_BEFORE_END = 4;

async function end(session: Session, commit: boolean, identifier: Buffer): Promise<ExtendedResponse> {
  for (let trip = 0; trip < ROUND_TRIPS_BEFORE_END; trip++) await session.read('', ['1.1']);
  return await session.extended(END, endRequest(commit, identifier));
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
  return resultFailure(resultCode, '', `Cannot write ${culprit?.dn ?? 'the batch'}`);
}
