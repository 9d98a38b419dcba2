/** Reading, writing and reading again changes no attribute and no pixel of any real object that can be read. */
import { describe, expect, test } from 'vitest';
import { parseDicom, writeDicom, type DataElement, type DataSet, type DicomFile } from '#dicom';
import { readManifest, readReal } from './real-data.ts';

const manifest = readManifest();

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
    transferSyntaxUid: isEncapsulated ? file.transferSyntaxUid : '1.2.840.10008.1.2.1',
  });
}

describe.skipIf(manifest === null)('every real object that can be read', () => {
  test('is the same after writing and reading', () => {
    const changed: string[] = [];
    let count = 0;
    for (const row of manifest!) {
      let file: DicomFile;
      try {
        file = parseDicom(readReal(row.path));
      } catch {
        continue;
      }
      count += 1;
      changed.push(...differences(file.dataset, parseDicom(written(file)).dataset).slice(0, 3).map((difference) => `${row.path}: ${difference}`));
    }
    console.log(`${count} of ${manifest!.length} objects written and read again`);
    expect(changed).toEqual([]);
    expect(count).toBeGreaterThan(650);
  }, 120_000);
});
