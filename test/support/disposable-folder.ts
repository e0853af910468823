import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of its own for a test, gone afterwards: `using folder = new DisposableFolder()`. */
export class DisposableFolder implements Disposable {
  readonly path: string = mkdtempSync(join(tmpdir(), 'keystone-ldap-test-'));

  /** Writes a file and returns its path. */
  write(name: string, text: string, mode = 0o600): string {
    const path = join(this.path, name);
    writeFileSync(path, text, { mode });
    return path;
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true });
  }
}
