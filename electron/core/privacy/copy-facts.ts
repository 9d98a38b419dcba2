/** What happens to one object on its way through the profile that somebody should know: plain data, without a value that tells who the patient is. */
import { describeImage, type DicomFile } from '#dicom';
import { burnedInRisk } from './burned-in-risk.ts';
import type { DeidentifiedObject } from './deidentify-object.ts';
import { outlinesSkin, showsFaces } from './face/other-faces.ts';

export interface CopyFacts {
  /** Stand-ins, to count patients, studies and series by. */
  readonly patient: string;
  readonly study: string;
  readonly series: string;
  readonly modality: string;
  readonly hasPixels: boolean;
  /** Writing in the pixels, as the header tells; null without pixels. */
  readonly burnedIn: 'high' | 'possible' | 'low' | null;
  readonly losesPrivate: boolean;
  /** SUV could be computed from the original, and cannot from the copy. */
  readonly losesSuv: boolean;
  readonly losesBValue: boolean;
  readonly losesGraphics: boolean;
  readonly emptied: 'document' | 'report' | 'annotations' | null;
  readonly hadDate: boolean;
  readonly outlinesSkin: boolean;
  readonly showsFaces: 'photograph' | 'screen' | null;
}

const [contentSequence, encapsulatedDocument, graphicAnnotations] = ['0040a730', '00420011', '00700001'];

/** @param made What `deidentifyObject` made of `source`. */
export function copyFacts(source: DicomFile, made: DeidentifiedObject): CopyFacts {
  const row = (tag: string): { removed: number; replaced: number } => made.attributes.find((attribute) => attribute.tag === tag) ?? { removed: 0, replaced: 0 };
  const { dataset } = source;
  const hasPixels = ['PixelData', 'FloatPixelData', 'DoubleFloatPixelData'].some((key) => dataset.has(key));
  const header = (file: DicomFile): { suv: number | null; bValue: number | null } => {
    const { suv, diffusionBValue } = describeImage(file);
    return { suv: suv?.factor ?? null, bValue: diffusionBValue };
  };
  // Only PET and MR have what is looked for; a header takes its time.
  const isMeasured = hasPixels && ['PT', 'MR'].includes(dataset.string('Modality'));
  const [before, after] = isMeasured ? [header(source), header({ ...source, dataset: made.dataset })] : [null, null];
  return {
    patient: made.dataset.string('PatientID'),
    study: made.studyInstanceUid,
    series: made.seriesInstanceUid,
    modality: dataset.string('Modality'),
    hasPixels,
    burnedIn: burnedInRisk(dataset)?.level ?? null,
    losesPrivate: row('private').removed > 0,
    losesSuv: before !== null && before.suv !== null && after?.suv === null,
    losesBValue: before !== null && before.bValue !== null && after?.bValue === null,
    losesGraphics: made.attributes.some(({ tag, removed }) => removed > 0 && /^60.[02468ace]3000$/.test(tag)),
    emptied: row(encapsulatedDocument).replaced > 0 ? 'document' : row(contentSequence).replaced > 0 && isReport(made.sopClassUid) ? 'report' : row(graphicAnnotations).replaced > 0 ? 'annotations' : null,
    hadDate: dataset.string('StudyDate') !== '',
    outlinesSkin: outlinesSkin(dataset),
    showsFaces: hasPixels ? showsFaces(dataset) : null,
  };
}

function isReport(sopClassUid: string): boolean {
  return sopClassUid.startsWith('1.2.840.10008.5.1.4.1.1.88.');
}
