/**
 * What becomes of a source's data set in an image derived from it, and why: rows of what is removed, of what is written anew, and of what is mended where a
 * source has it wrong. Everything that no row names is kept as it is; `tests/conformance/dicom-write-derived.test.ts` holds real images to that.
 *
 * A row is a tag pattern (`x` = any hexadecimal digit), the clause of the standard and the reason.
 */
export interface AttributeRule {
  readonly tags: readonly string[];
  readonly clause: string;
  readonly reason: string;
}

export const removedFromDerived: readonly AttributeRule[] = [
  { tags: ['00280106', '00280107', '00280108', '00280109', '00280110', '00280111'], clause: 'PS3.3 C.7.6.3.1', reason: 'smallest and largest values are those of the source; the image’s own are computed anew' },
  { tags: ['00280120', '00280121', '00280122', '00280123', '00280124', '00280125'], clause: 'PS3.3 C.7.5.1.1.2', reason: 'padding values may now occur as pixel values' },
  { tags: ['00283000', '00283010'], clause: 'PS3.3 C.11.1, C.11.2', reason: 'look-up tables are bound to the source’s stored values' },
  { tags: ['00281199', '002811xx', '002812xx'], clause: 'PS3.3 C.7.9', reason: 'palettes are bound to the source’s stored values' },
  { tags: ['00409096', '00409211', '00409216', '00409224', '00409225'], clause: 'PS3.3 C.7.6.16.2.11', reason: 'real-world value maps are bound to the source’s stored values' },
  { tags: ['00603000'], clause: 'PS3.3 C.11.5', reason: 'the histogram counts the source’s pixels' },
  { tags: ['60xxxxxx', '50xxxxxx', '00080024', '00080025', '00080034', '00080035'], clause: 'PS3.3 C.9.2', reason: 'overlays and curves lie on the source’s grid' },
  { tags: ['00880200'], clause: 'PS3.3 C.7.6.1', reason: 'the icon shows the source' },
  { tags: ['00700001', '00700084', '00700083', '00720000'], clause: 'PS3.3 C.10.5', reason: 'graphics are in the source’s pixel coordinates' },
  { tags: ['00181600', '00181602', '00181604', '00181606', '00181608', '00181610', '00181612', '00181620', '00181622', '00181623', '00181624'], clause: 'PS3.3 C.7.6.11', reason: 'the display shutter is in the source’s pixel coordinates' },
  { tags: ['00181700', '00181702', '00181704', '00181706', '00181708', '00181710', '00181712', '00181720'], clause: 'PS3.3 C.8.7.3', reason: 'the collimator is in the source’s pixel coordinates' },
  { tags: ['00186011'], clause: 'PS3.3 C.8.5.5', reason: 'ultrasound regions are in the source’s pixel coordinates' },
  { tags: ['00280034'], clause: 'PS3.3 C.7.6.3.1.7', reason: 'an aspect ratio beside a pixel spacing is not allowed' },
  { tags: ['00280008', '00280009', '00181063', '00181065', '00286010', '00286020', '00286022', '00286023', '00286030', '00286040'], clause: 'PS3.3 C.7.6.6', reason: 'the derived image has one frame' },
  { tags: ['00209161', '00209162', '00209163', '00209228', '00200242'], clause: 'PS3.3 C.7.6.16.1', reason: 'the image is no part of the source’s concatenation' },
  { tags: ['52009229', '52009230', '00209221', '00209222'], clause: 'PS3.3 C.7.6.16, C.7.6.17', reason: 'functional groups and dimensions belong to the multi-frame source' },
  { tags: ['7fe0xxxx', 'fffcfffc', '00287fe0'], clause: 'PS3.3 C.7.6.3', reason: 'pixels are written anew' },
  { tags: ['fffafffa', '4ffe0001', '04000561', '04000500', '04000550'], clause: 'PS3.3 C.12.1.1.3', reason: 'signatures and lists of changes are about the source’s bytes' },
  { tags: ['00081111', '00400241', '00400242', '00400243', '00400244', '00400245', '00400250', '00400251', '00400252', '00400253', '00400254', '00400255', '00400260', '00400280'], clause: 'PS3.3 C.7.3.1', reason: 'the performed procedure step made the source series, not this one' },
  { tags: ['0008103f', '00080014', '00080015', '00203401', '00201070'], clause: 'PS3.3 C.7.3.1, C.12.1', reason: 'said of the source series or instance by what made it' },
  { tags: ['00181000', '00181002', '00181003', '00181004', '00181005', '00181007', '00181008', '0018100a', '0018100b', '00181200', '00181201', '00181202', '00181204', '00181050', '00081010', '00181020', '00081040', '00081041'], clause: 'PS3.3 C.7.5.1, C.12.1.1.5', reason: 'the equipment of the new image is this program; the scanner is named in Contributing Equipment Sequence' },
  { tags: ['00082112', '00420013', '00081115', '00081200', '00089215', '00082111'], clause: 'PS3.3 C.12.2, C.12.4', reason: 'sources and derivation are written anew' },
  { tags: ['00280300'], clause: 'PS3.3 C.7.6.1', reason: 'whether the source was a quality control image says nothing of this one' },
  { tags: ['00880130', '00880140', '00020000', '00080001', '00080040', '00080041', '00280005', '00280040', '00280060'], clause: 'PS3.3 (retired attributes)', reason: 'retired, and about the source’s storage' },
];

