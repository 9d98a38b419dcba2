/**
 * How likely is writing in the pixels, as the header alone tells: PS3.15 E.3.1 and what the modalities are known for. The pixels themselves
 * are `pixels/`'s matter.
 */
import type { DataSet } from '#dicom';

export interface BurnedInRisk {
  /** `high`: not to be passed on before somebody has looked. `possible`: worth a look. `low`: this kind of image normally has none. */
  readonly level: 'high' | 'possible' | 'low';
  /** Sentences for people, without values of the object. */
  readonly reasons: readonly string[];
}

const storage = '1.2.840.10008.5.1.4.1.1';

/** Modalities that routinely draw the patient's name into the picture. A flag that says NO does not help: many devices always write it. */
const routinely: Readonly<Record<string, string>> = {
  US: 'Ultrasound devices routinely write names and dates into the picture.',
  IVUS: 'Ultrasound devices routinely write names and dates into the picture.',
  ES: 'Endoscopes often write names and dates into the picture.',
  OT: 'The kind of image is not stated; screens and scanned paper come so.',
  SC: 'Secondary captures are often copies of a screen.',
  DOC: 'Documents are likely to name the patient.',
  XC: 'Photographs may show labels and faces.',
};
/** The same, unless the object says NO. */
const often: Readonly<Record<string, string>> = {
  XA: 'Angiography devices often write into the picture.',
  RF: 'Fluoroscopy devices often write into the picture.',
  OP: 'Cameras for the eye often write into the picture.',
  OPT: 'Cameras for the eye often write into the picture.',
  SM: 'Slides may show their label.',
  GM: 'Microscopes may show the label of a slide.',
  BMD: 'Bone density reports are pages with the patient’s data.',
};
/** Words of Image Type (0008,0008) that only pages and screens have. */
const pageWords = /SCREEN|SAVE|REPORT|DOSE|CAPTURE|SUMMARY/;
const pageDescriptions = /screen ?(save|shot|capture)|dose ?(report|record|info|page|summary|sheet)|patient protocol|exam ?(summary|report)|\breport\b/i;

/**
 * The risk of one object.
 *
 * @param dataset Of the original, or of its copy: nothing that the profile removes is needed, though Series Description helps.
 * @returns null for objects without pixels.
 */
export function burnedInRisk(dataset: DataSet): BurnedInRisk | null {
  if (!dataset.has('PixelData') && !dataset.has('FloatPixelData') && !dataset.has('DoubleFloatPixelData')) return null;
  const flag = dataset.string('BurnedInAnnotation').toUpperCase();
  const modality = dataset.string('Modality').toUpperCase();
  const sopClass = dataset.string('SOPClassUID');
  const high: string[] = [];
  const possible: string[] = [];
  // A drawn segmentation, a map of numbers, a dose grid: made of values, not of a picture.
  const isComputed = [`${storage}.66.4`, `${storage}.66.7`, `${storage}.30`, `${storage}.481.2`].includes(sopClass);
  if (flag === 'YES') high.push('The object says that there is writing in the pixels.');
  if (!isComputed) {
    const type = dataset.strings('ImageType').map((value) => value.toUpperCase());
    const isCapture = sopClass === `${storage}.7` || sopClass.startsWith(`${storage}.7.`);
    if (routinely[modality] !== undefined) high.push(routinely[modality]);
    else if (isCapture) high.push(routinely['SC']!);
    else if (often[modality] !== undefined) (flag === 'NO' ? possible : high).push(often[modality]);
    if (sopClass.startsWith(`${storage}.77.1.`) && routinely[modality] === undefined && often[modality] === undefined) (flag === 'NO' ? possible : high).push('Photographs may show labels and faces.');
    if (sopClass.startsWith(`${storage}.6`) && !sopClass.startsWith(`${storage}.66`) && modality !== 'US') high.push(routinely['US']!);
    if (type.some((word) => pageWords.test(word))) high.push('Its Image Type names a page or a screen.');
    if (pageDescriptions.test(dataset.string('SeriesDescription'))) high.push('Its series is described as a page, a report or a screen.');
    if (['DF', 'SD'].includes(dataset.string('ConversionType'))) high.push('It was scanned from film or paper, with what was written there.');
    if (dataset.string('PhotometricInterpretation') !== '' && ['CT', 'MR', 'PT', 'NM', 'CR', 'DX', 'MG'].includes(modality) && (dataset.number('SamplesPerPixel') ?? 1) > 1) high.push('A colour image of this kind of device is a page or a picture with drawings.');
    if (type[1] === 'SECONDARY' && high.length === 0) possible.push('It was made after the examination.');
    if (['CR', 'DX', 'MG', 'PX', 'IO', 'RG'].includes(modality) && flag !== 'NO') possible.push('Radiographs may carry markers and labels, and the object does not say that there are none.');
  }
  const [level, reasons] = high.length > 0 ? (['high', high] as const) : possible.length > 0 ? (['possible', possible] as const) : (['low', []] as const);
  return { level, reasons: [...new Set(reasons)] };
}
