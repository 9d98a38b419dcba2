/** What becomes of a described file: filed as new, known already, kept as an object beside images, or refused. */
import { existsSync } from 'node:fs';
import type { Clock } from '#base';
import { ScanloomError } from '#contract';
import type { FoundFile } from './find-files.ts';
import type { ObjectStore } from './object-store.ts';
import { isInside, isOwnSource } from './own-files.ts';
import type { DescribedFile, StudyStore } from './study-store.ts';

interface Needs {
  readonly dir: string;
  readonly store: StudyStore;
  readonly objects: ObjectStore;
  readonly clock: Clock;
}

/** Where a file was filed. `seriesUid` is the library's key of its series; `changed`: its UID had other content before. */
export interface Filed {
  readonly as: 'added' | 'known' | 'object';
  readonly seriesUid: string;
  readonly changed: boolean;
  /** The library now knows this very path. */
  readonly met: boolean;
}

export class Filing {
  readonly #needs: Needs;
  readonly #copy: boolean;
  readonly #roots: readonly string[];

  /**
   * @param copy  New files are copied into the library.
   * @param roots What was opened, absolute.
   */
  constructor(needs: Needs, copy: boolean, roots: readonly string[]) {
    this.#needs = needs;
    this.#copy = copy;
    this.#roots = roots;
  }

  /** Nothing is copied that would not be added; an archive's member that is here already is copied only when its file is gone. */
  isToBeCopied(described: DescribedFile, file: FoundFile): boolean {
    if (file.bytes === undefined && !this.#copy) return false;
    const judgement = this.#judge(described);
    if (judgement instanceof ScanloomError) return false;
    if (file.bytes === undefined) return judgement.isNew;
    return judgement.isNew || (judgement.same !== null && !existsSync(judgement.same.path));
  }

  /** Call within a transaction. A returned error is the file's, not the library's. */
  store(file: DescribedFile): Filed | ScanloomError {
    const { store, objects, clock } = this.#needs;
    const judgement = this.#judge(file);
    if (judgement instanceof ScanloomError) return judgement;
    const { isNew, same } = judgement;
    if (file.object !== undefined && (isNew || !objects.has(file.object.sopInstanceUid))) objects.put({ file, object: file.object }, clock.now().toISOString());
    if (!file.header.hasPixels) return { as: 'object', seriesUid: '', changed: false, met: false };
    if (isNew) return { as: 'added', seriesUid: store.putImage(file, clock.now().toISOString()), changed: same !== null && same.sha256 !== file.sha256, met: true };
    // Known by its UID, so there is a row.
    const known = store.knownByUid(file.header.sopInstanceUid)!;
    // The newest place counts, but a copy of the library's own is not given up for another while it is there; and a place in an archive is none.
    const moves = file.isInArchive !== true && !this.#keepsPlace(known.path, file.path);
    if (moves) store.moveImage(known.sop_uid, file);
    return { as: 'known', seriesUid: known.series_uid, changed: false, met: moves };
  }

  /** A copy of the library's own stays what it reads, and so does the first of two equal files in one opened folder: else each ingest would read both again. */
  #keepsPlace(known: string, found: string): boolean {
    const isSettled = isOwnSource(known, this.#needs.dir) || (known !== found && this.#roots.some((root) => isInside(known, root)));
    return isSettled && existsSync(known);
  }

  /** Whether a file is new, is here already (perhaps elsewhere, or touched without being changed), or must not be filed. */
  #judge(file: DescribedFile): { readonly isNew: boolean; readonly same: { readonly path: string; readonly sha256: string } | null } | ScanloomError {
    const { store, objects } = this.#needs;
    const same = file.header.hasPixels ? store.knownByUid(file.header.sopInstanceUid) : objects.knownByUid(file.header.sopInstanceUid);
    if (same !== null && same.sha256 === file.sha256) return { isNew: this.#copy && !isOwnSource(same.path, this.#needs.dir), same };
    if (same !== null && same.path !== file.path) {
      return new ScanloomError('dicom/invalid', 'Another file with the same SOP Instance UID but other content is in the library already.', {
        hint: 'Two different objects must not share a UID. Remove the study that holds the other one if this file should take its place.',
      });
    }
    const conflict = store.conflictOf(file.header);
    if (conflict !== null) return new ScanloomError('dicom/invalid', conflict, { hint: 'Two studies share a UID, which must not be. Remove the one in the library if this one should take its place.' });
    return { isNew: true, same };
  }
}