/** Written anew: what the source said is true of the source only. */
export const replacedInDerived: readonly AttributeRule[] = [
  { tags: ['00080018', '0020000e', '00200011', '00200013'], clause: 'PS3.3 C.7.6.1.1.2, A.1.2.3', reason: 'another instance, in a series of its own' },
  { tags: ['00080012', '00080013', '00080021', '00080031', '00080023', '00080033'], clause: 'PS3.3 C.7.3.1, C.7.6.1, C.12.1', reason: 'when the new series and its content were made' },
  { tags: ['0008103e', '00082111', '00089215', '00082112', '00081115'], clause: 'PS3.3 C.12.2, C.12.4', reason: 'what the image is, how it was made and from what' },
  { tags: ['00080008'], clause: 'PS3.3 C.7.6.1.1.2 and the clauses of the IODs', reason: 'it is derived' },
  { tags: ['0008001c', '00189004'], clause: 'PS3.3 C.12.1, C.8.13.2.1.1', reason: 'a model drew it; it is for research' },
  { tags: ['00080070', '00081090', '00181020', '0018a001'], clause: 'PS3.3 C.7.5.1, C.12.1.1.5', reason: 'this program made it; the scanner is named as contributing' },
  { tags: ['00280010', '00280011', '00280002', '00280006', '00280100', '00280101', '00280102', '00280103', '00280106', '00280107', '7fe00010'], clause: 'PS3.3 C.7.6.3', reason: 'other pixels' },
  { tags: ['00281052', '00281053', '00281054'], clause: 'PS3.3 C.11.1', reason: 'the rescale that the new values are stored with' },
  { tags: ['00200032', '00280030', '00181164', '00182010', '00200052'], clause: 'PS3.3 C.7.6.2, C.7.4.1, C.8.11.7', reason: 'the new grid; one frame of reference for the series' },
  { tags: ['00282110'], clause: 'PS3.3 C.7.6.1.1.5', reason: 'once lossy, always lossy, also where the source says so by its transfer syntax only' },
];

/** Mended or dropped where the source has them wrong, empty or missing (repairs.ts); right ones are kept. */
export const mendedInDerived: readonly AttributeRule[] = [
  { tags: ['00080005'], clause: 'PS3.5 6.1.2', reason: 'text is UTF-8 where the source’s character set could not take ours' },
  { tags: ['00101010', '00180015', '00120063'], clause: 'PS3.5 6.2, PS3.3 C.7.1.1, C.7.3.1', reason: 'ages, body parts and de-identification methods that are none' },
  { tags: ['00200060', '00185100'], clause: 'PS3.3 C.7.3.1', reason: 'laterality beside an image laterality, patient position beside an orientation code' },
  { tags: ['0020000d'], clause: 'PS3.3 C.7.2.1', reason: 'a study without an identifier' },
  { tags: ['00180020', '00180021', '00180082'], clause: 'PS3.3 C.8.3.1', reason: 'what an MR image must say and conversions lose' },
  { tags: ['00189087'], clause: 'PS3.3 C.8.13.5.9', reason: 'a diffusion weighting that the source says in private elements only' },
  { tags: ['00180088'], clause: 'PS3.3 C.7.6.2.1.1', reason: 'a negative distance' },
  { tags: ['00281050', '00281051', '00281055', '00281056'], clause: 'PS3.3 C.11.2', reason: 'windows that cannot be applied' },
  { tags: ['00400275'], clause: 'PS3.3 10.6', reason: 'requests without their identifiers' },
  { tags: ['00080060', '00080064'], clause: 'PS3.3 C.7.3.1, C.8.6.1', reason: 'a Secondary Capture that does not say what it is or how it was made' },
];

function patternsOf(rules: readonly AttributeRule[]): readonly RegExp[] {
  return rules.flatMap((rule) => rule.tags.map((tags) => new RegExp(`^${tags.replaceAll('x', '[0-9a-f]')}$`)));
}

const patterns = patternsOf(removedFromDerived);
const anew = patternsOf(replacedInDerived);
const mended = patternsOf(mendedInDerived);

/** What the tables say of an element; `kept` when no row names it. */
export function ruleFor(tag: string): 'kept' | 'removed' | 'replaced' | 'mended' {
  if (anew.some((pattern) => pattern.test(tag))) return 'replaced';
  if (mended.some((pattern) => pattern.test(tag))) return 'mended';
  return patterns.some((pattern) => pattern.test(tag)) ? 'removed' : 'kept';
}

/** True when a row says that the element does not pass into a derived image. */
export function isRemovedFromDerived(tag: string): boolean {
  return patterns.some((pattern) => pattern.test(tag));
}
