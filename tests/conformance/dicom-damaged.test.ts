/**
 * Damaged input: real and shipped objects with flipped bits, cut ends, false lengths and moved blocks. Each must end as pixels or as a refusal in words;
 * anything else is a crash. The seed is kept, so a failure can be repeated: SCANLOOM_FUZZ_SEED and SCANLOOM_FUZZ_COUNT change the run.
 */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ScanloomError } from '#contract/errors';
import { DataSet, assembleSeries, checkPixels, decodeFrame, describeImage, parseDicom, renderFrame, validateObject, writeDicom } from '#dicom';
import { readManifest, readReal } from './real-data.ts';

const seed = Number(process.env['SCANLOOM_FUZZ_SEED'] ?? 20_260_105);
const count = Number(process.env['SCANLOOM_FUZZ_COUNT'] ?? 2000);
const largestBytes = 60_000;

function randomFrom(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function inputs(): { name: string; bytes: Uint8Array }[] {
  const manifest = readManifest();
  if (manifest !== null) return manifest.map((row) => ({ name: row.path, bytes: readReal(row.path) })).filter(({ bytes }) => bytes.length < largestBytes);
  const folder = path.resolve(import.meta.dirname, '..', '..', 'test-data', 'phantom-mr');
  return readdirSync(folder).map((name) => ({ name, bytes: readFileSync(path.join(folder, name)) }));
}

function mutated(original: Uint8Array, random: () => number): Uint8Array {
  const bytes = Uint8Array.from(original);
  const below = (limit: number): number => Math.floor(random() * limit);
  const kind = random();
  if (kind < 0.5) for (let flips = 1 + below(8); flips > 0; flips -= 1) bytes[below(bytes.length)]! ^= 1 << below(8);
  else if (kind < 0.65) return bytes.slice(0, below(bytes.length));
  else if (kind < 0.85) new DataView(bytes.buffer).setUint32(below(bytes.length - 4), [0xffffffff, 0x7fffffff, 0xfffffffe, 0, 1, 0x10000][below(6)]!, true);
  else {
    const from = below(bytes.length);
    bytes.copyWithin(below(Math.min(bytes.length, 2000)), from, from + below(4096));
  }
  return bytes;
}

/** Everything the program does with a file that it is given. */
async function readThrough(bytes: Uint8Array): Promise<string> {
  validateObject(bytes);
  try {
    const file = parseDicom(bytes);
    checkPixels(file);
    const header = describeImage(file);
    assembleSeries([{ id: 'a', header, frame: 0 }]);
    if (!header.hasPixels) return 'no pixels';
    renderFrame(await decodeFrame(file, 0), header, { dataset: file.dataset });
    return 'read';
  } catch (thrown) {
    if (thrown instanceof ScanloomError && thrown.code !== 'internal') return thrown.code;
    throw thrown;
  }
}

/** An explicit data set with a sequence in a sequence in a sequence … */
function nested(depth: number): Uint8Array {
  let item = new DataSet().setString('PatientName', 'Deep');
  for (let level = 0; level < depth; level += 1) item = new DataSet().setSequence('ReferencedSeriesSequence', [item]);
  return writeDicom({ dataset: item, sopClassUid: '1.2.840.10008.5.1.4.1.1.7', sopInstanceUid: '2.25.1', transferSyntaxUid: '1.2.840.10008.1.2.1' });
}

describe('damaged files', () => {
  test(`${count} of them end as pixels or in words (seed ${seed})`, async () => {
    const random = randomFrom(seed);
    const sources = inputs();
    const outcomes = new Map<string, number>();
    for (let i = 0; i < count; i += 1) {
      const { name, bytes } = sources[Math.floor(random() * sources.length)]!;
      const outcome = await readThrough(mutated(bytes, random)).catch((thrown: unknown) => {
        throw new Error(`input ${i}, made of ${name}`, { cause: thrown });
      });
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    console.log([...outcomes].sort().map(([outcome, number]) => `${outcome.padEnd(22)} ${number}`).join('\n'));
    expect([...outcomes.values()].reduce((sum, number) => sum + number, 0)).toBe(count);
    // A run in which nothing was refused, or nothing read, has tested nothing.
    expect(outcomes.get('dicom/truncated')).toBeGreaterThan(0);
    expect(outcomes.get('read')).toBeGreaterThan(0);
  }, 300_000);

  test.each([
    { name: 'a text file', bytes: Buffer.from('This is a letter, not an image.\n'.repeat(20)), code: 'dicom/not-dicom' },
    { name: 'an empty file', bytes: new Uint8Array(0), code: 'dicom/not-dicom' },
    { name: 'a PNG', bytes: Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(400)]), code: 'dicom/not-dicom' },
    { name: 'zeros', bytes: new Uint8Array(4096), code: 'dicom/not-dicom' },
    { name: 'only preamble and prefix', bytes: Buffer.concat([Buffer.alloc(128), Buffer.from('DICM')]), code: 'dicom/invalid' },
    { name: 'sequences nested 500 deep', bytes: nested(500), code: 'dicom/invalid' },
  ])('$name is refused as $code', async ({ bytes, code }) => {
    expect(await readThrough(bytes)).toBe(code);
  });

  test('an image that claims more than fits is refused before memory is asked for', async () => {
    const dataset = new DataSet()
      .setString('SOPClassUID', '1.2.840.10008.5.1.4.1.1.7').setString('SOPInstanceUID', '2.25.1')
      .setNumber('Rows', 65_535).setNumber('Columns', 65_535).setNumber('SamplesPerPixel', 1).setString('PhotometricInterpretation', 'MONOCHROME2')
      .setNumber('BitsAllocated', 16).setNumber('BitsStored', 16).setNumber('HighBit', 15).setNumber('PixelRepresentation', 0)
      .set({ tag: '7fe00010', vr: 'OB', value: { kind: 'encapsulated', offsetTable: new Uint8Array(0), fragments: [new Uint8Array(100)] } });
    const bytes = writeDicom({ dataset, sopClassUid: '1.2.840.10008.5.1.4.1.1.7', sopInstanceUid: '2.25.1', transferSyntaxUid: '1.2.840.10008.1.2.5' });
    expect(await readThrough(bytes)).toBe('dicom/too-large');
  });
});
