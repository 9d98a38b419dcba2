/** Reading, writing and reading again changes no attribute and no pixel of any real object that can be read. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeFrame, describeImage, parseDicom, storedValuesBytes, writeDicom, type DataElement, type DataSet, type DicomFile } from '#dicom';
import { readManifest, readReal, realDataFolder } from './real-data.ts';

const manifest = readManifest();
const explicitLittle = '1.2.840.10008.1.2.1';
const python = process.env['SCANLOOM_PYTHON'] ?? 'python3';
const hasPydicom = spawnSync(python, ['-c', 'import pydicom'], { stdio: 'ignore' }).status === 0;

function same(a: DataElement, b: DataElement | undefined, where: string): string[] {
  const at = `${where}/${a.tag}`;
  if (b === undefined) return [`${at} is gone`];
  if (a.vr !== b.vr) return [`${at} was ${a.vr}, is ${b.vr}`];
  if (a.value instanceof Uint8Array) {
    if (!(b.value instanceof Uint8Array)) return [`${at} changed its kind`];
    // A value of odd length, which the standard forbids, gains its padding.
    const even = a.value.length % 2 === 0 ? a.value : Buffer.concat([a.value, Buffer.alloc(1)]);
    return Buffer.compare(even, b.value) === 0 ? [] : [`${at} changed its value`];
  }
  if ('kind' in a.value) {
    if (b.value instanceof Uint8Array || !('kind' in b.value)) return [`${at} changed its kind`];
    const [before, after] = [a.value, b.value];
    const isSame = before.fragments.length === after.fragments.length && before.fragments.every((fragment, i) => Buffer.compare(fragment, after.fragments[i]!.subarray(0, fragment.length)) === 0);
    return isSame ? [] : [`${at} changed its fragments`];
  }
  const [before, after] = [a.value, b.value];
  if (after instanceof Uint8Array || 'kind' in after || before.length !== after.length) return [`${at} changed its items`];
  return before.flatMap((item, index) => differences(item, after[index]!, `${at}[${index}]`));
}

function differences(before: DataSet, after: DataSet, where = ''): string[] {
  const elements = [...before.elements()].filter(({ tag }) => !tag.endsWith('0000'));
  const lost = elements.flatMap((element) => same(element, after.get(element.tag), where));
  return after.size === elements.length ? lost : [...lost, `${where} had ${elements.length} elements, has ${after.size}`];
}

function written(file: DicomFile): Uint8Array {
  const isEncapsulated = file.dataset.encapsulated('PixelData') !== null;
  return writeDicom({
    dataset: file.dataset,
    // Some real objects have UIDs that may not be written, or none; the data set keeps what it has.
    sopClassUid: '1.2.840.10008.5.1.4.1.1.7',
    sopInstanceUid: '2.25.1',
    transferSyntaxUid: isEncapsulated ? file.transferSyntaxUid : explicitLittle,
  });
}

/** Objects that cannot be read, and so not written: each with its reason. */
const unreadable: Readonly<Record<string, string>> = {
  'syntaxes/pydicom/MR_truncated.dcm': 'its pixel data ends early; half an image must not become a whole file',
  'syntaxes/pydicom/no_meta.dcm': 'a stray byte before the first element, and neither preamble nor meta group: no reader can know that it is DICOM',
  'syntaxes/pydicom/rtplan_truncated.dcm': 'cut in the middle of an element, on purpose',
};

describe.skipIf(manifest === null)('every real object that can be read', () => {
  test('is the same after writing and reading', () => {
    const changed: string[] = [];
    const refused: string[] = [];
    for (const row of manifest!) {
      let file: DicomFile;
      try {
        file = parseDicom(readReal(row.path));
      } catch {
        refused.push(row.path);
        continue;
      }
      changed.push(...differences(file.dataset, parseDicom(written(file)).dataset).slice(0, 3).map((difference) => `${row.path}: ${difference}`));
    }
    console.log(`${manifest!.length - refused.length} of ${manifest!.length} objects written and read again\n${refused.map((name) => `${name}: ${unreadable[name] ?? 'NOT EXPLAINED'}`).join('\n')}`);
    expect(changed).toEqual([]);
    expect(refused.sort()).toEqual(Object.keys(unreadable).sort());
  }, 120_000);

  test('decodes to the same pixels from the form that it was written in, where that is another', async () => {
    let count = 0;
    for (const row of manifest!.filter(({ path: name, status }) => status === 'ok' && !(name in unreadable))) {
      const file = parseDicom(readReal(row.path));
      if (file.transferSyntaxUid === explicitLittle || file.dataset.encapsulated('PixelData') !== null || !describeImage(file).hasPixels) continue;
      const again = parseDicom(written(file));
      expect(again.transferSyntaxUid).toBe(explicitLittle);
      const digest = createHash('sha256');
      const header = describeImage(again);
      for (let frame = 0; frame < header.frames; frame += 1) digest.update(storedValuesBytes(await decodeFrame(again, frame), header));
      expect([row.path, digest.digest('hex')]).toEqual([row.path, row.storedValuesSha256]);
      count += 1;
    }
    expect(count).toBeGreaterThan(40);
  }, 60_000);

  test('is the same to pydicom', () => {
    if (!hasPydicom) return void console.warn('pydicom is not installed; its view of what was written is left out.');
    const folder = mkdtempSync(path.join(os.tmpdir(), 'scanloom-round-trip-'));
    try {
      const pairs = manifest!.filter(({ path: name }) => !(name in unreadable)).map((row, index) => {
        const target = path.join(folder, `${index}.dcm`);
        writeFileSync(target, written(parseDicom(readReal(row.path))));
        return `${path.join(realDataFolder, row.path)}\t${target}`;
      });
      const script = path.join(import.meta.dirname, 'dicom_round_trip.py');
      const view = JSON.parse(execFileSync(python, [script], { input: `${pairs.join('\n')}\n`, encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['pipe', 'pipe', 'ignore'] })) as { compared: number; unread: string[]; differences: string[] };
      console.log(`${view.compared} compared by pydicom; it cannot read ${view.unread.length}:\n${view.unread.join('\n')}`);
      expect(view.differences).toEqual([]);
      expect(view.compared).toBeGreaterThan(640);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 120_000);
});
