/** Whether an export is what it was when it was published, and whether that says the truth about itself. Needs no library. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { sha256File } from '#base';
import { ExportManifest, type ExportFile, type VerifyFinding, type VerifyReport } from '#contract';
import { checksumsName, parseChecksums } from '../checksums.ts';
import { findingsFor } from '../findings.ts';
import { formats } from '../formats.ts';
import { isSafePath } from '../names.ts';
import { readSidecar, type Sidecar } from '../sidecar.ts';
import { fileMark, fileSetMark, label } from '../marks.ts';
import { countsOf, ledgerName, manifestName } from '../write-export.ts';
import { verifyLedger, type LedgerSays } from './verify-ledger.ts';
import { walk } from './walk.ts';

/** What a manifest, a checksum list or a ledger may take: larger ones are not read. */
const maxTextBytes = 256 * 2 ** 20;
/** A file larger than this is hashed, but not opened as an image. */
const maxFileBytes = 2 ** 31 - 1;

/**
 * Checks an export's folder: the manifest against its schema, every file's size and digest, missing and additional files, the chain of
 * the ledger, and in each image file the marks and references that its format carries; where a format holds float32, every frame's values
 * against their digest in the ledger. Never follows a link, never leaves the folder, writes nothing.
 *
 * Someone who changes a file and all digests is found where the change contradicts what the rest says (tags, marks, ledger, float values).
 * Not found: rounded values (PNG, DICOM) that were changed under true marks with all digests remade, a geometry that was changed wherever
 * it stands, and whoever remakes the ledger as well. This is no signature.
 */
export async function verifyFolder(folder: string): Promise<VerifyReport> {
  const root = path.resolve(folder);
  const findings: VerifyFinding[] = [];
  const finish = (filesChecked: number): VerifyReport => ({ folder: root, ok: !findings.some((finding) => finding.level === 'error'), filesChecked, findings });
  const add = (code: string, where: string, message: string): void => void findings.push({ level: 'error', code, path: where, message });

  const found = await walk(root).catch(() => null);
  if (found === null) {
    add('folder-unreadable', '', 'There is no folder here that can be read.');
    return finish(0);
  }
  for (const { path: where, kind } of found) if (kind === 'other') add('file-kind', where, 'A link or special file does not belong into an export.');
  const present = new Map(found.filter(({ kind }) => kind === 'file').map((file) => [file.path, file.sizeBytes]));

  const manifest = await readManifest(root, present, add);
  if (manifest === null) return finish(0);
  for (const file of manifest.files) if (!isSafePath(file.path)) add('path-unsafe', file.path, 'The manifest names a path that leads elsewhere.');
  const listed = new Map(manifest.files.filter((file) => isSafePath(file.path)).map((file) => [file.path, file]));
  if (listed.size !== manifest.files.length && manifest.files.every((file) => isSafePath(file.path))) add('manifest-invalid', manifestName, 'The manifest names a file twice.');

  const sound = await checkFiles(root, present, listed, findings);
  await checkChecksums(root, present, listed, add);
  checkManifest(manifest, add);
  let frameDigests: LedgerSays['frameDigests'] = new Map();
  let sourceFormats: LedgerSays['sourceFormats'] = new Map();
  if (sound.has(ledgerName)) {
    const ledger = verifyLedger(await readFile(path.join(root, ledgerName), 'utf8'), manifest);
    findings.push(...ledger.findings);
    ({ frameDigests, sourceFormats } = ledger);
  } else add('ledger-missing', ledgerName, 'The ledger cannot be checked.');
  checkFrames(manifest, frameDigests, add);
  findings.push(...(await checkItems(root, manifest, listed, present, { frameDigests, sourceFormats })));
  return finish(listed.size);
}

type Add = (code: string, where: string, message: string) => void;

