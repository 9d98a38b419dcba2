import { expect, test } from 'vitest';
import type { ImageMeta } from '#contract';
import type { ImageStack } from '../image-stack.ts';
import { badgeOf, parseSpec } from '../image-stack.ts';
import { edgeLetters } from '../geometry/orientation.ts';
import { continued, firstIndex, flip, isSameVolume, pixelsWanted, presentationOf, reset, rotate, stackWindow, withIndex, withStack, zoomBy } from './pane-state.ts';

const meta = (center: number, photometricInterpretation = 'MONOCHROME2'): ImageMeta => ({
  imageId: '1.2', sopInstanceUid: '1.2', frame: 0, instanceNumber: 1, rows: 512, columns: 512, samplesPerPixel: 1, photometricInterpretation, pixelSpacingMm: [1, 1], position: null,
  orientation: null, positionAlongNormalMm: null, sliceThicknessMm: null, rescale: { slope: 1, intercept: 0 }, unit: 'HU', window: { center, width: 100 }, kvp: null, echoTimeMs: null, repetitionTimeMs: null,
});
const stack = (n: number, photometric?: string): ImageStack => ({
  spec: 'series:1.2:0', provenance: 'source', title: '', badge: null, series: null, study: null, item: null, modality: 'CT', timePoints: 1, planes: [], plane: null,
  images: Array.from({ length: n }, (_v, i) => ({ pixels: `p${i}`, meta: meta(i, photometric), source: { pixels: `s${i}`, difference: `d${i}`, rows: 256, columns: 256 } })),
});
const pane = (n = 20, photometric?: string) => withStack(stack(n, photometric), 10);

test('scrolling stops at both ends and remembers its direction', () => {
  expect(withIndex(pane(), 99).index).toBe(19);
  expect(withIndex(pane(), -5)).toMatchObject({ index: 0, direction: -1 });
  const same = pane();
  expect(withIndex(same, 10)).toBe(same);
});

test('a stack has one window, the middle image’s', () => expect(stackWindow(stack(21))).toEqual({ center: 10, width: 100 }));

test('flips are those of the screen, also after a quarter turn', () => {
  const cosines = [1, 0, 0, 0, 1, 0] as const;
  const turned = rotate(pane());
  const before = edgeLetters(cosines, turned);
  const after = edgeLetters(cosines, flip(turned, 'horizontal'));
  expect(after).toEqual({ top: before.top, bottom: before.bottom, left: before.right, right: before.left });
  const upside = edgeLetters(cosines, flip(turned, 'vertical'));
  expect(upside).toEqual({ top: before.bottom, bottom: before.top, left: before.left, right: before.right });
});

test('four quarter turns are none', () => {
  const moved = { ...pane(), pan: { x: 0.1, y: 0.2 } };
  const round = rotate(rotate(rotate(rotate(moved))));
  expect([round.rotation, round.pan.x, round.pan.y]).toEqual([0, 0.1, 0.2]);
});

test('zoom keeps the point under the pointer', () => {
  // Screen place of an image point q (pan units from the centre) is zoom × (pan + q).
  const at = { x: 0.3, y: -0.1 };
  const before = { ...pane(), zoom: 2, pan: { x: 0.05, y: 0 } };
  const q = { x: at.x - before.pan.x, y: at.y - before.pan.y };
  const after = zoomBy(before, 1.5, at);
  expect(after.zoom * (after.pan.x + q.x)).toBeCloseTo(2 * at.x, 10);
  expect(after.zoom * (after.pan.y + q.y)).toBeCloseTo(2 * at.y, 10);
  expect(zoomBy(before, 1e9, at).zoom).toBe(40);
});

test('reset gives the image back as it came, at the same slice', () => {
  const changed = { ...rotate(flip(pane(), 'vertical')), voi: { center: 1, width: 2 }, invert: true };
  expect(reset(changed)).toMatchObject({ index: 10, voi: null, invert: false, rotation: 0, vflip: false, zoom: 1 });
});

test('MONOCHROME1 is shown inverted, and I turns it round', () => {
  expect(presentationOf(pane(3, 'MONOCHROME1'), null).invert).toBe(true);
  expect(presentationOf({ ...pane(3, 'MONOCHROME1'), invert: true }, null).invert).toBe(false);
  expect(presentationOf(pane(3), null).invert).toBe(false);
});

