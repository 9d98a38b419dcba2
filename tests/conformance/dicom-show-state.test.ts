/** Presentation states made here for real images, drawn by us and by dcmtk (dcmp2pgm, which draws neither shutters nor graphics): modality, window, inversion. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { DataSet, decodeFrame, describeImage, parseDicom, readPresentationState, renderWithState, writeDicom, type DicomFile } from '#dicom';
import { readManifest, readReal, realDataFolder } from './real-data.ts';

const manifest = readManifest();
const hasDcmtk = spawnSync('dcmp2pgm', ['--version']).status === 0;
if (!hasDcmtk) console.log('dcmtk is not there: its pictures of presentation states are not compared.');
const folder = mkdtempSync(path.join(os.tmpdir(), 'scanloom-states-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const grayscale = '1.2.840.10008.5.1.4.1.1.11.1';

/** A state for one image, complete enough for dcmtk. */
function stateFor(image: DicomFile, change: (state: DataSet) => void): DataSet {
  const header = describeImage(image);
  const reference = new DataSet().setString('ReferencedSOPClassUID', header.sopClassUid).setString('ReferencedSOPInstanceUID', header.sopInstanceUid);
  const state = new DataSet()
    .setString('SOPClassUID', grayscale).setString('SOPInstanceUID', '2.25.77').setString('StudyDate', '20260101').setString('StudyTime', '120000').setString('Modality', 'PR')
    .setString('AccessionNumber', '').setString('ReferringPhysicianName', '').setString('PatientName', 'A').setString('PatientID', 'A').setString('PatientBirthDate', '').setString('PatientSex', '')
    .setString('StudyInstanceUID', header.studyInstanceUid).setString('SeriesInstanceUID', '2.25.78').setString('StudyID', '').setString('SeriesNumber', '1').setString('InstanceNumber', '1')
    .setString('Manufacturer', 'Test').setString('ContentLabel', 'WORK').setString('ContentDescription', 'A state').setString('PresentationCreationDate', '20260101').setString('PresentationCreationTime', '120000')
    .setString('ContentCreatorName', 'Reader^One')
    .setSequence('ReferencedSeriesSequence', [new DataSet().setString('SeriesInstanceUID', header.seriesInstanceUid).setSequence('ReferencedImageSequence', [reference])])
    .setSequence('DisplayedAreaSelectionSequence', [new DataSet().setNumber('DisplayedAreaTopLeftHandCorner', [1, 1]).setNumber('DisplayedAreaBottomRightHandCorner', [header.columns, header.rows]).setString('PresentationSizeMode', 'SCALE TO FIT').setString('PresentationPixelAspectRatio', ['1', '1'])])
    .setString('PresentationLUTShape', 'IDENTITY');
  if (header.rescale !== null) state.setNumber('RescaleIntercept', header.rescale.intercept).setNumber('RescaleSlope', header.rescale.slope).setString('RescaleType', 'HU');
  change(state);
  return state;
}

function withWindow(center: number, width: number) {
  return (state: DataSet): void => void state.setSequence('SoftcopyVOILUTSequence', [new DataSet().setNumber('WindowCenter', center).setNumber('WindowWidth', width)]);
}

