/** What real studies hold beside plain images, through the routes: objects are listed and named, masks and contours lie on the images they belong to. */
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { binaryRoutes, maskHeaders, pixelHeaders, routes, type StudyObject } from '#contract';
import { hasRealDicom, openRealCore, realDicom, type RealCore } from '../support/real-core.ts';

/** Column and row of the first two points, see below. */
const expectedPlaces = [156.5, 157, 157, 156.5];
const expectedTable = [0, 65_535, 8_697_190_668];
const expectedOverlayBits = 222;

let real: RealCore;

async function fetchPlanes(route: { path: string }, params: Record<string, string>): Promise<{ bytes: Uint8Array; header(name: string): string }> {
  const address = Object.entries(params).reduce((text, [name, value]) => text.replace(`:${name}`, encodeURIComponent(value)), route.path);
  const response = await real.core.fetch(new Request(`http://core.invalid${address}`));
  if (!response.ok) throw new Error(await response.text());
  return { bytes: new Uint8Array(await response.arrayBuffer()), header: (name) => response.headers.get(name) ?? '' };
}

async function allObjects(): Promise<StudyObject[]> {
  const { studies } = await real.call(routes.listStudies, { query: { limit: '1000' } });
  return (await Promise.all(studies.map((study) => real.call(routes.listStudyObjects, { params: { studyUid: study.studyInstanceUid } })))).flat();
}

