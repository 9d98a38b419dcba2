/** The pixels of one object on their way into a copy: held back, cleaned, or let through, and why. */
import type { DicomFile } from '#dicom';
import { boxesOnBody, burnedInRisk, cleanPixels, findTextInObject, showsSections, withoutUnusedBits, type PixelBox } from '#privacy';

export interface PixelPolicy {
  /** The Clean Pixel Data Option: text is looked for and blacked out. */
  readonly clean: boolean;
  /** A person has looked at all images at risk. */
  readonly accepted: boolean;
  /** What a person decided of this object: the boxes to blacken, none when there is nothing to hide; null when nobody did. */
  readonly boxes: readonly PixelBox[] | null;
  /** Where a person decides image by image: `suspected` when an earlier search found what looks like writing, `unsearched` when none came so far. */
  readonly open: 'suspected' | 'unsearched' | null;
  readonly signal?: AbortSignal;
}

export type AttendedPixels =
  /** `cleaned`: text was looked for, by the detector or by a person, and is black: PS3.15's Clean Pixel Data Option holds for this object. `unsearched`: it has pixels, and nobody looked for writing in them. */
  | { readonly kind: 'pass'; readonly file: DicomFile; readonly cleaned: boolean; readonly unsearched: boolean; readonly blackened: readonly PixelBox[]; readonly reasons: readonly string[] }
  | { readonly kind: 'held-back'; readonly reasons: readonly string[] };

const undecided = 'Something in its pixels looks like writing, and nobody has decided about it: look at it on the screen.';
const onAnatomy = 'Something in its pixels looks like writing and lies on anatomy, so it was not blacked out: look at it on the screen.';
const storage = '1.2.840.10008.5.1.4.1.1';
/** Segmentations, parametric maps, surfaces and doses are computed: nobody writes into them. */
const computed: ReadonlySet<string> = new Set(['.66.4', '.66.5', '.66.7', '.30', '.481.2'].map((end) => storage + end));

export async function attendPixels(file: DicomFile, policy: PixelPolicy): Promise<AttendedPixels> {
  const risk = burnedInRisk(file.dataset);
  if (risk === null) return { kind: 'pass', file, cleaned: policy.clean, unsearched: false, blackened: [], reasons: [] };
  const signal = policy.signal === undefined ? {} : { signal: policy.signal };
  const decided = policy.boxes;
  if (decided !== null) {
    const cleaned = await cleanPixels(file, { boxes: decided, confirmed: true, risk: risk.level, ...signal });
    return { kind: 'pass', file: cleaned.file, cleaned: true, unsearched: false, blackened: decided, reasons: decided.length === 0 ? [] : [`A person had ${counted(decided.length)} blacked out.`] };
  }
  if (policy.clean) {
    const found = await findTextInObject(file, { risk: risk.level, ...signal });
    if (!policy.accepted) {
      // What an earlier search found and this one does not is still nobody's decision.
      if (policy.open === 'suspected' && found.boxes.length === 0) return { kind: 'held-back', reasons: [undecided] };
      if (showsSections(file) && (await boxesOnBody(file, found.boxes, found.framesWithText)).length > 0) return { kind: 'held-back', reasons: [onAnatomy] };
    }
    const cleaned = await cleanPixels(file, { boxes: found.boxes, confirmed: policy.accepted, risk: risk.level, framesLooked: found.framesLooked, ...signal });
    const reasons = [...(found.boxes.length === 0 ? [] : [`${counted(found.boxes.length)} that looked like writing ${found.boxes.length === 1 ? 'was' : 'were'} blacked out.`])];
    if (cleaned.remaining.length > 0 && !policy.accepted) return { kind: 'held-back', reasons: [...reasons, 'What looks like writing was still found afterwards: a person must look.'] };
    return { kind: 'pass', file: cleaned.file, cleaned: true, unsearched: false, blackened: found.boxes, reasons };
  }
  if (risk.level === 'high' && !policy.accepted) return { kind: 'held-back', reasons: risk.reasons };
  if (policy.open !== null && !policy.accepted) {
    const isSuspected = policy.open === 'suspected' || (!computed.has(file.dataset.string('SOPClassUID')) && (await findTextInObject(file, { risk: risk.level, ...signal })).boxes.length > 0);
    if (isSuspected) return { kind: 'held-back', reasons: [undecided] };
  }
  // Bits that no value uses may hold a drawn overlay; looking into compressed pixels takes long, and few devices did it there.
  const isNative = file.dataset.encapsulated('PixelData') === null;
  return { kind: 'pass', file: isNative || hasEmbeddedOverlay(file) ? await withoutUnusedBits(file) : file, cleaned: false, unsearched: policy.open === null && !policy.accepted && !computed.has(file.dataset.string('SOPClassUID')), blackened: [], reasons: risk.level === 'low' ? [] : risk.reasons };
}

function counted(boxes: number): string {
  return boxes === 1 ? '1 box' : `${boxes} boxes`;
}

/** Overlay Bit Position above 0: the plane is in the pixels' own container (PS3.5 8.1.2, retired). */
function hasEmbeddedOverlay({ dataset }: DicomFile): boolean {
  return [...dataset.elements()].some(({ tag }) => /^60.[02468ace]0102$/.test(tag) && (dataset.number(tag) ?? 0) > 0);
}
