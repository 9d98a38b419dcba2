/** One export from its sources to a folder in its place: stage, read back, describe, publish. Knows nothing of the database. */
import { freeDiskBytes, sha256Hex } from '#base';
import { DicomExportOptions, ExportManifest, ScanloomError, type ExportFile, type ExportFormat, type LedgerEntry } from '#contract';
import { checksumsFile, checksumsName } from './checksums.ts';
import { formats } from './formats.ts';
import { itemBaseName } from './names.ts';
import { ledgerFile, ledgerLinesFor } from './ledger-lines.ts';
import { exportReport } from './report/export-report.ts';
import { jsonFile } from './sidecar.ts';
import { openStage, type Stage } from './stage.ts';
import type { FormatChoice, WrittenFile, WrittenItem } from './format.ts';
import type { ExportSource } from './types.ts';

export const manifestName = 'manifest.json';
export const ledgerName = 'ledger.jsonl';
export const reportName = 'report.html';

export interface ExportOrder {
  readonly exportId: string;
  readonly format: ExportFormat;
  /** For the format `dicom`; as the contract's defaults when left out. */
  readonly dicom?: DicomExportOptions | undefined;
  /** Absolute path of the folder that will be the export. */
  readonly target: string;
  readonly createdAt: Date;
  /** Scanloom's version. */
  readonly scanloom: string;
  readonly sources: readonly ExportSource[];
  /** The ledger from the first of the sources' entries on (or earlier). */
  readonly ledger: Iterable<LedgerEntry>;
  /**
   * What must be true if and only if the export is there: calls `publish` exactly once, inside its own transaction. When it throws, the
   * export is taken away again.
   */
  readonly commit?: (written: WrittenExport, publish: () => void) => void;
  /** Ends the work before the next image, with the signal's reason. */
  readonly signal?: AbortSignal;
  /** After each image whose pixels were taken up for the first time. */
  readonly onProgress?: (imagesDone: number, imagesTotal: number) => void;
}

export interface WrittenExport {
  readonly manifest: ExportManifest;
  readonly manifestSha256: string;
}

/**
 * Writes into a folder beside the target, reads every file back and compares it with what was meant, and only then renames it to the
 * target. When it rejects, nothing is at the target and the folder beside is gone.
 *
 * @throws ScanloomError `export/exists`, `export/invalid`, `export/verification-failed`, `disk/full`, `disk/failed`, the signal's reason, and what reading a source throws
 */
export async function writeExport(order: ExportOrder): Promise<WrittenExport> {
  const format = formats[order.format];
  if (order.sources.length === 0) throw new ScanloomError('export/invalid', 'There is nothing to export.', { hint: 'Accept some images in the review, or upscale a series.' });
  const stage = await openStage(order.target, order.exportId);
  try {
    await refuseWithoutRoom(order);
    const written: WrittenItem[] = [];
    for (const [position, source] of watched(order).entries()) {
      order.signal?.throwIfAborted();
      const choice = choiceOf(order, position);
      const item = await format.writeItem(source, format.placeOf(source, itemBaseName(source.item, position), choice), stage, order.scanloom, choice);
      await format.readBack(source, item, stage);
      written.push(item);
    }
    order.signal?.throwIfAborted();
    const index = (await format.finish?.(written, stage, order.exportId, choiceOf(order, 0))) ?? [];
    const result = await describe(order, written, index, stage);
    // Past this point it counts: a stop that comes later comes too late.
    order.signal?.throwIfAborted();
    if (order.commit === undefined) stage.publish();
    else order.commit(result, () => stage.publish());
    return result;
  } catch (thrown) {
    await stage.discard();
    throw thrown;
  }
}

function choiceOf(order: ExportOrder, position: number): FormatChoice {
  return { position, dicom: order.dicom ?? DicomExportOptions.parse({}) };
}

