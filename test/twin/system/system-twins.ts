import { rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AcceptanceServers } from '../../support/keystone/describe-keystone.ts';
import { TwinDirectory } from '../twin-directory.ts';
import { startKeystoneApplication, type KeystoneApplication } from './keystone-application.ts';
import { askLibraryAboutSystem } from './library-system.ts';
import { startPlaces, type TwinPlaces } from './places.ts';
import { systemDifferences, type SystemAnswer, type SystemDifference } from './system-answer.ts';
import { confText, type SystemCase } from './system-case.ts';

/** A whole Keystone and this tool, before one directory. */
export class SystemTwins implements AsyncDisposable {
  readonly #directory: TwinDirectory;
  readonly #places: TwinPlaces;
  readonly #keystone: KeystoneApplication;
  readonly #release: string;

  private constructor(parts: {
    directory: TwinDirectory;
    places: TwinPlaces;
    keystone: KeystoneApplication;
    release: string;
  }) {
    this.#directory = parts.directory;
    this.#places = parts.places;
    this.#keystone = parts.keystone;
    this.#release = parts.release;
  }

  static async start({ slapd, keystone }: AcceptanceServers, release: string): Promise<SystemTwins> {
    const places = await startPlaces(slapd);
    const directory = await TwinDirectory.start({ slapd, tls: places.tls });
    return new SystemTwins({
      directory,
      places,
      keystone: await startKeystoneApplication(keystone),
      release,
    });
  }

  /** Where the two answer this case differently. */
  async compare(one: SystemCase): Promise<readonly SystemDifference[]> {
    const { keystone, ours } = await this.ask(one);
    return systemDifferences(keystone, ours);
  }

  async ask({
    entries,
    main,
    domains,
    questions,
  }: SystemCase): Promise<{ readonly keystone: SystemAnswer; readonly ours: SystemAnswer }> {
    const { domainDir } = this.#keystone;
    await this.#directory.fill(entries);
    const places = this.#places.of(this.#directory.sandbox);
    const files = Object.entries(domains).map(
      ([domain, sections]) =>
        [join(domainDir, `keystone.${domain}.conf`), confText(sections, places)] as const,
    );
    for (const [path, text] of files) await writeFile(path, text);
    try {
      const keystone = await this.#keystone.ask(confText(main, places), questions);
      const overlay = join(dirname(domainDir), 'overlay.conf');
      const conf = join(dirname(domainDir), 'keystone.conf');
      return { keystone, ours: await askLibraryAboutSystem([conf, overlay], questions, this.#release) };
    } finally {
      for (const [path] of files) await rm(path);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#keystone[Symbol.asyncDispose]();
    await this.#directory[Symbol.asyncDispose]();
    await this.#places[Symbol.asyncDispose]();
  }
}