async function readManifest(root: string, present: ReadonlyMap<string, number>, add: Add): Promise<ExportManifest | null> {
  const size = present.get(manifestName);
  if (size === undefined) {
    add('manifest-missing', manifestName, 'The folder has no manifest.json: it is no export, or not a whole one.');
    return null;
  }
  if (size > maxTextBytes) {
    add('manifest-invalid', manifestName, 'The manifest is larger than any export needs.');
    return null;
  }
  try {
    const parsed = ExportManifest.safeParse(JSON.parse(await readFile(path.join(root, manifestName), 'utf8')));
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    add('manifest-invalid', manifestName, `The manifest does not follow its schema: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}.`);
  } catch {
    add('manifest-invalid', manifestName, 'The manifest is not JSON.');
  }
  return null;
}

/** Sizes and digests. Answers the paths that are as the manifest says. */
async function checkFiles(root: string, present: ReadonlyMap<string, number>, listed: ReadonlyMap<string, ExportFile>, findings: VerifyFinding[]): Promise<Set<string>> {
  const sound = new Set<string>();
  for (const file of listed.values()) {
    const own = findingsFor(file.path);
    const size = present.get(file.path);
    if (size === undefined) own.error('file-missing', 'A file that the manifest names is missing.');
    else if (size !== file.sizeBytes) own.error('size-differs', `The file has ${size} bytes where the manifest says ${file.sizeBytes}.`);
    else if ((await sha256File(path.join(root, ...file.path.split('/')))) !== file.sha256) own.error('hash-differs', 'The file was changed: its SHA-256 is not the one in the manifest.');
    else sound.add(file.path);
    findings.push(...own.all);
  }
  for (const where of present.keys()) {
    if (!listed.has(where) && where !== manifestName && where !== checksumsName) findings.push({ level: 'error', code: 'file-extra', path: where, message: 'A file that the manifest does not name.' });
  }
  return sound;
}

async function checkChecksums(root: string, present: ReadonlyMap<string, number>, listed: ReadonlyMap<string, ExportFile>, add: Add): Promise<void> {
  const size = present.get(checksumsName);
  if (size === undefined) return add('checksums-missing', checksumsName, 'The folder has no list of checksums.');
  const sums = size > maxTextBytes ? null : parseChecksums(await readFile(path.join(root, checksumsName), 'utf8'));
  if (sums === null) return add('checksums-invalid', checksumsName, 'The list of checksums is not one.');
  for (const file of listed.values()) if (sums.get(file.path) !== file.sha256) add('checksums-differ', file.path, 'Manifest and list of checksums disagree.');
  if (sums.get(manifestName) !== (await sha256File(path.join(root, manifestName)))) add('checksums-differ', manifestName, 'The manifest is not the one in the list of checksums.');
  for (const where of sums.keys()) if (where !== manifestName && !listed.has(where)) add('checksums-differ', where, 'The list of checksums names a file that the manifest does not.');
}

/** Whether the manifest agrees with itself. */
function checkManifest(manifest: ExportManifest, add: Add): void {
  const counts = countsOf(manifest.items, manifest.files);
  for (const [name, count] of Object.entries(counts)) {
    if (manifest.counts[name as keyof typeof counts] !== count) add('counts-differ', manifestName, `The manifest counts ${manifest.counts[name as keyof typeof counts]} ${name}, but lists ${count}.`);
  }
  const items = new Set(manifest.items.map((item) => item.itemId));
  if (items.size !== manifest.items.length) add('manifest-invalid', manifestName, 'The manifest names an item twice.');
  const withImages = new Set<string>();
  for (const file of manifest.files) {
    if (file.itemId !== null && !items.has(file.itemId)) add('manifest-invalid', file.path, 'The file belongs to an item that the manifest does not name.');
    if (file.role === 'image' && file.itemId === null) add('manifest-invalid', file.path, 'The image belongs to no item.');
    if (file.role === 'image' && file.itemId !== null) withImages.add(file.itemId);
  }
  for (const item of items) if (!withImages.has(item)) add('manifest-invalid', manifestName, `The item ${item} has no image.`);
}

