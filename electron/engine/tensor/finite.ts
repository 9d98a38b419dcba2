/** Whether every value is a number and finite. A plain loop: with a callback a value it would take as long as blending. */
export function allFinite(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i += 1) if (!Number.isFinite(values[i])) return false;
  return true;
}
