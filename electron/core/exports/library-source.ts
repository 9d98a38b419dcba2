/** An item of the library as a source for any format. */
import { ScanloomError, StartJob, type Manifest } from '#contract';
import { parseHeader } from '#dicom';
import type { Library } from '#library';
import type { Packages } from '#packages';
import { niftiStandIn } from './nifti-stand-in.ts';
import { rangeOf } from './scale.ts';
import type { ExportSource } from './types.ts';

/** Reads pixels, source files and packages only when a format asks for them. @throws ScanloomError `request/not-found`, `ledger/broken` */
export async function librarySource(library: Library, packages: Packages, itemId: string): Promise<ExportSource> {
  const { item, images, sourceImageIds, packageSha256 } = library.items.get(itemId);
  const ledgerEntry = library.ledger.forItem(itemId);
  const settings = StartJob.safeParse(ledgerEntry.body['settings']);
  if (!settings.success) throw new ScanloomError('ledger/broken', 'The ledger entry of an item does not hold its settings.', { hint: 'Run scanloom doctor on this library.' });
  let range: ReturnType<typeof rangeOf> | null = null;
  const source: ExportSource = {
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
      const [uid = '', frame = '0'] = imageId.split(':');
      const header = library.images.header(uid);
      if (header.sourceFormat !== 'nifti') return parseHeader(await library.images.readBytes(uid));
      range ??= rangeOf(source);
      return niftiStandIn({ header, sha256: library.images.hash(uid), range: await range }, images[index]!, Number(frame), item.modality);
    },
    async sourceFrame(index) {
      const imageId = sourceImageIds[index];
      return imageId == null ? null : library.images.values(imageId);
    },
  };
  return source;
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
