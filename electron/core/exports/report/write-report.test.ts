import { decode } from 'fast-png';
import { describe, expect, test } from 'vitest';
import { enhancedPart, packageParts, syntheticParts, writeReport, type Report } from '#exports';
import { axialCt, fakeSources } from '../testing/fake-sources.ts';
import { amber, framed } from './badge.ts';
import { busiestPart, differenceOf, grey8, reduced, roundLimit, signed8 } from './picture.ts';

const empty: Report = { title: 'T', lead: '', facts: [], enhanced: [], synthetic: [], decisions: { byClass: [], byReader: [] }, packages: [], ledger: [], files: [] };
const flat = (value: number, rows: number, columns: number) => ({ values: new Float32Array(rows * columns).fill(value), rows, columns });

function pictures(html: string): ReturnType<typeof decode>[] {
  return [...html.matchAll(/src="data:image\/png;base64,([^"]+)"/g)].map((match) => decode(Buffer.from(match[1]!, 'base64')));
}

describe('the page', () => {
  test('needs nothing else: no script, no reference, pictures inside', async () => {
    const { sources } = fakeSources([axialCt]);
    const html = writeReport({ ...empty, enhanced: [await enhancedPart(sources[0]!, true)], synthetic: await syntheticParts(sources.slice(1)), packages: packageParts(sources) });
    expect(html).not.toMatch(/<script|<link|<iframe|@import|url\(|javascript:|https?:/i);
    expect([...html.matchAll(/(?:src|href)="([^"]{0,22})/g)].every((match) => match[1]!.startsWith('data:image/png;base64,'))).toBe(true);
    expect(pictures(html)).toHaveLength(6 + 2);
    expect(html).toContain('For research only, not for diagnosis');
  });

  test('shows text as text, wherever it comes from', () => {
    const evil = `<img src=x onerror="alert('1')">&`;
    const html = writeReport({
      ...empty, title: evil, lead: evil, facts: [[evil, evil]], enhanced: [{ title: evil, facts: evil, rows: [[{ uri: 'data:,', width: 1, caption: evil }]], measures: [{ name: evil, value: 1, unit: evil, method: evil }] }],
      synthetic: [{ class: evil, facts: evil, pictures: [] }], decisions: { byClass: [{ class: evil, accepted: 0, rejected: 0, unsure: 0, undecided: 1 }], byReader: [{ reader: evil, decisions: 1 }] },
      packages: [{ title: evil, id: evil, version: evil, sha256: evil, summary: evil, figures: [{ name: evil, value: null, interval: null, method: evil, data: evil, split: evil }] }],
      ledger: [{ index: 0, at: evil, what: evil, about: evil, hash: evil }], files: [{ path: evil, sha256: evil, sizeBytes: 1, role: 'image', itemId: null, frame: null }],
    });
    expect(html).not.toContain('<img src=x');
    expect(html).not.toContain(`"alert`);
  });

  test('says how many rows it leaves out', () => {
    const file = { path: 'a', sha256: 'b', sizeBytes: 1, role: 'image' as const, itemId: null, frame: null };
    expect(writeReport({ ...empty, files: Array.from({ length: 2003 }, () => file) })).toContain('3 more rows');
  });
});

describe('pictures', () => {
  test('what a model touched stands in amber with its mark; the source does not', async () => {
    const { sources } = fakeSources([axialCt]);
    const html = writeReport({ ...empty, enhanced: [await enhancedPart(sources[0]!, true)], synthetic: await syntheticParts(sources.slice(1)) });
    const corners = pictures(html).map((png) => [...png.data.subarray(0, 3)]);
    const isAmber = corners.map((corner) => corner.join() === amber.join());
    expect(isAmber).toEqual([false, true, true, false, true, true, true, true]);
  });

  test('the bar holds dark letters, and those that do not fit are left out', () => {
    const picture = framed(grey8(flat(0, 8, 80), { center: 0, width: 1 }), 'SYNTHETIC - RESEARCH', amber);
    const bar = picture.data.subarray(0, 13 * picture.width * 3);
    expect(bar.some((byte) => byte === 0x0d)).toBe(true);
    expect(picture).toMatchObject({ width: 84, height: 8 + 2 + 13 });
  });

  test('a window puts its ends at black and white', () => {
    expect([...grey8({ values: Float32Array.of(-160, 40, 240, 9000), rows: 1, columns: 4 }, { center: 40, width: 400 }).data].filter((_, i) => i % 3 === 0)).toEqual([0, 128, 255, 255]);
  });

  test('a difference is black for none, blue for less, red for more', () => {
    const { data } = signed8({ values: Float32Array.of(0, -10, 10), rows: 1, columns: 3 }, 10);
    expect([...data]).toEqual([0, 0, 0, 0x5f, 0xb0, 0xff, 0xff, 0x7b, 0x72]);
  });

  test('an enlargement by interpolation alone has no difference', () => {
    const difference = differenceOf(flat(5, 8, 8), flat(5, 16, 16));
    expect(Math.max(...difference.values.map(Math.abs))).toBeLessThan(1e-5);
    expect(roundLimit(flat(0, 2, 2))).toBe(1);
    expect(roundLimit(flat(-37, 2, 2))).toBe(50);
    expect(roundLimit(flat(0.013, 2, 2))).toBeCloseTo(0.02, 9);
  });

  test('the busiest part is where most changed, and an overview keeps extremes', () => {
    const plane = flat(0, 64, 64);
    plane.values[50 * 64 + 40] = -9;
    const { top, left } = busiestPart(plane, 16);
    expect(top <= 50 && 50 < top + 16 && left <= 40 && 40 < left + 16).toBe(true);
    expect(Math.min(...reduced(plane, 8, 'extreme').values)).toBe(-9);
    expect(Math.min(...reduced(plane, 8).values)).toBeCloseTo(-9 / 64, 6);
  });
});
