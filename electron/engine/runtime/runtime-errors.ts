/** What ONNX Runtime throws, in the program's own words. */
import { ScanloomError } from '#contract/errors';

/** As seen from ONNX Runtime (CPU allocator, CUDA, DirectML), Dawn and V8. */
const outOfMemory = /bad_alloc|out of memory|failed to allocate|failed allocation|allocation failed|allocation of .* failed|OUTOFMEMORY|not enough memory|invalid typed array length/i;

/** First line of a runtime's message without source paths and stray control characters, at most 300 characters. */
export function briefMessage(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const line = text.replace(/[\u0000-\u001f\u007f]+/g, ' ').replace(/(?:[A-Za-z]:)?[\\/][^\s:]*[\\/]([^\s:]+)/g, '$1').trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}

/** Any failure inside ONNX Runtime as a ScanloomError; one that already is stays as it is. */
export function runtimeError(thrown: unknown, doing: string): ScanloomError {
  if (thrown instanceof ScanloomError) return thrown;
  const message = briefMessage(thrown);
  if (outOfMemory.test(message)) {
    return new ScanloomError('engine/out-of-memory', `There was not enough memory for ${doing}.`, { hint: 'Close other programs, or choose the CPU as device.', details: { runtime: message }, cause: thrown });
  }
  return new ScanloomError('engine/failed', `ONNX Runtime failed at ${doing}: ${message}`, { hint: 'Check the package with "scanloom models verify"; if it is whole, another device may work.', details: { runtime: message }, cause: thrown });
}