describe.skipIf(!hasRealDicom)('objects beside images', () => {
  beforeAll(async () => {
    real = await openRealCore();
    for (const folder of ['oddities/pet-with-seg', 'oddities/rt-utils', 'oddities/encapsulated-pdf', 'oddities/dcmqi', 'oddities/highdicom-seg-sr-sm']) await real.ingest(path.join(realDicom, folder));
    await real.ingest(path.join(realDicom, 'syntaxes', 'pydicom', 'waveform_ecg.dcm'));
    await real.ingest(path.join(realDicom, 'syntaxes', 'pydicom', 'rtplan.dcm'));
  });
  afterAll(() => real.close());

  test('each is listed once and named', async () => {
    const counts = new Map<string, number>();
    for (const { what } of await allObjects()) counts.set(what, (counts.get(what) ?? 0) + 1);
    console.log([...counts].sort().map(([what, n]) => `${String(n).padStart(3)} ${what}`).join('\n'));
    for (const what of ['Segmentation', 'Label map segmentation', 'RT structure set', 'PDF document', '12-lead ECG', 'RT plan', 'Structured report (comprehensive)', 'Structured report (comprehensive 3D)', 'Real world value mapping', 'Microscopy annotations']) {
      expect(counts.get(what) ?? 0, what).toBeGreaterThan(0);
    }
  });

  test('the PET segmentation marks the slices that it was drawn on', async () => {
    const segmentation = (await allObjects()).find(({ kind, references }) => kind === 'segmentation' && references.some(({ images, inLibrary }) => inLibrary && images === 9))!;
    const [reference] = segmentation.references;
    const seriesUid = reference!.seriesInstanceUid;
    const offered = await real.call(routes.listSeriesObjects, { params: { seriesUid } });
    expect(offered.some(({ object, relation }) => object.sopInstanceUid === segmentation.sopInstanceUid && relation === 'referenced')).toBe(true);
    const detail = await real.call(routes.getSegmentation, { params: { objectUid: segmentation.sopInstanceUid }, query: { seriesUid } });
    expect(detail.segments.map(({ number, label, frames }) => [number, label, frames])).toEqual([[1, 'Neoplasm, Primary', 4], [2, 'Neoplasm, Secondary', 9]]);
    // Counted from Referenced Segment Number and Derivation Image of the 13 frames with pydicom: 9 of the 21 slices are named.
    expect(detail.images.map(({ how }) => how)).toEqual(Array<string>(9).fill('reference'));
    const sums = new Map<string, number>();
    for (const { imageId, numbers } of detail.images) {
      const { bytes, header } = await fetchPlanes(binaryRoutes.segmentMasks, { objectUid: segmentation.sopInstanceUid, imageId });
      expect(header(maskHeaders.segments)).toBe(numbers.join(','));
      const pixels = Number(header(pixelHeaders.rows)) * Number(header(pixelHeaders.columns));
      numbers.forEach((number, index) => sums.set(`${imageId} ${number}`, bytes.subarray(index * pixels, (index + 1) * pixels).reduce((sum, value) => sum + value, 0)));
    }
    // Set pixels of all frames, counted by pydicom: segment 1 has 54, segment 2 has 212.
    const total = (number: number): number => [...sums].filter(([key]) => key.endsWith(` ${number}`)).reduce((sum, [, n]) => sum + n, 0);
    expect([total(1), total(2)]).toEqual([54, 212]);
  });

  test('contours lie on the image they name, in its pixels', async () => {
    const found: { count: number; points: number[] }[] = [];
    const notices: string[] = [];
    for (const object of (await allObjects()).filter(({ kind }) => kind === 'structure-set')) {
      notices.push(...object.notices);
      for (const { seriesInstanceUid } of (await real.call(routes.getStudy, { params: { studyUid: object.studyInstanceUid } })).series) {
        const detail = await real.call(routes.getStructureSet, { params: { objectUid: object.sopInstanceUid }, query: { seriesUid: seriesInstanceUid } });
        notices.push(...detail.notices);
        for (const { imageId, numbers } of detail.images) {
          const { rois } = await real.call(routes.getContours, { params: { objectUid: object.sopInstanceUid, imageId } });
          expect(rois.map(({ number }) => number)).toEqual(numbers);
          for (const { contours } of rois) for (const { points } of contours) found.push({ count: points.length / 2, points });
        }
      }
    }
    // invalid_reference_rt.dcm on ct_1 of the same folder, by pydicom: the first point of its ROI-1 on that slice is 0 mm from the plane, and
    // (point - Image Position) / Pixel Spacing gives these places.
    expect(found.map(({ count }) => count)).toEqual([130, 158, 122, 305]);
    expect(found[0]!.points.slice(0, 4).map((value) => Math.round(value * 10) / 10)).toEqual(expectedPlaces);
    // References that point nowhere are said.
    expect(notices).toContain('4 of the 5 instances that it refers to are not in the library.');
    expect(notices).toContain('8 of 12 contours name images that are not in this series; they are shown where their coordinates lie.');
  });

  test('a report is an indented text', async () => {
    const report = (await allObjects()).find(({ what }) => what === 'Structured report (comprehensive)')!;
    const { lines, truncated } = await real.call(routes.getObjectContent, { params: { objectUid: report.sopInstanceUid } });
    expect(truncated).toBe(false);
    expect(lines[0]).toEqual({ level: 0, relationship: '', name: 'Imaging Measurement Report', value: '' });
    // As dsrdump (dcmtk) lists it.
    expect(lines).toContainEqual({ level: 1, relationship: 'has obs context', name: 'Person Observer Name', value: 'User2' });
    expect(lines.filter(({ value }) => value.startsWith('Image 1.')).length).toBeGreaterThan(100);
  });

  test('values behind a modality table, dose grids and parametric maps are in their units', async () => {
    for (const name of ['pydicom-data/mlut_18.dcm', 'pydicom-data/parametric_map_float.dcm', 'pydicom/examples_overlay.dcm', 'pydicom/examples_ybr_color.dcm']) await real.ingest(path.join(realDicom, 'syntaxes', name));
    const metaOf = async (search: string) => {
      const { studies } = await real.call(routes.listStudies, { query: { limit: '1000' } });
      for (const { studyInstanceUid } of studies) for (const { seriesInstanceUid } of (await real.call(routes.getStudy, { params: { studyUid: studyInstanceUid } })).series) {
        const image = (await real.call(routes.getSeries, { params: { seriesUid: seriesInstanceUid } })).stacks[0]?.images[0];
        if (image !== undefined && (image.more ?? []).concat().some((word) => word === search)) return image;
      }
      throw new Error(`No image has ${search}.`);
    };
    const table = await metaOf('modality-table');
    const { values } = await real.core.services.library.images.values(table.imageId);
    // pydicom's apply_modality_lut on the same file: minimum, maximum, sum.
    expect([values.reduce((least, value) => Math.min(least, value), Infinity), values.reduce((most, value) => Math.max(most, value), 0), values.reduce((sum, value) => sum + value, 0)]).toEqual(expectedTable);
    expect((await real.call(routes.getImageDisplay, { params: { imageId: table.imageId } })).modalityTable).not.toBeNull();
    const overlaid = await metaOf('overlays');
    const display = await real.call(routes.getImageDisplay, { params: { imageId: overlaid.imageId } });
    expect(display.overlays.length).toBe(1);
    expect(display.voi.length).toBe(2);
    const { bytes, header } = await fetchPlanes(binaryRoutes.imageOverlay, { imageId: overlaid.imageId, group: String(display.overlays[0]!.group) });
    expect([Number(header(pixelHeaders.rows)), Number(header(pixelHeaders.columns))]).toEqual([display.overlays[0]!.rows, display.overlays[0]!.columns]);
    // pydicom's overlay_array(0x6000).sum().
    expect(bytes.reduce((sum, bit) => sum + bit, 0)).toBe(expectedOverlayBits);
  });

  test('a supplemental palette is told, and its colours come as they are seen', async () => {
    await real.ingest(path.join(realDicom, 'oddities', 'ct-enhanced', 'eCT_Supplemental.dcm'));
    const { studies } = await real.call(routes.listStudies, { query: { limit: '1000' } });
    const series = (await Promise.all(studies.map(({ studyInstanceUid }) => real.call(routes.getStudy, { params: { studyUid: studyInstanceUid } })))).flatMap((study) => study.series);
    const images = (await Promise.all(series.map(({ seriesInstanceUid }) => real.call(routes.getSeries, { params: { seriesUid: seriesInstanceUid } })))).flatMap(({ stacks }) => stacks.flatMap((stack) => stack.images));
    const image = images.find(({ more }) => more?.includes('colours') === true)!;
    const { bytes, header } = await fetchPlanes(binaryRoutes.imageColour, { imageId: image.imageId });
    expect([header(pixelHeaders.samples), header(pixelHeaders.photometric), bytes.length]).toEqual(['3', 'RGB', image.rows * image.columns * 3]);
    expect(bytes.some((value, i) => i % 3 === 0 && value !== bytes[i + 1])).toBe(true);
  });

  test('an inverse that MONOCHROME1 says already is not made twice', async () => {
    const { studies } = await real.call(routes.listStudies, { query: { modality: 'DX' } });
    const { series } = await real.call(routes.getStudy, { params: { studyUid: studies[0]!.studyInstanceUid } });
    const image = (await real.call(routes.getSeries, { params: { seriesUid: series.find(({ modality }) => modality === 'DX')!.seriesInstanceUid } })).stacks[0]!.images[0]!;
    expect([image.photometricInterpretation, image.inverted]).toEqual(['MONOCHROME1', undefined]);
    expect((await real.call(routes.getImageDisplay, { params: { imageId: image.imageId } })).inverted).toBe(true);
  });

  test('a slide segmentation is refused in words', async () => {
    const slide = (await allObjects()).find(({ kind, sopClassUid }) => kind === 'segmentation' && sopClassUid.endsWith('66.7') )!;
    const details = await Promise.all((await allObjects()).filter(({ kind }) => kind === 'segmentation').map(({ sopInstanceUid }) => real.call(routes.getSegmentation, { params: { objectUid: sopInstanceUid } })));
    expect(slide).toBeDefined();
    expect(details.filter(({ canOverlay }) => !canOverlay).every(({ notices }) => notices.length > 0)).toBe(true);
    expect(details.some(({ notices }) => notices.some((notice) => /tiled slide/.test(notice)))).toBe(true);
  });
});
