/** What a walk over files must remember so that it meets nothing twice and never goes in a circle. */
import path from 'node:path';
import { isInside } from './own-files.ts';

/** Links to folders elsewhere that are followed by one walk. */
export const followedLinks = 10_000;
/** Single files (opened by name, or led to by links) that are remembered so as not to be read twice. */
const rememberedFiles = 500_000;

/**
 * What a walk must remember so that nothing is met twice. A folder that is no link lies in one place and is met once, by walking down to it
 * from where the walk started; so only starts are kept (what was opened, and where links lead), however many folders and files lie below.
 */
export class MetPlaces {
  readonly #library: string | null;
  readonly #starts = new Set<string>();
  readonly #files = new Set<string>();

  /** @param library Real path of a folder that nothing is read from, whichever way leads there. */
  constructor(library: string | null) {
    this.#library = library;
  }

  start(real: string): void {
    this.#starts.add(real);
  }

  /** A folder that a walk has started from, or will not enter. */
  isStart(real: string): boolean {
    return real === this.#library || this.#starts.has(real);
  }

  /** Whether walking down from a start leads there. */
  isBelowStart(real: string): boolean {
    for (let place = real; ; place = path.dirname(place)) {
      if (this.#starts.has(place)) return true;
      if (path.dirname(place) === place) return false;
    }
  }

  /** Whether a link to this folder leads somewhere new; not to one that was or will be met in its own place, which is what ends a circle of links. */
  follows(real: string): boolean {
    return !this.#isLibrary(real) && !this.isBelowStart(real);
  }

  get mayFollowMore(): boolean {
    return this.#starts.size < followedLinks;
  }

  /** A file that was opened by its name; false when its folder is walked, or it was met before. */
  isNewFile(real: string): boolean {
    if (this.#files.has(real) || this.isBelowStart(path.dirname(real))) return false;
    // One too many is read twice, and then known by its content.
    if (this.#files.size < rememberedFiles) this.#files.add(real);
    return true;
  }

  /** The same for a file that a link leads to. */
  isNewLinkedFile(real: string): boolean {
    return !this.#isLibrary(real) && this.isNewFile(real);
  }

  /** A file in its own place, unless it was opened by its name before. */
  hasFile(real: string): boolean {
    return this.#files.size > 0 && this.#files.has(real);
  }

  #isLibrary(real: string): boolean {
    return this.#library !== null && (real === this.#library || isInside(real, this.#library));
  }
}
