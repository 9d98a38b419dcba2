/** Between the objects of a copy: whether what refers to another still finds it, and whether dates are in an order that can be. */
import type { DataSet } from '#dicom';

export interface ReferenceFinding {
  readonly path: string;
  readonly code: 'reference-dangling' | 'dates-order';
  readonly message: string;
}

export interface ReferenceCheck {
  add(where: string, dataset: DataSet): void;
  /** References first; at most 20 of each kind, then a count. */
  findings(): readonly ReferenceFinding[];
}

const most = 20;
/** More references than this are not remembered. */
const mostReferences = 5_000_000;
/** What stands for a date that was removed. */
const dummy = '19000101';

export function createReferenceCheck(): ReferenceCheck {
  const instances = new Set<string>();
  const wanted = new Map<string, Set<string>>();
  const order: ReferenceFinding[] = [];
  let references = 0;
  let disordered = 0;
  return {
    add(where, dataset) {
      instances.add(dataset.string('SOPInstanceUID'));
      const uids = new Set<string>();
      collect(dataset, uids);
      references += uids.size;
      if (uids.size > 0 && references <= mostReferences) wanted.set(where, uids);
      const wrong = datesInDisorder(dataset);
      if (wrong === null) return;
      disordered += 1;
      if (order.length < most) order.push({ path: where, code: 'dates-order', message: wrong });
    },
    findings() {
      const lost: ReferenceFinding[] = [];
      let more = 0;
      for (const [path, uids] of wanted) {
        const missing = [...uids].filter((uid) => !instances.has(uid)).length;
        if (missing === 0) continue;
        if (lost.length < most) lost.push({ path, code: 'reference-dangling', message: `${missing} of the ${uids.size} objects that it refers to ${missing === 1 ? 'is' : 'are'} not in the copy.` });
        else more += 1;
      }
      if (more > 0) lost.push({ path: '', code: 'reference-dangling', message: `${more} more objects refer to what is not in the copy.` });
      if (disordered > order.length) order.push({ path: '', code: 'dates-order', message: `${disordered - order.length} more objects have dates in no order.` });
      return [...lost, ...order];
    },
  };
}

/** Storage instances only: procedure steps and the like are never in a copy. */
function collect(dataset: DataSet, uids: Set<string>): void {
  const uid = dataset.string('ReferencedSOPInstanceUID');
  if (uid !== '' && dataset.string('ReferencedSOPClassUID').startsWith('1.2.840.10008.5.1.4.1.1.')) uids.add(uid);
  for (const { tag, vr } of dataset.elements()) if (vr === 'SQ') for (const item of dataset.sequence(tag)) collect(item, uids);
}

/** A sentence about the first pair of dates that cannot be; null when all can. Birth goes before the study, and the study begins before its images. */
function datesInDisorder(dataset: DataSet): string | null {
  const day = (key: string): string | null => {
    const date = dataset.string(key).slice(0, 8);
    return /^\d{8}$/.test(date) && date !== dummy ? date : null;
  };
  const pairs = [['PatientBirthDate', 'StudyDate'], ['StudyDate', 'SeriesDate'], ['StudyDate', 'AcquisitionDate'], ['StudyDate', 'ContentDate']] as const;
  for (const [first, second] of pairs) {
    const [a, b] = [day(first), day(second)];
    if (a !== null && b !== null && a > b) return `${second} lies before ${first}: dates of the original that were wrong, or that were not moved together.`;
  }
  return null;
}
