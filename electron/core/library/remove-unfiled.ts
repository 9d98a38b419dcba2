/** What was sent to the library and is nobody's when its ingest is over. */
import { isOwnSource, removeWithEmptyFolders } from './own-files.ts';
import { walkFiles } from './walk-files.ts';

/** Removes what was sent to the library and holds nothing that it knows: no image, or one that it has already. Folders elsewhere are left alone. */
export async function removeUnfiled(roots: readonly string[], libraryDir: string, isFiled: (file: string) => boolean): Promise<void> {
  const sent = roots.filter((root) => isOwnSource(root, libraryDir));
  for await (const { path: file } of walkFiles(sent, { libraryDir, onRefused: () => undefined })) {
    if (isOwnSource(file, libraryDir) && !isFiled(file)) removeWithEmptyFolders(file, libraryDir);
  }
}
