import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SlapdInstallation } from '../../src/sandbox/slapd-installation.ts';
import { differences, type Answer, type Difference } from './answer.ts';
import { askLibrary } from './library-twin.ts';
import type { Judge } from './judge.ts';
import { startKeystoneTwin, type KeystoneTwin } from './keystone-twin.ts';
import { confOf, loginsOf, type TwinCase } from './twin-case.ts';
import { TwinDirectory } from './twin-directory.ts';
import { askVerdicts, misjudged, type Verdict } from './verdicts.ts';

export interface Answers {
  readonly keystone: Answer;
  readonly ours: Answer;
  readonly verdicts: readonly Verdict[];
}

/** Keystone and this tool, before one directory. */
export class Twins implements AsyncDisposable {
  readonly #directory: TwinDirectory;
  readonly #keystone: KeystoneTwin;
  readonly #release: string;

  private constructor(parts: { directory: TwinDirectory; keystone: KeystoneTwin; release: string }) {
    this.#directory = parts.directory;
    this.#keystone = parts.keystone;
    this.#release = parts.release;
  }

  static async start(slapd: SlapdInstallation, judge: Judge): Promise<Twins> {
    const directory = await TwinDirectory.start({ slapd });
    return new Twins({ directory, keystone: startKeystoneTwin(judge), release: judge.version });
  }

  /** Where the two answer this case differently. */
  async compare(
    one: TwinCase,
    { withVerdicts = true }: { readonly withVerdicts?: boolean } = {},
  ): Promise<readonly Difference[]> {
    const { keystone, ours, verdicts } = await this.ask(one, withVerdicts);
    return [...differences(keystone, ours), ...misjudged(keystone, verdicts)];
  }

  async ask(one: TwinCase, withVerdicts = true): Promise<Answers> {
    await this.#directory.fill(one.entries);
    const { sandbox } = this.#directory;
    const conf = confOf(one, { uri: sandbox.uri, password: sandbox.password.reveal() });
    const file = join(sandbox.dir, 'twin.conf');
    await writeFile(file, conf);
    const logins = loginsOf(one);
    const [keystone, ours, verdicts] = await Promise.all([
      this.#keystone.ask(file, logins),
      askLibrary(conf, logins, this.#release),
      withVerdicts ? askVerdicts(file, this.#release, sandbox) : [],
    ]);
    return { keystone, ours, verdicts };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#keystone[Symbol.asyncDispose]();
    await this.#directory[Symbol.asyncDispose]();
  }
}
