/** The pixels of one object on their way into a copy: held back, cleaned, or let through, and why. */
import type { DicomFile } from '#dicom';
import { burnedInRisk, cleanPixels, findTextInObject, withoutUnusedBits, type PixelBox } from '#privacy';

export interface PixelPolicy {
  /** The Clean Pixel Data Option: text is looked for and blacked out. */
  readonly clean: boolean;
  /** A person has looked at all images at risk. */
  readonly accepted: boolean;
  /** What a person decided of this object: the boxes to blacken, none when there is nothing to hide; null when nobody did. */
  readonly boxes: readonly PixelBox[] | null;
  readonly signal?: AbortSignal;
}

export type AttendedPixels =
  /** `cleaned`: text was looked for, by the detector or by a person, and is black: PS3.15's Clean Pixel Data Option holds for this object. */
  | { readonly kind: 'pass'; readonly file: DicomFile; readonly cleaned: boolean; readonly blackened: readonly PixelBox[]; readonly reasons: readonly string[] }
  | { readonly kind: 'held-back'; readonly reasons: readonly string[] };

export async function attendPixels(file: DicomFile, policy: PixelPolicy): Promise<AttendedPixels> {
  const risk = burnedInRisk(file.dataset);
  if (risk === null) return { kind: 'pass', file, cleaned: policy.clean, blackened: [], reasons: [] };
  const signal = policy.signal === undefined ? {} : { signal: policy.signal };
  const decided = policy.boxes;
  if (decided !== null) {
    const cleaned = await cleanPixels(file, { boxes: decided, confirmed: true, risk: risk.level, ...signal });
    return { kind: 'pass', file: cleaned.file, cleaned: true, blackened: decided, reasons: decided.length === 0 ? [] : [`A person had ${counted(decided.length)} blacked out.`] };
  }
  if (policy.clean) {
    const found = await findTextInObject(file, { risk: risk.level, ...signal });
    const cleaned = await cleanPixels(file, { boxes: found.boxes, confirmed: policy.accepted, risk: risk.level, framesLooked: found.framesLooked, ...signal });
    const reasons = [...(found.boxes.length === 0 ? [] : [`${counted(found.boxes.length)} that looked like writing ${found.boxes.length === 1 ? 'was' : 'were'} blacked out.`])];
    if (cleaned.remaining.length > 0 && !policy.accepted) return { kind: 'held-back', reasons: [...reasons, 'What looks like writing was still found afterwards: a person must look.'] };
    return { kind: 'pass', file: cleaned.file, cleaned: true, blackened: found.boxes, reasons };
  }
  if (risk.level === 'high' && !policy.accepted) return { kind: 'held-back', reasons: risk.reasons };
  // Bits that no value uses may hold a drawn overlay; looking into compressed pixels takes long, and few devices did it there.
  const isNative = file.dataset.encapsulated('PixelData') === null;
  return { kind: 'pass', file: isNative || hasEmbeddedOverlay(file) ? await withoutUnusedBits(file) : file, cleaned: false, blackened: [], reasons: risk.level === 'low' ? [] : risk.reasons };
}

function counted(boxes: number): string {
  return boxes === 1 ? '1 box' : `${boxes} boxes`;
}

/** Overlay Bit Position above 0: the plane is in the pixels' own container (PS3.5 8.1.2, retired). */
function hasEmbeddedOverlay({ dataset }: DicomFile): boolean {
  return [...dataset.elements()].some(({ tag }) => /^60.[02468ace]0102$/.test(tag) && (dataset.number(tag) ?? 0) > 0);
}
