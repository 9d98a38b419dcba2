/** What other rooms see of model packages. */
import type { Manifest, PackageSummary } from '#contract';

/** A package whose every byte that the manifest names has been checked. */
export interface VerifiedPackage {
  readonly manifest: Manifest;
  /** SHA-256 over the manifest file's bytes: names the package exactly. */
  readonly manifestSha256: string;
  /** Absolute path of the package's folder. */
  readonly dir: string;
}

/** A folder that looks like a package but whose manifest cannot be believed at all, so that it has no summary. */
export interface UnreadablePackage {
  readonly folder: string;
  readonly message: string;
  readonly hint: string | undefined;
}

export interface Packages {
  /** Every package whose manifest can be read, sorted by id; a damaged one says so and leaves the others alone. */
  list(): Promise<PackageSummary[]>;
  /** Folders with a manifest that is not one, in words. */
  unreadable(): Promise<UnreadablePackage[]>;
  /**
   * One package, verified: manifest, sizes and hashes. Files that did not change since the last look are not hashed again.
   *
   * @throws {ScanloomError} `package/not-found`, `package/invalid` (manifest, size, path) or `package/hash-mismatch`.
   */
  get(id: string): Promise<VerifiedPackage>;
  /** The card's markdown. */
  card(id: string): Promise<string>;
  /** The picture of samples, PNG bytes. */
  samples(id: string): Promise<Uint8Array>;
}
