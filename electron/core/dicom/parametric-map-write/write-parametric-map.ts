/** Parametric Maps of 32-bit floats: spread and difference maps, any figure a pixel (PS3.3 A.75, C.8.32). */
import { ScanloomError } from '#contract/errors';
import { DataSet } from '../data-set.ts';
import { codeItem, shortened } from '../items.ts';
import { derivationGroup, frameContentGroup, planeGroups, setDimensions, setFunctionalGroups } from '../multi-frame-write/groups.ts';
import { newObjectHeader, setFrameOfReference, type NewObject } from '../multi-frame-write/header.ts';
import { placeNumbers, planesOf, type Plane, type PlaneSource } from '../multi-frame-write/planes.ts';
import type { Code, WindowSetting } from '../types.ts';
import { writeDicom } from '../write.ts';

const sopClassUid = '1.2.840.10008.5.1.4.1.1.30';
const explicitLittle = '1.2.840.10008.1.2.1';
const largestBytes = 2 ** 32 - 2;

export interface MapQuantity {
  /** LUT Label, at most 16 characters. */
  readonly label: string;
  /** LUT Explanation: what a value says, at most 64 characters. */
  readonly explanation: string;
  /** Measurement Units, UCUM: `1` for none, `[hnsf'U]` for HU, `Bq/ml` … (CID 82). */
  readonly unit: Code;
  /** What is measured, for Quantity Definition Sequence; left out where no code says it (model uncertainty has none). */
  readonly concept?: Code;
}

export interface ParametricMapOptions extends NewObject {
  /** The images the map lies on, in any order: one plane each. All of one size and one study, with their place in the patient. */
  readonly sources: readonly PlaneSource[];
  /** Row-major, in `quantity.unit`, one array a source. Every value finite. */
  readonly values: readonly Float32Array[];
  readonly quantity: MapQuantity;
  /** How the map was made (CID 7203), e.g. 113062 Pixel by pixel subtraction. */
  readonly derivation: { readonly codes: readonly Code[]; readonly description?: string };
  /** Value 4 of Image Type (C.8.32.2). Default QUANTITY. */
  readonly contrast?: string;
  /** How to show it; the range of the values when left out. */
  readonly window?: WindowSetting;
  /** True: a model drew the values, or images that one drew went in. Inherited from the sources when left out. */
  readonly synthetic?: boolean;
}

/** Regions whose images can show a face when rendered (PS3.15 E.3.2). */
const faceParts = new Set(['HEAD', 'BRAIN', 'SKULL', 'HEADNECK', 'FACE', 'NECK', 'ORBIT', 'JAW', 'PARANASAL SINUS']);

/**
 * Writes a Parametric Map on the grid of its source images, one frame a plane, ordered by place; Float Pixel Data, whose values are those of the quantity
 * (Real World Value Mapping of slope 1). Explicit little endian: float pixels are not compressed (PS3.5 A.4).
 *
 * @throws {ScanloomError} `export/invalid` for values that are no numbers, sizes that differ, sources that do not say where they are.
 */
export function writeParametricMap(options: ParametricMapOptions): Uint8Array {
  const unsorted = planesOf(options.sources);
  if (unsorted[0]!.geometry === null) throw new ScanloomError('export/invalid', 'A parametric map needs images that say where they are in the patient.', { hint: 'These do not; export the map as NIfTI or PNG.' });
  const { rows, columns } = unsorted[0]!;
  if (options.values.length !== unsorted.length || options.values.some((values) => values.length !== rows * columns)) throw new ScanloomError('export/invalid', 'The map has not as many values as its source images.');
  if (rows * columns * 4 * unsorted.length > largestBytes) throw new ScanloomError('export/invalid', 'The map is larger than one object can be.');
  if (options.derivation.codes.length === 0) throw new ScanloomError('export/invalid', 'A map says by a code how it was made.');
  const places = placeNumbers(unsorted);
  const order = unsorted.map((_, index) => index).sort((a, b) => places[a]! - places[b]! || a - b);
  const planes = order.map((index) => unsorted[index]!);
  const values = order.map((index) => options.values[index]!);
  const range = rangeOf(values);
  const before = planes[0]!.source.file.dataset;
  const dataset = newObjectHeader(planes, options, sopClassUid, before.string('Modality') || 'OT');
  setFrameOfReference(dataset, planes);
  if (options.synthetic !== undefined && dataset.string('SyntheticData') !== 'YES') dataset.setString('SyntheticData', options.synthetic ? 'YES' : 'NO', 'CS');
  if (dataset.string('SyntheticData') === 'NO' && before.string('SyntheticData') === '') dataset.delete('SyntheticData');
  const imageType = ['DERIVED', 'PRIMARY', 'VOLUME', options.contrast ?? 'QUANTITY'];
  dataset
    .setString('ImageType', imageType)
    .setString('BurnedInAnnotation', 'NO')
    .setString('RecognizableVisualFeatures', recognizable(before))
    .setString('PresentationLUTShape', 'IDENTITY')
    .setSequence('AcquisitionContextSequence', []);
  setPixels(dataset, planes, values);
  setGroups(dataset, planes, order.map((index) => places[index]!), options, imageType, range);
  return writeDicom({ dataset, sopClassUid, sopInstanceUid: options.sopInstanceUid, transferSyntaxUid: explicitLittle });
}