/** The sources, which count the images asked for and end at a stop. A format asks for an image several times (scale, writing, reading back); the first counts. */
function watched({ sources, signal, onProgress }: ExportOrder): ExportSource[] {
  const imagesTotal = sources.reduce((sum, source) => sum + source.images.length, 0);
  let imagesDone = 0;
  return sources.map((source) => {
    const seen = new Set<number>();
    return {
      ...source,
      frame: async (index) => {
        signal?.throwIfAborted();
        const values = await source.frame(index);
        if (!seen.has(index)) {
          seen.add(index);
          imagesDone += 1;
          onProgress?.(imagesDone, imagesTotal);
        }
        return values;
      },
    };
  });
}

/** Asks the disk before hours of work, not after. */
async function refuseWithoutRoom(order: ExportOrder): Promise<void> {
  const needed = order.sources.reduce((sum, source, position) => sum + formats[order.format].estimateBytes(source, choiceOf(order, position)), 0);
  const free = await freeDiskBytes(order.target);
  if (free < needed) throw new ScanloomError('disk/full', 'There is not enough room for this export.', { hint: `It takes about ${megabytes(needed)} MB; ${megabytes(free)} MB are free there.`, details: { needed, free } });
}

function megabytes(bytes: number): string {
  return String(Math.ceil(bytes / 2 ** 20));
}

async function describe(order: ExportOrder, written: readonly WrittenItem[], index: readonly WrittenFile[], stage: Stage): Promise<WrittenExport> {
  const files: ExportFile[] = [];
  for (const [position, item] of written.entries()) {
    for (const file of item.files) files.push({ ...file, ...(await stage.fingerprint(file.path)), itemId: order.sources[position]!.item.itemId });
  }
  for (const file of index) files.push({ ...file, ...(await stage.fingerprint(file.path)), itemId: null });
  const lines = ledgerLinesFor(order.ledger, new Set(order.sources.map((source) => source.item.itemId)));
  await stage.write(ledgerName, ledgerFile(lines));
  files.push({ path: ledgerName, role: 'ledger', itemId: null, frame: null, ...(await stage.fingerprint(ledgerName)) });

  const items: ExportManifest['items'] = order.sources.map(({ item, packageSha256 }, position) => ({
    itemId: item.itemId,
    provenance: item.provenance,
    class: item.class,
    decision: item.decision,
    packageId: item.packageId,
    packageSha256,
    ledgerIndex: item.ledgerIndex,
    ledgerHash: item.ledgerHash,
    scale: written[position]!.scale,
  }));
  await stage.write(reportName, await exportReport(order, files, lines));
  files.push({ path: reportName, role: 'report', itemId: null, frame: null, ...(await stage.fingerprint(reportName)) });

  const manifest = ExportManifest.parse({
    schema: 1,
    exportId: order.exportId,
    format: order.format,
    createdAt: order.createdAt.toISOString(),
    scanloom: order.scanloom,
    researchOnly: true,
    counts: countsOf(items, files),
    items,
    files,
  } satisfies ExportManifest);
  const text = jsonFile(manifest);
  await stage.write(manifestName, text);
  const sums = new Map(files.map((file) => [file.path, file.sha256]));
  sums.set(manifestName, (await stage.fingerprint(manifestName)).sha256);
  await stage.write(checksumsName, checksumsFile(sums));
  const manifestSha256 = sha256Hex(text);
  if (sums.get(manifestName) !== manifestSha256) throw new ScanloomError('export/verification-failed', 'The manifest that was read back is not what was written.', { hint: 'Nothing was published. Check the disk and export again.' });
  return { manifest, manifestSha256 };
}

/** `undecided`: items that nobody has reviewed, enhanced ones included. */
export function countsOf(items: ExportManifest['items'], files: readonly ExportFile[]): ExportManifest['counts'] {
  return {
    enhanced: items.filter((item) => item.provenance === 'enhanced').length,
    synthetic: items.filter((item) => item.provenance === 'synthetic').length,
    undecided: items.filter((item) => item.decision === null).length,
    files: files.length,
  };
}
