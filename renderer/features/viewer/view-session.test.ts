import { beforeEach, expect, test, vi } from 'vitest';
import type { ImageMeta } from '#contract';
import type { ImageStack } from './image-stack.ts';

// Linking is decided before anything is drawn.
vi.mock('cornerstone-core', () => ({ EVENTS: {} }));
const { ViewSession } = await import('./view-session.ts');

const meta = (z: number, rows: number): ImageMeta => ({
  imageId: `1.${z}`, sopInstanceUid: '1.2', frame: 0, instanceNumber: 1, rows, columns: rows, samplesPerPixel: 1, photometricInterpretation: 'MONOCHROME2', pixelSpacingMm: [400 / rows, 400 / rows], position: [0, 0, z],
  orientation: [1, 0, 0, 0, 1, 0], positionAlongNormalMm: z, sliceThicknessMm: 1, rescale: { slope: 1, intercept: 0 }, unit: 'HU', window: { center: 0, width: 100 }, kvp: null, echoTimeMs: null, repetitionTimeMs: null,
});
const stack = (zs: readonly number[], rows: number): ImageStack => ({ spec: `series:1.${rows}:0`, provenance: 'source', title: '', badge: null, series: null, study: null, item: null, modality: 'CT', timePoints: 1, planes: [], plane: null, images: zs.map((z) => ({ pixels: `p${rows}-${z}`, meta: meta(z, rows), source: null })) });

let session: InstanceType<typeof ViewSession>;
beforeEach(() => {
  session = new ViewSession();
  session.setLayout(2);
  session.panes[0]!.open(stack([0, 1, 2, 3, 4], 512));
  session.panes[1]!.open(stack([4, 3, 2, 1, 0], 1024));
});

test('the other viewport goes to the same place, whatever the order of its slices', () => {
  session.panes[0]!.goTo(3);
  expect(session.panes[1]!.state.index).toBe(1);
});

test('window, zoom and turn go along where the field is the same', () => {
  session.panes[0]!.change((state) => ({ ...state, voi: { center: -600, width: 1500 }, zoom: 2, pan: { x: 0.1, y: 0 }, rotation: 90 }));
  expect(session.panes[1]!.state).toMatchObject({ voi: { center: -600, width: 1500 }, zoom: 2, pan: { x: 0.1, y: 0 }, rotation: 90 });
});

test('the follower does not lead back', () => {
  session.panes[1]!.goTo(1);
  expect(session.panes[0]!.state.index).toBe(3);
  expect(session.panes[1]!.state.index).toBe(1);
});

test('not linked, each goes its own way; linked again they meet at the active one', () => {
  session.toggleLink();
  session.panes[0]!.goTo(4);
  expect(session.panes[1]!.state.index).toBe(0);
  session.panes[1]!.goTo(2);
  session.toggleLink();
  expect(session.panes[1]!.state.index).toBe(0);
});

test('another place or another field: it says why, or keeps its own zoom', () => {
  session.panes[1]!.open(stack([100, 101], 1024));
  session.panes[0]!.goTo(1);
  expect(session.state.linkTroubles[1]).toBe('no slice at this place');
  const small = stack([0, 1, 2, 3, 4], 256);
  session.panes[1]!.open({ ...small, images: small.images.map((image) => ({ ...image, meta: { ...image.meta, pixelSpacingMm: [1, 1] as [number, number] } })) });
  session.panes[0]!.goTo(2);
  session.panes[0]!.change((state) => ({ ...state, zoom: 3 }));
  expect(session.state.linkTroubles).toEqual([null, null, null, null]);
  expect(session.panes[1]!.state).toMatchObject({ index: 2, zoom: 1 });
});

test('planes of one volume are in different places, and share a window', () => {
  const series = { seriesInstanceUid: '1.7' } as NonNullable<ImageStack['series']>;
  const slices = { ...stack([0, 1, 2], 512), spec: 'series:1.7:0', series };
  const coronal = { ...slices, spec: 'plane:1.7:0:1', plane: 'coronal' as const, images: slices.images.map((image) => ({ ...image, meta: { ...image.meta, orientation: [1, 0, 0, 0, 0, -1] as [number, number, number, number, number, number] } })) };
  session.panes[0]!.open(slices);
  session.panes[1]!.open(coronal);
  session.align();
  session.panes[0]!.change((state) => ({ ...state, voi: { center: 40, width: 80 }, zoom: 2 }));
  expect(session.state.linkTroubles[1]).toBe('the planes differ');
  expect(session.panes[1]!.state).toMatchObject({ voi: { center: 40, width: 80 }, zoom: 1 });
  // Another series in that place keeps its own.
  session.panes[1]!.open({ ...coronal, spec: 'plane:1.8:0:1', series: { ...series, seriesInstanceUid: '1.8' } });
  session.align();
  session.panes[0]!.change((state) => ({ ...state, voi: { center: 0, width: 10 } }));
  expect(session.panes[1]!.state.voi).not.toEqual({ center: 0, width: 10 });
});

test('of four viewports each follows or says for itself why it cannot', () => {
  session.setLayout(4);
  session.panes[2]!.open(stack([100, 101], 512));
  session.panes[3]!.open(stack([2, 3, 4], 512));
  session.panes[0]!.goTo(3);
  expect([1, 3].map((i) => session.panes[i]!.state.index)).toEqual([1, 1]);
  expect(session.state.linkTroubles).toEqual([null, null, 'no slice at this place', null]);
  session.set({ active: 3 });
  session.setLayout(2);
  expect(session.state.active).toBe(1);
  session.panes[0]!.goTo(0);
  expect(session.panes[3]!.state.index).toBe(1);
});
