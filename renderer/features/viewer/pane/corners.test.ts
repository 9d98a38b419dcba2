import { expect, test } from 'vitest';
import type { ImageMeta, StudySummary } from '#contract';
import { makeFrame } from '../frames/frame.ts';
import type { ImageStack } from '../image-stack.ts';
import { cornersOf, probeText } from './corners.ts';
import { withIndex, withStack } from './pane-state.ts';
import type { PaneState } from './pane-state.ts';

const meta = (z: number): ImageMeta => ({
  imageId: `1.${z}`, sopInstanceUid: '1.2', frame: 0, instanceNumber: 1, rows: 2, columns: 2, samplesPerPixel: 1, photometricInterpretation: 'MONOCHROME2', pixelSpacingMm: [0.7, 0.78], position: [0, 0, z],
  orientation: [1, 0, 0, 0, 1, 0], positionAlongNormalMm: z, sliceThicknessMm: 1, rescale: { slope: 1, intercept: -1000 }, unit: 'HU', window: { center: -600, width: 1500 }, kvp: 120, echoTimeMs: null, repetitionTimeMs: null,
});
const study = { patientName: 'Doe^Peter', patientId: '4711', patientSex: 'M', patientBirthDate: '19500101', studyDate: '20000101', description: 'Chest' } as StudySummary;
const stack: ImageStack = { spec: 'series:1.2:0', provenance: 'source', title: 'Lung 1.0', badge: null, series: null, study, item: null, modality: 'CT', timePoints: 1, planes: [], plane: null, images: [0, 1, 2].map((z) => ({ pixels: `p${z}`, meta: meta(z), source: null })) };
const frame = makeFrame({ rows: 2, columns: 2, samples: 1, values: Int16Array.of(0, 1040, 3000, 20), slope: 1, intercept: -1000, photometric: 'MONOCHROME2' });
const shown = (index: number): PaneState => ({ ...withStack(stack, index), shown: { pixels: `p${index}`, index, frame } });
const options = { hideIdentifiers: false, scale: 1.5, linked: null, limit: null };

test('who and what, exposure, window, place', () => {
  const corners = cornersOf(shown(1), options);
  expect(corners.topLeft[0]).toBe('Doe, Peter');
  expect(corners.topLeft.at(-1)).toBe('Im 2/3  No 1');
  expect(corners.topRight).toContain('CT · 120 kV');
  expect(corners.bottomLeft).toEqual(['W 1500  L −600', '2 × 2  zoom 1.50']);
  expect(corners.bottomRight).toEqual(['z 1.0 mm', 'T 1.00 mm', '0.78 × 0.70 mm']);
});

test('while the next image loads the words stay with the one that is drawn', () => {
  const moved = withIndex(shown(0), 2);
  expect(moved.index).toBe(2);
  const corners = cornersOf(moved, options);
  expect(corners.topLeft.at(-1)).toBe('Im 1/3  No 1');
  expect(corners.bottomRight[0]).toBe('z 0.0 mm');
});

test('hidden identifiers are nowhere in the corners', () => {
  const words = JSON.stringify(cornersOf(shown(1), { ...options, hideIdentifiers: true }));
  for (const secret of ['Doe', 'Peter', '4711', '1950', '2000']) expect(words).not.toContain(secret);
});

test('the probe names the pixel under it and its HU', () => {
  expect(probeText({ ...shown(1), probe: { x: 1.9, y: 0.1 } })).toBe('(1, 0)  40 HU');
  expect(probeText({ ...shown(1), probe: { x: 2.1, y: 0 } })).toBe('');
});

test('a radiograph says that its sizes are those at the detector, PET says its SUV, a difference that it is one', () => {
  expect(cornersOf({ ...shown(1), stack: { ...stack, images: stack.images.map((image) => ({ ...image, meta: { ...image.meta, spacingAtDetector: true } })) } }, options).bottomRight).toContain('sizes at the detector');
  const pet = { ...stack, modality: 'PT', images: stack.images.map((image) => ({ ...image, meta: { ...image.meta, unit: 'Bq/ml', suv: { factor: 0.01, reason: '' }, window: { center: 250, width: 500 } } })) };
  expect(cornersOf({ ...shown(1), stack: pet }, options).bottomLeft).toContain('SUVbw 0.0 … 5.0');
  expect(probeText({ ...shown(1), stack: pet, probe: { x: 1.9, y: 0.1 } })).toBe('(1, 0)  40 Bq/ml  SUV 0.40');
  const compared = { ...stack, images: stack.images.map((image) => ({ ...image, source: { pixels: 's', difference: image.pixels, rows: 1, columns: 1 } })) };
  expect(probeText({ ...shown(1), stack: compared, probe: { x: 1.9, y: 0.1 } })).toBe('(1, 0)  difference +40 HU');
});

test('a diffusion image says its weighting and direction; no weighting is only named beside others', () => {
  const weighted = (diffusion: ImageMeta['diffusion'], oddities: readonly string[]): string | undefined => {
    const series = { seriesNumber: null, manufacturer: '', model: '', oddities } as unknown as ImageStack['series'];
    return cornersOf({ ...shown(1), stack: { ...stack, series, images: stack.images.map((image) => ({ ...image, meta: { ...image.meta, diffusion } })) } }, options).topLeft.at(-1);
  };
  expect(weighted({ bValue: 1000, direction: [-0.9996, 0.0268, 0] }, ['diffusion'])).toBe('Im 2/3  b 1000 (−1.00, 0.03, 0.00)  No 1');
  expect(weighted({ bValue: 0 }, ['diffusion'])).toBe('Im 2/3  b 0  No 1');
  expect(weighted({ bValue: 0 }, ['time-series'])).toBe('Im 2/3  No 1');
});

test('a stack in which every place is there several times says which time is shown', () => {
  const twice: ImageStack = { ...stack, timePoints: 2, images: [0, 1, 0, 1].map((z, i) => ({ pixels: `t${i}`, meta: meta(z), source: null })) };
  const words = (index: number): string | undefined => cornersOf({ ...withStack(twice, index), shown: { pixels: `t${index}`, index, frame } }, options).topLeft.at(-1);
  expect([0, 1, 2, 3].map(words)).toEqual(['Im 1/4  point 1/2  No 1', 'Im 2/4  point 1/2  No 1', 'Im 3/4  point 2/2  No 1', 'Im 4/4  point 2/2  No 1']);
});
