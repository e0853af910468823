import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder of its own for a test, gone afterwards: `using folder = new DisposableFolder()`. Its path has a space. */
export class DisposableFolder implements Disposable {
  readonly path: string = realpathSync(mkdtempSync(join(tmpdir(), 'keystone-ldap test-')));

  /** One that is there until the end of the running test. */
  static ofTest(): DisposableFolder {
    const folder = new DisposableFolder();
    onTestFinished(() => folder[Symbol.dispose]());
    return folder;
  }

  /** Writes a file and returns its path. */
  write(name: string, text: string, mode = 0o600): string {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode });
    return path;
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true });
  }
}
