/** Members of a zip archive (zip64 too), stored or deflated, one after the other. */
import yauzl from 'yauzl';
import { ScanloomError } from '#contract';
import { MemberCollector } from './collect-member.ts';
import type { RawMember, ReadContext } from './read-archive.ts';

const symbolicLink = 0o120000;
const fileTypeBits = 0o170000;

/** @throws ScanloomError `input/unreadable` for a damaged archive, `dicom/too-large` past the budget */
export async function* readZip(source: { readonly path: string } | { readonly bytes: Uint8Array }, context: ReadContext): AsyncGenerator<RawMember> {
  // Names come as bytes: yauzl's own check of them would end the reading of the whole archive at the first bad one.
  const options = { lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: true } as const;
  const zip = await ('path' in source ? yauzl.openPromise(source.path, options) : yauzl.fromBufferPromise(Buffer.from(source.bytes.buffer, source.bytes.byteOffset, source.bytes.byteLength), options));
  try {
    for await (const entry of zip.eachEntry()) {
      context.budget.countEntry();
      const name = nameOf(entry);
      if (/[/\\]$/.test(name)) continue;
      if (((entry.externalFileAttributes >>> 16) & fileTypeBits) === symbolicLink) {
        context.onLink();
        continue;
      }
      if (!context.accepts(name)) continue;
      const bytes = await readEntry(zip, entry, name, context);
      if (bytes !== null) yield { name, bytes };
    }
  } finally {
    zip.close();
  }
}

function nameOf(entry: yauzl.Entry): string {
  const raw = Buffer.from(entry.fileNameRaw);
  return yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, raw, entry.extraFields ?? [], true);
}

/** Null for what was refused or is nobody's. */
async function readEntry(zip: yauzl.ZipFile, entry: yauzl.Entry, name: string, context: ReadContext): Promise<Uint8Array<ArrayBuffer> | null> {
  if (entry.isEncrypted()) {
    context.refuse(name, new ScanloomError('dicom/unsupported', 'This file of the archive is encrypted.', { hint: 'Unpack the archive with its password in another program and open the folder.' }));
    return null;
  }
  if (!entry.canDecodeFileData()) {
    context.refuse(name, new ScanloomError('dicom/unsupported', `This file of the archive is packed by a method (number ${entry.compressionMethod}) that cannot be read.`, { hint: 'Unpack the archive with another program and open the folder.' }));
    return null;
  }
  const collector = new MemberCollector(name);
  try {
    const stream = await zip.openReadStreamPromise(entry);
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      context.budget.countBytes(chunk.byteLength);
      collector.push(chunk);
      // The rest of it has nobody to read it.
      if (collector.tooLarge) break;
    }
    return collector.finish();
  } catch (thrown) {
    if (thrown instanceof ScanloomError && !collector.tooLarge) throw thrown;
    context.refuse(name, thrown instanceof ScanloomError ? thrown : new ScanloomError('input/unreadable', 'This file of the archive is damaged.', { hint: 'Get the archive again from where it came from.', cause: thrown }));
    return null;
  }
}
