/** Which files are the library's own, and taking them away. Sources elsewhere are never touched. */
import { rmdirSync, rmSync } from 'node:fs';
import path from 'node:path';

export function isInside(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '' && relative.split(path.sep)[0] !== '..' && !path.isAbsolute(relative);
}

/** A source file that was sent or copied into the library; only such a file may be removed again. */
export function isOwnSource(file: string, libraryDir: string): boolean {
  return isInside(file, path.join(libraryDir, 'incoming')) || isInside(file, path.join(libraryDir, 'sources'));
}

/** A folder that holds nothing any more goes with its last file. */
export function removeWithEmptyFolders(file: string, libraryDir: string): void {
  rmSync(file, { force: true });
  for (let folder = path.dirname(file); isInside(folder, libraryDir); folder = path.dirname(folder)) {
    try {
      rmdirSync(folder);
    } catch {
      return;
    }
  }
}
