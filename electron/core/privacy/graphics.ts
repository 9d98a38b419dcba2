/**
 * The Clean Graphics Option, PS3.15 E.3.3: drawings may stay, writing may not. No program can say what a bitmap of drawn graphics shows, so only
 * overlays that are regions of interest stay; of a presentation state's annotations the lines and points stay and the text goes.
 */
import type { DeidentifyOption } from '#contract';
import { DataSet } from '#dicom';

/** Groups of the overlays that pass. Without the option, or for graphics, none: with the plane the whole group goes. */
export function keptOverlayGroups(source: DataSet, options: ReadonlySet<DeidentifyOption>): ReadonlySet<string> {
  const kept = new Set<string>();
  if (!options.has('clean-graphics')) return kept;
  for (const { tag } of source.elements()) {
    if (/^60.[02468ace]3000$/.test(tag) && source.string(`${tag.slice(0, 4)}0040`) === 'R') kept.add(tag.slice(0, 4));
  }
  return kept;
}

/** Annotations (PS3.3 C.10.5) without their text objects; one that has nothing else goes. */
export function cleanGraphicAnnotations(items: readonly DataSet[]): DataSet[] {
  return items.flatMap((item) => {
    const left = new DataSet([...item.elements()], item.characterSets);
    left.delete('TextObjectSequence');
    return left.sequence('GraphicObjectSequence').length + left.sequence('CompoundGraphicSequence').length > 0 ? [left] : [];
  });
}
