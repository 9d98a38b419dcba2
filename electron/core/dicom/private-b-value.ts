/** Diffusion b-values of classic MR images, which most makers write in private elements. Matched by group, creator and low byte (PS3.5 7.8.1). */
import type { DataSet } from './data-set.ts';

interface Place {
  readonly group: string;
  readonly creator: string;
  readonly low: string;
  value(raw: number): number;
}

const places: readonly Place[] = [
  { group: '0019', creator: 'SIEMENS MR HEADER', low: '0c', value: (raw) => raw },
  // GE adds 10^9 to the number to say that it is one.
  { group: '0043', creator: 'GEMS_PARM_01', low: '39', value: (raw) => raw % 1_000_000_000 },
  { group: '2001', creator: 'Philips Imaging DD 001', low: '03', value: (raw) => raw },
];

/** Where each can be, by the element that would hold it: made once, because every image is asked for all of them. */
const candidates = places.flatMap((place) => Array.from({ length: 16 }, (_, index) => {
  const block = 0x10 + index;
  return { place, block, tag: `${place.group}${block.toString(16)}${place.low}` };
}));

/** GE's block is taken for its own where a careless de-identification dropped the creator and left the elements (they always lie in the first block). */
function creatorOf(dataset: DataSet, group: string, block: number): string {
  const named = dataset.string(`${group}00${block.toString(16)}`);
  return named === '' && group === '0043' && block === 0x10 && /^GE\b/i.test(dataset.string('Manufacturer')) ? 'GEMS_PARM_01' : named;
}

/** s/mm², or null when no known private element holds it. */
export function privateBValue(dataset: DataSet): number | null {
  for (const { place: { group, creator, value }, block, tag } of candidates) {
    const element = dataset.get(tag);
    if (element === undefined || !(element.value instanceof Uint8Array) || creatorOf(dataset, group, block) !== creator) continue;
    // Implicit files do not tell the VR of a private element: FL of four bytes, or text.
    const bytes = element.value;
    const raw = element.vr === 'FL' || (element.vr === 'UN' && group === '2001' && bytes.length === 4)
      ? new DataView(bytes.buffer, bytes.byteOffset, 4).getFloat32(0, true)
      : Number.parseFloat(dataset.string(element.tag));
    if (Number.isFinite(raw)) return value(raw);
  }
  return null;
}
