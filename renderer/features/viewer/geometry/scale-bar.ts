/** A bar of a round length in mm that fits the space. */
export interface ScaleBar {
  readonly lengthMm: number;
  readonly lengthPx: number;
  readonly label: string;
}

/** The longest of 1, 2, 5 × 10^n mm that is at most `roomPx` long; null without a spacing. */
export function scaleBar(pxPerMm: number, roomPx: number): ScaleBar | null {
  if (!(pxPerMm > 0) || !(roomPx > 0)) return null;
  const roomMm = roomPx / pxPerMm;
  const power = 10 ** Math.floor(Math.log10(roomMm));
  const lengthMm = [5, 2, 1].map((factor) => factor * power).find((mm) => mm <= roomMm) ?? power;
  const label = lengthMm >= 10 ? `${lengthMm / 10} cm` : lengthMm >= 1 ? `${lengthMm} mm` : `${Number(lengthMm.toPrecision(1))} mm`;
  return { lengthMm, lengthPx: lengthMm * pxPerMm, label };
}
