/** Instance Numbers of an enhanced series. */

/**
 * The sources' own, so that both series scroll the same way in any viewer and a number means the same place in both;
 * counted from 1 where the sources have not one each (Instance Number, (0020,0013), is a label and promises nothing).
 */
export function instanceNumbersOf(images: readonly { readonly instanceNumber: number | null }[]): number[] {
  const own = images.map(({ instanceNumber }) => instanceNumber).filter((number) => number !== null && Number.isInteger(number)).map(Number);
  return new Set(own).size === images.length ? own : images.map((_, frame) => frame + 1);
}
