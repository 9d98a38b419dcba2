/** An item of the library as a source for any format. */
import { ScanloomError, StartJob, type Manifest } from '#contract';
import { parseHeader } from '#dicom';
import type { Library } from '#library';
import type { Packages } from '#packages';
import type { ExportSource } from './types.ts';

/** Reads pixels, source files and packages only when a format asks for them. @throws ScanloomError `request/not-found`, `ledger/broken` */
export async function librarySource(library: Library, packages: Packages, itemId: string): Promise<ExportSource> {
  const { item, images, sourceImageIds, packageSha256 } = library.items.get(itemId);
  const ledgerEntry = library.ledger.forItem(itemId);
  const settings = StartJob.safeParse(ledgerEntry.body['settings']);
  if (!settings.success) throw new ScanloomError('ledger/broken', 'The ledger entry of an item does not hold its settings.', { hint: 'Run scanloom doctor on this library.' });
  return {
    item,
    images,
    sourceImageIds,
    packageSha256,
    ledgerEntry,
    settings: settings.data,
    manifest: await manifestOf(packages, item.packageId, packageSha256),
    frame: (index) => library.items.frame(itemId, index),
    async sourceFile(index) {
      const imageId = sourceImageIds[index];
      if (imageId == null) return null;
      // `SOP Instance UID:frame` for one of several frames.
      const bytes = await library.images.readBytes(imageId.split(':')[0]!);
      return parseHeader(bytes);
    },
    async sourceFrame(index) {
      const imageId = sourceImageIds[index];
      return imageId == null ? null : library.images.values(imageId);
    },
  };
}

/** The manifest, if the package is still the one that made the item: another one would describe something else. */
async function manifestOf(packages: Packages, packageId: string, sha256: string): Promise<Manifest | null> {
  try {
    const found = await packages.get(packageId);
    return found.manifestSha256 === sha256 ? found.manifest : null;
  } catch (thrown) {
    if (thrown instanceof ScanloomError && thrown.code.startsWith('package/')) return null;
    throw thrown;
  }
}
