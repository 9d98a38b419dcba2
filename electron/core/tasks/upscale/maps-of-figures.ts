/** MR images whose pixels are figures of something else than tissue: no network that learned anatomy can add detail to them. */

/** Values 3 and 4 of Image Type or Frame Type (PS3.3 C.8.3.1.1.1, C.8.13.3.1.1), with what scanners write there. */
const figures: ReadonlySet<string> = new Set([
  'P', 'PHASE', 'PHASE MAP', 'PHASE SUBTRACT', 'PHASE_MAP', 'I', 'IMAGINARY', 'FIELD MAP', 'FIELD_MAP', 'B0', 'B0 MAP', 'B0_MAP', 'VELOCITY', 'VELOCITY MAP', 'VELOCITY_MAP',
  'ADC', 'ADC MAP', 'ADC_MAP', 'DIFFUSION MAP', 'FA', 'TENSOR', 'T1 MAP', 'T1_MAP', 'T2 MAP', 'T2_MAP', 'T2_STAR MAP', 'DENSITY MAP',
]);

/**
 * Whether an image shows phases, fields, velocities or fitted parameters.
 *
 * @param imageType All values of Image Type (0008,0008), or of the frame's Frame Type (0008,9007).
 */
export function isMapOfFigures(imageType: readonly string[]): boolean {
  return imageType.slice(2).some((value) => figures.has(value.trim().toUpperCase()));
}
