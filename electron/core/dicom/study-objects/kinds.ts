/** What the SOP classes are that hold no plain images: PS3.4 B.5, PS3.6 Annex A. */
import type { ObjectKind } from '#contract/objects';

export interface KindOfObject {
  readonly kind: ObjectKind;
  /** For people. */
  readonly what: string;
}

const storage = '1.2.840.10008.5.1.4.1.1.';

const exact: Readonly<Record<string, KindOfObject>> = {
  '66.4': { kind: 'segmentation', what: 'Segmentation' },
  '66.7': { kind: 'segmentation', what: 'Label map segmentation' },
  '66.5': { kind: 'surface', what: 'Surface segmentation' },
  '66.8': { kind: 'segmentation', what: 'Height map segmentation' },
  '66.1': { kind: 'registration', what: 'Spatial registration' },
  '66.2': { kind: 'fiducials', what: 'Spatial fiducials' },
  '66.3': { kind: 'registration', what: 'Deformable registration' },
  '66.6': { kind: 'surface', what: 'Tractography' },
  '66': { kind: 'raw-data', what: 'Raw data' },
  '67': { kind: 'real-world-values', what: 'Real world value mapping' },
  '30': { kind: 'parametric-map', what: 'Parametric map' },
  '4.2': { kind: 'spectroscopy', what: 'MR spectroscopy' },
  '91.1': { kind: 'annotations', what: 'Microscopy annotations' },
  '104.1': { kind: 'document', what: 'PDF document' },
  '104.2': { kind: 'document', what: 'CDA document' },
  '104.3': { kind: 'document', what: 'STL model' },
  '104.4': { kind: 'document', what: 'OBJ model' },
  '104.5': { kind: 'document', what: 'MTL material' },
  '88.59': { kind: 'key-objects', what: 'Key object selection' },
  '88.11': { kind: 'report', what: 'Structured report (basic text)' },
  '88.22': { kind: 'report', what: 'Structured report (enhanced)' },
  '88.33': { kind: 'report', what: 'Structured report (comprehensive)' },
  '88.34': { kind: 'report', what: 'Structured report (comprehensive 3D)' },
  '88.40': { kind: 'report', what: 'Procedure log' },
  '88.50': { kind: 'report', what: 'Mammography CAD report' },
  '88.65': { kind: 'report', what: 'Chest CAD report' },
  '88.67': { kind: 'report', what: 'X-ray radiation dose report' },
  '88.68': { kind: 'report', what: 'Radiopharmaceutical dose report' },
  '88.69': { kind: 'report', what: 'Colon CAD report' },
  '88.74': { kind: 'report', what: 'Enhanced X-ray radiation dose report' },
  '11.1': { kind: 'presentation-state', what: 'Grayscale presentation state' },
  '11.2': { kind: 'presentation-state', what: 'Colour presentation state' },
  '11.3': { kind: 'presentation-state', what: 'Pseudo-colour presentation state' },
  '11.4': { kind: 'presentation-state', what: 'Blending presentation state' },
  '11.5': { kind: 'presentation-state', what: 'XA/XRF presentation state' },
  '481.2': { kind: 'rt-dose', what: 'RT dose' },
  '481.3': { kind: 'structure-set', what: 'RT structure set' },
  '481.4': { kind: 'rt-record', what: 'RT beams treatment record' },
  '481.5': { kind: 'rt-plan', what: 'RT plan' },
  '481.6': { kind: 'rt-record', what: 'RT brachytherapy record' },
  '481.7': { kind: 'rt-record', what: 'RT treatment summary' },
  '481.8': { kind: 'rt-plan', what: 'RT ion plan' },
  '481.9': { kind: 'rt-record', what: 'RT ion treatment record' },
  '9.1.1': { kind: 'waveform', what: '12-lead ECG' },
  '9.1.2': { kind: 'waveform', what: 'General ECG' },
  '9.1.3': { kind: 'waveform', what: 'Ambulatory ECG' },
  '9.2.1': { kind: 'waveform', what: 'Haemodynamic waveform' },
  '9.3.1': { kind: 'waveform', what: 'Electrophysiology waveform' },
  '9.4.1': { kind: 'waveform', what: 'Audio' },
};

/** Whole families, for members that the table above does not name. */
const families: readonly { readonly prefix: string; readonly kind: KindOfObject }[] = [
  { prefix: '9.', kind: { kind: 'waveform', what: 'Waveform' } },
  { prefix: '11.', kind: { kind: 'presentation-state', what: 'Presentation state' } },
  { prefix: '88.', kind: { kind: 'report', what: 'Structured report' } },
  { prefix: '104.', kind: { kind: 'document', what: 'Document' } },
  { prefix: '200.', kind: { kind: 'protocol', what: 'Protocol' } },
  { prefix: '68.', kind: { kind: 'surface', what: 'Surface scan' } },
  { prefix: '481.', kind: { kind: 'rt-plan', what: 'Radiotherapy object' } },
];
/** RT Image is a plain image. */
const plainImages = new Set(['481.1']);

/** What an object of this class is; null for plain images. */
export function kindOfObject(sopClassUid: string, hasPixels: boolean): KindOfObject | null {
  const suffix = sopClassUid.startsWith(storage) ? sopClassUid.slice(storage.length) : null;
  if (suffix !== null && !plainImages.has(suffix)) {
    const known = exact[suffix] ?? families.find(({ prefix }) => suffix.startsWith(prefix))?.kind;
    if (known !== undefined) return known;
  }
  return hasPixels ? null : { kind: 'other', what: 'Object without images' };
}
