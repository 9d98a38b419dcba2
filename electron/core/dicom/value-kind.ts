/** What an image's values stand for where no unit says it: images of different kinds are not read in one window. */
import { words } from './assemble/label-stacks.ts';
import type { ImageHeader } from './types.ts';

const longest = 60;

/**
 * `magnitude`, `phase`, `field map`, `ADC` …: the values of Image Type or Frame Type from the third on that have a name, else the third as it stands;
 * then the Rescale Type, where it names more than `US` (unspecified). '' where the file says nothing.
 */
export function valueKind(header: Pick<ImageHeader, 'imageType' | 'framesGeometry' | 'rescale'>, frame: number): string {
  const own = header.framesGeometry?.[frame];
  const types = (own?.frameType ?? header.imageType).slice(2).map((type) => type.trim().toUpperCase().replaceAll('_', ' '));
  const known = [...new Set(types.flatMap((type) => words[type] ?? []))];
  const rescaleType = (own?.rescale ?? header.rescale)?.type ?? '';
  return [...(known.length > 0 ? known : [types[0]?.toLowerCase() ?? '']), rescaleType === 'US' ? '' : rescaleType].filter((part) => part !== '').join(' ').slice(0, longest);
}