/** What the source says; where it says nothing, a head's map may show its skin's outline (Type 1, C.8.32.2). */
function recognizable(source: DataSet): 'YES' | 'NO' {
  const said = source.string('RecognizableVisualFeatures');
  if (said === 'YES' || said === 'NO') return said;
  return faceParts.has(source.string('BodyPartExamined').toUpperCase()) ? 'YES' : 'NO';
}

function rangeOf(frames: readonly Float32Array[]): { low: number; high: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const values of frames) {
    for (let i = 0; i < values.length; i += 1) {
      const value = values[i]!;
      if (!Number.isFinite(value)) throw new ScanloomError('export/invalid', 'The map holds values that are no numbers.', { details: { pixel: i } });
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return { low, high };
}

/** Floating Point Image Pixel Module (C.7.6.24): no Bits Stored, High Bit or Pixel Representation. */
function setPixels(dataset: DataSet, planes: readonly Plane[], frames: readonly Float32Array[]): void {
  const { rows, columns } = planes[0]!;
  const bytes = new Uint8Array(rows * columns * 4 * frames.length);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const values of frames) for (let i = 0; i < values.length; i += 1, at += 4) view.setFloat32(at, values[i]!, true);
  dataset
    .setNumber('SamplesPerPixel', 1)
    .setString('PhotometricInterpretation', 'MONOCHROME2')
    .setNumber('Rows', rows)
    .setNumber('Columns', columns)
    .setNumber('BitsAllocated', 32)
    .setBytes('FloatPixelData', 'OF', bytes);
}

function setGroups(dataset: DataSet, planes: readonly Plane[], places: readonly number[], options: ParametricMapOptions, imageType: readonly string[], range: { low: number; high: number }): void {
  const all = (make: () => DataSet): DataSet[] => planes.map(make);
  // Frames at one place (time points) are told apart by a second number: the how-manieth of that place.
  const seen = new Map<number, number>();
  const repeat = places.map((place) => { seen.set(place, (seen.get(place) ?? 0) + 1); return seen.get(place)!; });
  const repeats = repeat.some((number) => number > 1);
  setDimensions(dataset, [
    { attribute: 'ImagePositionPatient', group: 'PlanePositionSequence', label: 'Image Position Patient' },
    ...(repeats ? [{ attribute: 'TemporalPositionIndex', group: 'FrameContentSequence', label: 'Temporal Position Index' }] : []),
  ], options.sopInstanceUid);
  const content = frameContentGroup(places.map((place, index) => (repeats ? [place, repeat[index]!] : [place])));
  if (repeats) content.items.forEach((item, index) => item.setNumber('TemporalPositionIndex', repeat[index]!));
  setFunctionalGroups(dataset, planes.length, [
    content,
    ...planeGroups(planes),
    derivationGroup(planes, options.derivation.codes, shortened(options.derivation.description ?? '', 1024)),
    { sequence: 'ParametricMapFrameTypeSequence', items: all(() => new DataSet().setString('FrameType', imageType)) },
    // Identity (C.7.6.16.2.9b): stored values are what is shown and measured.
    { sequence: 'PixelValueTransformationSequence', items: all(() => new DataSet().setNumber('RescaleIntercept', 0).setNumber('RescaleSlope', 1).setString('RescaleType', 'US')) },
    { sequence: 'FrameVOILUTSequence', items: all(() => windowItem(options.window ?? { center: (range.low + range.high) / 2, width: Math.max(range.high - range.low, 1e-6), function: 'LINEAR_EXACT' })) },
    { sequence: 'RealWorldValueMappingSequence', items: all(() => mappingItem(options.quantity, range)) },
  ]);
}

function windowItem(window: WindowSetting): DataSet {
  return new DataSet().setNumber('WindowCenter', window.center).setNumber('WindowWidth', window.width).setString('VOILUTFunction', window.function ?? 'LINEAR');
}

/** Real World Value Mapping Item Macro (C.7.6.16.2.11.1): the values are those of the quantity. */
function mappingItem(quantity: MapQuantity, range: { low: number; high: number }): DataSet {
  const item = new DataSet([], ['ISO_IR 192'])
    .setNumber('DoubleFloatRealWorldValueFirstValueMapped', range.low)
    .setNumber('DoubleFloatRealWorldValueLastValueMapped', range.high)
    .setNumber('RealWorldValueIntercept', 0)
    .setNumber('RealWorldValueSlope', 1)
    .setString('LUTExplanation', shortened(quantity.explanation, 64))
    .setString('LUTLabel', shortened(quantity.label, 16))
    .setSequence('MeasurementUnitsCodeSequence', [codeItem(quantity.unit)]);
  if (quantity.concept !== undefined) {
    // Content Item Macro, PS3.3 10.2, with the concept that CID 9000-style definitions use for what is measured.
    item.setSequence('QuantityDefinitionSequence', [
      new DataSet()
        .setString('ValueType', 'CODE')
        .setSequence('ConceptNameCodeSequence', [codeItem({ value: '246205007', scheme: 'SCT', meaning: 'Quantity' })])
        .setSequence('ConceptCodeSequence', [codeItem(quantity.concept)]),
    ]);
  }
  return item;
}