async function differenceToDcmtk(name: string, change: (state: DataSet) => void): Promise<{ largest: number; differing: number }> {
  const image = parseDicom(readReal(name));
  const state = stateFor(image, change);
  const file = path.join(folder, 'state.dcm');
  writeFileSync(file, writeDicom({ dataset: state, sopClassUid: grayscale, sopInstanceUid: '2.25.77', transferSyntaxUid: '1.2.840.10008.1.2.1' }));
  const read = parseDicom(new Uint8Array(readFileSync(file))).dataset;
  const ours = renderWithState({ frame: await decodeFrame(image, 0), header: describeImage(image), dataset: image.dataset, frameIndex: 0 }, readPresentationState(read), read);
  const target = path.join(folder, 'theirs.pgm');
  execFileSync('dcmp2pgm', ['-p', file, path.join(realDataFolder, name), target], { stdio: 'ignore' });
  const bytes = new Uint8Array(readFileSync(target));
  const head = /^P5\s(?:#.*\n)*(\d+)\s+(\d+)\s+(\d+)\s/.exec(Buffer.from(bytes.subarray(0, 300)).toString('latin1'))!;
  const theirs = bytes.subarray(head[0].length);
  expect([Number(head[1]), Number(head[2])]).toEqual([ours.columns, ours.rows]);
  let largest = 0;
  let differing = 0;
  ours.pixels.forEach((value, i) => {
    const difference = Math.abs(value - theirs[i]!);
    largest = Math.max(largest, difference);
    if (difference > 1) differing += 1;
  });
  return { largest, differing };
}

const ct = 'syntaxes/pydicom/CT_small.dcm';
const mr = 'syntaxes/pydicom/MR_small.dcm';

describe.skipIf(manifest === null || !hasDcmtk)('presentation states', () => {
  test.each([
    ['a window on CT', ct, withWindow(40, 400)],
    ['an inverted window on CT', ct, (state: DataSet) => { withWindow(-200, 900)(state); state.setString('PresentationLUTShape', 'INVERSE'); }],
    ['a window on MR, without a rescale', mr, withWindow(600, 1600)],
  ] as [string, string, (state: DataSet) => void][])('%s is drawn as dcmtk draws it', async (_name, image, change) => {
    const { largest, differing } = await differenceToDcmtk(image, change);
    console.log(`${_name}: largest difference ${largest}, ${differing} pixels by more than 1`);
    expect(largest).toBeLessThanOrEqual(1);
  });
});

/** Pixels that a shutter leaves open, of a picture that is white otherwise. */
async function open(change: (state: DataSet) => void): Promise<(column: number, row: number) => boolean> {
  const image = parseDicom(readReal(ct));
  const state = stateFor(image, (plain) => {
    // Everything is above this window.
    withWindow(-3000, 2)(plain);
    plain.setNumber('ShutterPresentationValue', 0);
    change(plain);
  });
  const { pixels, columns } = renderWithState({ frame: await decodeFrame(image, 0), header: describeImage(image), dataset: image.dataset, frameIndex: 0 }, readPresentationState(state), state);
  return (column, row) => pixels[row * columns + column] === 255;
}

describe.skipIf(manifest === null)('what a state says', () => {
  test('shutters leave open what they enclose; rows and columns count from 1', async () => {
    const rectangle = await open((state) => state.setString('ShutterShape', 'RECTANGULAR').setString('ShutterLeftVerticalEdge', '20').setString('ShutterRightVerticalEdge', '100').setString('ShutterUpperHorizontalEdge', '31').setString('ShutterLowerHorizontalEdge', '90'));
    expect([rectangle(19, 30), rectangle(18, 30), rectangle(19, 29), rectangle(99, 89), rectangle(100, 89), rectangle(99, 90)]).toEqual([true, false, false, true, false, false]);
    // The centre is row\\column.
    const circle = await open((state) => state.setString('ShutterShape', 'CIRCULAR').setString('CenterOfCircularShutter', ['61', '71']).setString('RadiusOfCircularShutter', '40'));
    expect([circle(70, 60), circle(110, 60), circle(111, 60), circle(70, 20), circle(70, 19), circle(99, 89)]).toEqual([true, true, false, true, false, false]);
    // A triangle with its right angle at column 30, row 20.
    const polygon = await open((state) => state.setString('ShutterShape', ['POLYGONAL']).setString('VerticesOfThePolygonalShutter', ['21', '31', '21', '111', '101', '31']));
    expect([polygon(32, 22), polygon(100, 25), polygon(32, 95), polygon(100, 95), polygon(10, 60)]).toEqual([true, true, true, false, false]);
    // Two shapes leave open what both do.
    const both = await open((state) => state.setString('ShutterShape', ['CIRCULAR', 'RECTANGULAR']).setString('CenterOfCircularShutter', ['61', '71']).setString('RadiusOfCircularShutter', '40').setString('ShutterLeftVerticalEdge', '1').setString('ShutterRightVerticalEdge', '71').setString('ShutterUpperHorizontalEdge', '1').setString('ShutterLowerHorizontalEdge', '128'));
    expect([both(60, 60), both(80, 60)]).toEqual([true, false]);
  });

  test('a turn goes before a mirror', async () => {
    const image = parseDicom(readReal(ct));
    const picture = async (change: (state: DataSet) => void) => {
      const state = stateFor(image, (plain) => { withWindow(40, 400)(plain); change(plain); });
      return renderWithState({ frame: await decodeFrame(image, 0), header: describeImage(image), dataset: image.dataset, frameIndex: 0 }, readPresentationState(state), state);
    };
    const plain = await picture(() => undefined);
    const turned = await picture((state) => state.setNumber('ImageRotation', 90));
    const mirrored = await picture((state) => state.setNumber('ImageRotation', 90).setString('ImageHorizontalFlip', 'Y'));
    const at = ({ pixels, columns }: typeof plain, column: number, row: number) => pixels[row * columns + column];
    // Turned clockwise, the left column from bottom to top becomes the upper row from left to right.
    for (const k of [0, 40, 90]) {
      expect(at(turned, k, 0)).toBe(at(plain, 0, 127 - k));
      expect(at(mirrored, 127 - k, 0)).toBe(at(plain, 0, 127 - k));
    }
  });

  test('comes in pixels from the centre of the first one', () => {
    const state = stateFor(parseDicom(readReal(ct)), (plain) => {
      const point = new DataSet().setString('GraphicAnnotationUnits', 'PIXEL').setNumber('GraphicDimensions', 2).setNumber('NumberOfGraphicPoints', 2).setNumber('GraphicData', [0.5, 0.5, 10.5, 20.5]).setString('GraphicType', 'POLYLINE').setString('GraphicFilled', 'N');
      const text = new DataSet().setString('BoundingBoxAnnotationUnits', 'DISPLAY').setString('UnformattedTextValue', 'Here').setNumber('BoundingBoxTopLeftHandCorner', [0.1, 0.2]).setNumber('BoundingBoxBottomRightHandCorner', [0.4, 0.3]).setString('BoundingBoxTextHorizontalJustification', 'LEFT');
      plain.setSequence('GraphicAnnotationSequence', [new DataSet().setString('GraphicLayer', 'ONE').setSequence('TextObjectSequence', [text]).setSequence('GraphicObjectSequence', [point])]);
      plain.setSequence('GraphicLayerSequence', [new DataSet().setString('GraphicLayer', 'ONE').setString('GraphicLayerOrder', '1').setNumber('GraphicLayerRecommendedDisplayGrayscaleValue', 65_535)]);
      plain.setNumber('ImageRotation', 90).setString('ImageHorizontalFlip', 'Y');
    });
    const content = readPresentationState(state);
    expect(content.transformation).toEqual({ rotation: 90, flip: true });
    expect(content.layers).toEqual([{ name: 'ONE', order: 1, description: '', colour: [255, 255, 255] }]);
    expect(content.annotations[0]!.graphics[0]!.points).toEqual([0, 0, 10, 20]);
    expect(content.annotations[0]!.texts[0]).toMatchObject({ text: 'Here', anchor: null, box: { units: 'display', justify: 'left' } });
    expect(content.displayedAreas[0]).toMatchObject({ topLeft: [0, 0], bottomRight: [127, 127], mode: 'SCALE TO FIT', pixelAspect: 1, appliesTo: null });
    expect(content.notices).toEqual([]);
  });
});