test('PET is shown dark on white', () => {
  const pet = withStack({ ...stack(3), modality: 'PT' });
  expect(presentationOf(pet, null).invert).toBe(true);
});

test('a difference asks for its own pixels and is centred on nothing', () => {
  const state = { ...pane(), compare: 'difference' as const };
  expect(pixelsWanted(state)).toBe('d10');
  expect(presentationOf(state, 50).voi).toEqual({ center: 0, width: 100 });
});

test('names of stacks and words of badges', () => {
  expect(parseSpec('series:1.2.3:1')).toEqual({ kind: 'series', uid: '1.2.3', stack: 1 });
  expect(parseSpec('item:8f14e45f-ceea-467f-9d4d-2a3b5c6d7e8f')).toEqual({ kind: 'item', itemId: '8f14e45f-ceea-467f-9d4d-2a3b5c6d7e8f' });
  expect(parseSpec('../etc')).toBeNull();
  expect(badgeOf({ provenance: 'enhanced', class: null, rows: 1024 }, 512)).toBe('AI-ENHANCED ×2 · RESEARCH');
  expect(badgeOf({ provenance: 'synthetic', class: 'glioma', rows: 128 })).toBe('SYNTHETIC · glioma · RESEARCH');
});

test('a series over time opens at the middle slice of its first time', () => {
  expect(firstIndex({ ...stack(30), timePoints: 3 })).toBe(5);
  expect(firstIndex(stack(21))).toBe(10);
});

/** A pane on a stack of the study with three slices, its values of a kind. */
function opened(spec: string, kind: string | undefined, change: Partial<ImageMeta> = {}, own: Partial<ImageStack> = {}) {
  const images = [0, 1, 2].map((z) => ({ pixels: `${spec}${z}`, source: null, meta: { ...meta(z), unit: '', position: [0, 0, z] as [number, number, number], orientation: [1, 0, 0, 0, 1, 0] as [number, number, number, number, number, number], ...(kind === undefined ? {} : { valueKind: kind }), ...change } }));
  const study = { studyInstanceUid: '1.1' } as NonNullable<ImageStack['study']>;
  const series = { seriesInstanceUid: spec.split(':')[1] } as NonNullable<ImageStack['series']>;
  return withStack({ ...stack(0), spec, images, study, series, modality: 'MR', ...own }, 1);
}
const windowed = { voi: { center: 900, width: 2000 }, colourMap: 'hot-iron' as const, invert: true };

test('a sibling of another kind or unit keeps its own window, one of the same kind goes on with the other’s', () => {
  const before = { ...opened('series:1.2:0', 'magnitude'), ...windowed };
  expect(continued(before, opened('series:1.2:1', 'field map'))).toMatchObject({ index: 1, voi: null, invert: false, colourMap: 'grey' });
  expect(continued(before, opened('series:1.2:1', 'magnitude', { unit: 'Hz' }))).toMatchObject({ voi: null });
  expect(continued(before, opened('series:1.2:1', 'magnitude', {}, { modality: 'OT' }))).toMatchObject({ voi: null });
  expect(continued(before, opened('series:1.2:1', 'magnitude'))).toMatchObject(windowed);
  // Kept before kinds were told: as it was.
  expect(continued(before, opened('series:1.2:1', undefined))).toMatchObject(windowed);
});

test('another plane of the volume keeps window and colours, another stack of the series is no plane of it', () => {
  const before = { ...opened('series:1.2:0', 'magnitude'), ...windowed };
  const across = { orientation: [1, 0, 0, 0, 0, -1] as [number, number, number, number, number, number] };
  expect(continued(before, opened('plane:1.2:0:1', 'magnitude', across, { plane: 'coronal' }))).toMatchObject(windowed);
  const other = opened('plane:1.2:1:1', 'phase', across, { plane: 'coronal' });
  expect(isSameVolume(before.stack!, other.stack!)).toBe(false);
  expect(continued(before, other)).toMatchObject({ voi: null, colourMap: 'grey' });
});