/** Whether each image of an item that the ledger names is in exactly one file. */
function checkFrames(manifest: ExportManifest, frameDigests: LedgerSays['frameDigests'], add: Add): void {
  const framesOf = new Map<string, (number | null)[]>(manifest.items.map((item) => [item.itemId, []]));
  for (const file of manifest.files) if (file.role === 'image' && file.itemId !== null) framesOf.get(file.itemId)?.push(file.frame);
  for (const [itemId, frames] of framesOf) {
    const digests = frameDigests.get(itemId);
    if (digests === undefined) continue;
    const isWholeItem = frames.length === 1 && frames[0] === null;
    const isEachOnce = frames.length === digests.length && digests.every((_, frame) => frames.includes(frame));
    if (!isWholeItem && !isEachOnce) add('frames-differ', manifestName, `The files of item ${itemId} are not the ${digests.length} ${digests.length === 1 ? 'image' : 'images'} that the ledger names, each once.`);
  }
}

async function checkItems(root: string, manifest: ExportManifest, listed: ReadonlyMap<string, ExportFile>, present: ReadonlyMap<string, number>, ledger: Pick<LedgerSays, 'frameDigests' | 'sourceFormats'>): Promise<VerifyFinding[]> {
  const findings: VerifyFinding[] = [];
  const absolutePathOf = (file: ExportFile): string => path.join(root, ...file.path.split('/'));
  const read = async (file: ExportFile): Promise<Uint8Array> => new Uint8Array(await readFile(absolutePathOf(file)));
  const filesOf = new Map<string, ExportFile[]>(manifest.items.map((item) => [item.itemId, []]));
  for (const file of listed.values()) {
    const sizeBytes = present.get(file.path);
    if (file.itemId === null || sizeBytes === undefined) continue;
    if (sizeBytes <= maxFileBytes) filesOf.get(file.itemId)?.push(file);
    else findings.push({ level: 'warning', code: 'too-large', path: file.path, message: 'The file is too large to be opened; only its digest was checked.' });
  }

  const format = formats[manifest.format];
  const indices = manifest.files.filter((file) => file.role === 'index' && present.has(file.path));
  for (const index of indices) {
    if ((present.get(index.path) ?? 0) <= maxTextBytes) findings.push(...((await format.verifyIndex?.(index, manifest.files, read)) ?? []));
  }
  for (const item of manifest.items) {
    const files = filesOf.get(item.itemId) ?? [];
    let sidecar: Sidecar | null = null;
    for (const file of files.filter((entry) => entry.role === 'sidecar')) {
      const own = findingsFor(file.path);
      sidecar = readSidecar(await read(file));
      if (sidecar === null) own.error('sidecar-invalid', 'The sidecar does not follow its schema.');
      else checkSidecar(sidecar, item, own);
      findings.push(...own.all);
    }
    const images = files.filter((file) => file.role === 'image');
    const maps = files.filter((file) => file.role === 'map');
    for (const file of images) {
      const name = path.posix.basename(file.path);
      if (!name.startsWith(fileMark[item.provenance]) && !(indices.length > 0 && name.startsWith(fileSetMark[item.provenance]))) findings.push({ level: 'error', code: 'name-mark', path: file.path, message: `The file's name does not say ${label[item.provenance]}.` });
    }
    if (sidecar === null && format.hasSidecar) findings.push({ level: 'error', code: 'sidecar-missing', path: manifestName, message: `No readable sidecar says what the images of item ${item.itemId} are.` });
    findings.push(...(await format.verifyItem({ item, images, maps, sidecar, frameDigests: ledger.frameDigests.get(item.itemId) ?? null, sourceFormat: ledger.sourceFormats.get(item.itemId) ?? null, absolutePathOf, read })));
  }
  return findings;
}

function checkSidecar(sidecar: Sidecar, item: ExportManifest['items'][number], own: ReturnType<typeof findingsFor>): void {
  const same =
    sidecar.itemId === item.itemId && sidecar.provenance === item.provenance && sidecar.mark === label[item.provenance] && sidecar.class === item.class && sidecar.decision === item.decision &&
    sidecar.package.id === item.packageId && sidecar.package.sha256 === item.packageSha256 && sidecar.ledger.index === item.ledgerIndex && sidecar.ledger.hash === item.ledgerHash &&
    JSON.stringify(sidecar.scale) === JSON.stringify(item.scale);
  if (!same) own.error('sidecar-differs', 'Sidecar and manifest say different things about the item.');
}
