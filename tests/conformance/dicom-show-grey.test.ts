/**
 * Pictures of real objects against those that dcmtk draws: windows, tables, palettes, colour spaces and overlays, pixel by pixel.
 */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { decodeFrame, describeImage, parseDicom, renderFrame, voiOptions, type DicomFile, type Picture } from '#dicom';
import { readManifest, readReal, realDataFolder } from './real-data.ts';

const run = promisify(execFile);
const manifest = readManifest();
const hasDcmtk = spawnSync('dcmj2pnm', ['--version']).status === 0 && spawnSync('dcml2pnm', ['--version']).status === 0;
if (!hasDcmtk) console.log('dcmtk is not there: its pictures are not compared.');

/** Compressions that dcmtk 3.6.7 decodes, and the program for them. */
const drawers: Readonly<Record<string, string>> = {
  '1.2.840.10008.1.2': 'dcmj2pnm', '1.2.840.10008.1.2.1': 'dcmj2pnm', '1.2.840.10008.1.2.2': 'dcmj2pnm', '1.2.840.10008.1.2.1.99': 'dcmj2pnm', '1.2.840.10008.1.2.5': 'dcmj2pnm',
  '1.2.840.10008.1.2.4.50': 'dcmj2pnm', '1.2.840.10008.1.2.4.51': 'dcmj2pnm', '1.2.840.10008.1.2.4.57': 'dcmj2pnm', '1.2.840.10008.1.2.4.70': 'dcmj2pnm', '1.2.840.10008.1.2.4.80': 'dcml2pnm', '1.2.840.10008.1.2.4.81': 'dcml2pnm',
};

/** Where dcmtk 3.6.7 draws something else, and why; a figure is the largest difference that is let pass. */
const explained: readonly { readonly path: RegExp; readonly why: string; readonly largest?: number }[] = [
  { path: /eCT_Supplemental/, why: 'dcmtk does not know supplemental palettes' },
  { path: /mr-enhanced\/philips/, why: 'dcmtk does not look for a rescale in functional groups' },
  { path: /pydicom\/rtdose/, why: 'dcmtk does not scale dose grids' },
  { path: /SC_ybr_full_uncompressed/, why: 'dcmtk cuts the decimals of each term', largest: 2 },
];

/** At most this many files of a folder of slices: the rest is drawn alike. */
const perFolder = 2;

interface Case {
  readonly path: string;
  readonly program: string;
}

function cases(): Case[] {
  const counts = new Map<string, number>();
  return manifest!.flatMap((row) => {
    const program = drawers[row.transferSyntax];
    if (program === undefined || (row.status !== 'ok' && row.status !== 'lossy') || !/^(syntaxes|oddities)\//.test(row.path)) return [];
    const folder = path.dirname(row.path);
    const seen = counts.get(folder) ?? 0;
    counts.set(folder, seen + 1);
    return row.path.startsWith('oddities/') && seen >= perFolder ? [] : [{ path: row.path, program }];
  });
}

/** Binary PGM or PPM of 8 bits. */
function readPnm(bytes: Uint8Array): Picture {
  const head = /^P([56])\s(?:#.*\n)?(\d+)\s+(\d+)\s+(\d+)\s/.exec(Buffer.from(bytes.subarray(0, 200)).toString('latin1'))!;
  return { channels: head[1] === '6' ? 3 : 1, columns: Number(head[2]), rows: Number(head[3]), pixels: bytes.subarray(head[0].length) };
}

function largestDifference(ours: Picture, theirs: Picture): number {
  if (ours.rows !== theirs.rows || ours.columns !== theirs.columns) return Infinity;
  let largest = 0;
  for (let i = 0; i < ours.rows * ours.columns; i += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      const a = ours.pixels[ours.channels === 3 ? i * 3 + channel : i]!;
      const b = theirs.pixels[theirs.channels === 3 ? i * 3 + channel : i]!;
      largest = Math.max(largest, Math.abs(a - b));
    }
  }
  return largest;
}

/** The same choice for both programs: the file's first window, else its first table, else a window that is named. */
async function drawBoth(file: DicomFile, { path: name, program }: Case, folder: string, index: number): Promise<{ way: string; difference: number } | null> {
  const header = describeImage(file);
  const frame = await decodeFrame(file, 0);
  const isGrey = frame.samples === 1 && frame.photometricInterpretation !== 'PALETTE COLOR';
  const options = voiOptions(file.dataset, header, 0);
  const isEnhanced = header.framesGeometry !== null;
  const hasWindow = !isEnhanced && options[0] !== undefined && 'window' in options[0];
  const hasTable = !isEnhanced && options[0] !== undefined && 'table' in options[0];
  const chosen = { center: 300.5, width: 900 };
  const voi = hasWindow || hasTable ? options[0]! : { window: chosen };
  const way = !isGrey ? 'colour' : hasWindow ? 'window' : hasTable ? 'table' : 'named window';
  const asked = !isGrey ? [] : hasWindow ? ['+Wi', '1'] : hasTable ? ['+Wl', '1'] : ['+Ww', String(chosen.center), String(chosen.width)];
  const target = path.join(folder, `${index}.pnm`);
  try {
    await run(program, ['+op', '+Mp', ...asked, path.join(realDataFolder, name), target], { maxBuffer: 1 << 24 });
  } catch {
    return null;
  }
  const theirs = readPnm(new Uint8Array(await readFile(target)));
  await rm(target);
  return { way, difference: largestDifference(renderFrame(frame, header, { dataset: file.dataset, voi, overlays: isGrey }), theirs) };
}

describe.skipIf(manifest === null || !hasDcmtk)('pictures', () => {
  test('differ from those of dcmtk by no more than rounding', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'scanloom-pictures-'));
    const rows: { way: string; name: string; difference: number }[] = [];
    let left = 0;
    const all = cases();
    for (const [index, one] of all.entries()) {
      const drawn = await drawBoth(parseDicom(readReal(one.path)), one, folder, index);
      if (drawn === null) left += 1;
      else rows.push({ ...drawn, name: one.path });
    }
    await rm(folder, { recursive: true });
    const ways = [...new Set(rows.map(({ way }) => way))];
    for (const way of ways) {
      const of = rows.filter((row) => row.way === way);
      console.log(`${way}: ${of.length} pictures, largest differences ${[...new Set(of.map(({ difference }) => difference))].sort((a, b) => a - b).join(' ')}`);
    }
    console.log(`${left} of ${all.length} that dcmtk does not draw`);
    for (const row of rows.filter(({ difference }) => difference > 1)) console.log(`${row.name}: ${row.difference} (${explained.find(({ path: pattern }) => pattern.test(row.name))?.why ?? 'NOT EXPLAINED'})`);
    // An empty run would pass without this.
    expect(rows.length).toBeGreaterThan(190);
    const isFar = ({ name, difference }: { name: string; difference: number }): boolean => difference > (explained.find(({ path: pattern }) => pattern.test(name))?.largest ?? (explained.some(({ path: pattern }) => pattern.test(name)) ? 255 : 1));
    const far = rows.filter(isFar).map(({ name, way, difference }) => `${name} (${way}): ${difference}`);
    expect(far).toEqual([]);
  });
});
