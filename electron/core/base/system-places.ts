/** Where things lie on each system. The only place that asks which system this is, but for the details of atomic files. */
import { statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

export interface CorePaths {
  /** The library's folder. */
  readonly library: string;
  /** Folders that hold package folders: the bundled ones and the library's own. */
  readonly packages: readonly string[];
  /** Built worker and engine entries (dist/node). */
  readonly entries: string;
  /** The built page, or null where there is none. */
  readonly page: string | null;
}

/** The folder where this system keeps an application's data. `SCANLOOM_LIBRARY` overrides it. */
export function defaultLibraryDir(env: Readonly<Record<string, string | undefined>> = process.env, platform: NodeJS.Platform = process.platform, home: string = homedir()): string {
  if (env['SCANLOOM_LIBRARY']) return path.resolve(env['SCANLOOM_LIBRARY']);
  if (platform === 'win32') return path.win32.join(env['LOCALAPPDATA'] ?? path.win32.join(home, 'AppData', 'Local'), 'Scanloom', 'Library');
  if (platform === 'darwin') return path.posix.join(home, 'Library', 'Application Support', 'Scanloom', 'Library');
  // The XDG rules say that a relative path is to be ignored.
  const data = env['XDG_DATA_HOME'];
  return path.posix.join(data !== undefined && path.posix.isAbsolute(data) ? data : path.posix.join(home, '.local', 'share'), 'scanloom', 'library');
}

/** Bytes that this user may still write on the disk of `dir` or of the nearest folder above it that exists. */
export async function freeDiskBytes(dir: string): Promise<number> {
  for (let at = path.resolve(dir); ; at = path.dirname(at)) {
    try {
      const stats = await statfs(at);
      return stats.bavail * stats.bsize;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT' || path.dirname(at) === at) throw thrown;
    }
  }
}

export function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
