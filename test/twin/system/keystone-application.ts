import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { PYTHON } from '../../support/keystone/find-keystone.ts';
import type { KeystoneTemplate } from '../../support/keystone/keystone-template.ts';
import { overlayConf, placeIn } from '../../support/keystone/overlay-conf.ts';
import type { Outcome, SystemAnswer } from './system-answer.ts';
import { DOMAIN_IDS, type Question } from './system-case.ts';

/** A Keystone that is asked over HTTP, without a socket; each case has a database and a process of its own. */
export interface KeystoneApplication extends AsyncDisposable {
  /** The folder of the files of domains. */
  readonly domainDir: string;
  ask(conf: string, questions: readonly Question[]): Promise<SystemAnswer>;
}

const SCRIPT = fileURLToPath(new URL('keystone_application.py', import.meta.url));

type RawAnswer =
  | { readonly start: 'yes'; readonly answers: readonly Raw[] }
  | { readonly start: { readonly fault: string } }
  | { readonly broken: string };

interface Raw {
  readonly status: number;
  readonly why?: string;
  readonly id?: string;
  readonly scoped?: number;
  readonly look?: number;
  readonly list?: readonly unknown[];
  readonly truncated?: boolean;
}

/** `TWIN_PYTHONPATH` names the source of another Keystone of the same series, and `TWIN_VERSION` says which it is. */
export async function startKeystoneApplication(template: KeystoneTemplate): Promise<KeystoneApplication> {
  const folder = await mkdtemp(join(tmpdir(), 'keystone-twin-'));
  const [base, now] = [join(folder, 'base'), join(folder, 'case')];
  await cp(template.dir, base, { recursive: true });
  await cp(template.dir, now, { recursive: true });
  const child = spawn(PYTHON, [SCRIPT], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, PYTHONPATH: process.env['TWIN_PYTHONPATH'] ?? '' },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const fileIn = async (dir: string): Promise<string> => {
    const file = join(dir, 'overlay.conf');
    await writeFile(file, overlayConf(dir, { ownDomainDir: true }));
    return file;
  };
  const tell = (request: unknown): void => void child.stdin.write(`${JSON.stringify(request)}\n`);
  const { emptyDir, domainDir, database } = placeIn(now);
  const { user: name, password } = template.administrator;
  tell({
    ...{ files: [await fileIn(base)], emptyDir, administrator: { name, password } },
    domains: Object.entries(DOMAIN_IDS).flatMap(([domain, id]) =>
      id === 'default' ? [] : [{ id, name: domain }],
    ),
  });
  const overlay = await fileIn(now);
  return {
    domainDir,
    async ask(conf, questions) {
      const file = join(now, 'keystone.conf');
      await writeFile(file, conf);
      const named = questions.map((one) => ({ ...one, domain: DOMAIN_IDS[one.domain] }));
      const databases = { base: placeIn(base).database, database };
      tell({ files: [file, overlay], emptyDir, ...databases, questions: named });
      const line = await lines.next();
      if (line.done === true) throw new Error('The process of Keystone has ended.');
      return answerOf(JSON.parse(line.value) as RawAnswer);
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        child.stdin.end();
        await ended;
      }
      await rm(folder, { recursive: true });
    },
  };
}

function answerOf(raw: RawAnswer): SystemAnswer {
  if ('broken' in raw) throw new Error(raw.broken);
  if (raw.start !== 'yes') return { outcomes: 'nothing works', said: [raw.start.fault] };
  return {
    outcomes: raw.answers.map(outcomeOf),
    said: raw.answers.flatMap((one) => (outcomeOf(one).is === 'fails' ? [JSON.stringify(one)] : [])),
  };
}

/**
 * A login works if the user also gets into a project, and the token can be looked at; if only the first one does, with empty
 * numbers of the pool, it is one that is refused.
 */
function outcomeOf({ status, id, scoped, look, list, truncated = false }: Raw): Outcome {
  if (status === 401 || scoped === 401) return { is: 'refused' };
  if (list !== undefined) return { is: 'list', list, truncated };
  const works = status === 201 && scoped === 201 && look === 200;
  return works && id !== undefined ? { is: 'in', id } : { is: 'fails' };
}
