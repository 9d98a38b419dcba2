/** What is damaged: small files of the real collection (or the shipped phantoms where it is not there), and made ones for what it lacks. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { DataSet, encodeJpegLs, writeDicom, type DataElement } from '#dicom';
import { tarFile, zipFile } from '../../electron/core/library/testing/made-archives.ts';
import { realDataFolder } from '../conformance/real-data.ts';

export interface Seed {
  readonly name: string;
  readonly kind: 'dicom' | 'archive';
  readonly bytes: Uint8Array;
}

/** Larger files are left out: a mutation of one costs more than it finds. */
const largestBytes = 60_000;
const rows = 24;
const columns = 32;
const samples = Uint16Array.from({ length: rows * columns }, (_, i) => (i * 37 + (i >> 3)) % 4096);
const samplesBytes = new Uint8Array(samples.buffer);
const explicit = '1.2.840.10008.1.2.1';

function image(transferSyntaxUid: string, pixels: DataElement['value'], more: (set: DataSet) => void = () => undefined): Uint8Array {
  const dataset = new DataSet()
    .setString('PatientName', 'Fuzz^Seed').setString('Modality', 'OT').setString('StudyInstanceUID', '2.25.2').setString('SeriesInstanceUID', '2.25.3')
    .setNumber('SamplesPerPixel', 1).setString('PhotometricInterpretation', 'MONOCHROME2').setNumber('Rows', rows).setNumber('Columns', columns)
    .setNumber('BitsAllocated', 16).setNumber('BitsStored', 12).setNumber('HighBit', 11).setNumber('PixelRepresentation', 0)
    .set({ tag: '7fe00010', vr: pixels instanceof Uint8Array ? 'OW' : 'OB', value: pixels });
  more(dataset);
  return writeDicom({ dataset, sopClassUid: '1.2.840.10008.5.1.4.1.1.7', sopInstanceUid: '2.25.1', transferSyntaxUid });
}

const encapsulated = (offsetTable: Uint8Array, ...fragments: Uint8Array[]): DataElement['value'] => ({ kind: 'encapsulated', offsetTable, fragments });
const none = new Uint8Array(0);
const even = (bytes: Uint8Array): Uint8Array => (bytes.length % 2 === 0 ? bytes : Uint8Array.from([...bytes, 0]));

/** Sequences in sequences, with explicit and undefined lengths by turns. */
function nested(depth: number): DataSet {
  let item = new DataSet().setString('CodeMeaning', 'Deep');
  for (let level = 0; level < depth; level += 1) item = new DataSet().setString('CodeValue', String(level)).setSequence('ReferencedSeriesSequence', [item, new DataSet()]);
  return item;
}

async function made(): Promise<Seed[]> {
  const coded = even(await encodeJpegLs(samples, { rows, columns, samples: 1, bitsStored: 12 }));
  const halves = [coded.subarray(0, 100), coded.subarray(100)] as const;
  const twoFrames = (set: DataSet): void => void set.setNumber('NumberOfFrames', 2);
  const dicom: Record<string, Uint8Array> = {
    'native': image(explicit, samplesBytes),
    'nested': image(explicit, samplesBytes, (set) => void set.setSequence('ReferencedStudySequence', [nested(20)])),
    'basic offset table': image('1.2.840.10008.1.2.4.80', encapsulated(new Uint8Array(Uint32Array.of(0, coded.length + 16).buffer), ...halves, ...halves), twoFrames),
    'extended offset table': image('1.2.840.10008.1.2.4.80', encapsulated(none, ...halves, ...halves), (set) => void set.setNumber('NumberOfFrames', 2).setNumber('ExtendedOffsetTable', [0, coded.length + 16]).setNumber('ExtendedOffsetTableLengths', [coded.length, coded.length])),
    'fragments without a table': image('1.2.840.10008.1.2.4.80', encapsulated(none, ...halves, ...halves), twoFrames),
    'deflated frames': image('1.2.840.10008.1.2.8.1', encapsulated(none, even(deflateRawSync(samplesBytes)))),
    'encapsulated uncompressed': image('1.2.840.10008.1.2.1.98', encapsulated(none, samplesBytes)),
    'palette': image(explicit, samplesBytes, (set) => {
      set.setString('PhotometricInterpretation', 'PALETTE COLOR');
      for (const colour of ['Red', 'Green', 'Blue']) {
        set.setNumber(`${colour}PaletteColorLookupTableDescriptor`, [256, 0, 16]);
        set.set({ tag: colour === 'Red' ? '00281201' : colour === 'Green' ? '00281202' : '00281203', vr: 'OW', value: new Uint8Array(512).fill(0x5a) });
      }
    }),
    'overlay': image(explicit, samplesBytes, (set) => void set.setNumber('60000010', rows, 'US').setNumber('60000011', columns, 'US').setString('60000040', 'G', 'CS').setNumber('60000050', [1, 1], 'SS').setNumber('60000100', 1, 'US').setNumber('60000102', 0, 'US').setBytes('60003000', 'OW', new Uint8Array(rows * columns / 8).fill(0xa5))),
  };
  const member = { name: 'series/1.dcm', bytes: dicom['native']! };
  const archives: Record<string, Uint8Array> = {
    'zip': zipFile([member, { name: 'series/2.dcm', bytes: dicom['nested']! }, { name: 'notes.txt', bytes: Buffer.from('nothing'), method: 0 }]),
    'zip64': zipFile([{ ...member, zip64: true }]),
    'tar': tarFile([{ name: './series/', type: '5' }, member]),
    'tar.gz': gzipSync(tarFile([member])),
    'zip in zip': zipFile([{ name: 'inner.zip', bytes: zipFile([member]) }]),
  };
  return [
    ...Object.entries(dicom).map(([name, bytes]) => ({ name: `made: ${name}`, kind: 'dicom' as const, bytes })),
    ...Object.entries(archives).map(([name, bytes]) => ({ name: `made: ${name}`, kind: 'archive' as const, bytes: new Uint8Array(bytes) })),
  ];
}

/** The same seeds in the same order each time, as long as the files are the same. */
export async function readSeeds(): Promise<readonly Seed[]> {
  const real = (folder: string): Seed[] => {
    try {
      return readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name))
        .filter((file) => statSync(file).size < largestBytes && !/\.(tsv|md|py|json)$/i.test(file))
        .sort()
        .map((file) => ({ name: path.relative(folder, file), kind: 'dicom' as const, bytes: readFileSync(file) }));
    } catch {
      return [];
    }
  };
  const collection = real(realDataFolder);
  const phantoms = collection.length > 0 ? collection : real(path.resolve(import.meta.dirname, '..', '..', 'test-data'));
  return [...phantoms, ...(await made())];
}
