/** An answer of bytes. Pixels are little endian on every platform that ONNX Runtime supports, so typed arrays go out as they are. */
export function binary(data: ArrayBufferView, contentType: string, headers: Record<string, string> = {}): Response {
  const bytes = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  // Patient data must not stay in a browser's cache on disk.
  return new Response(bytes, { headers: { 'content-type': contentType, 'content-length': String(bytes.byteLength), 'cache-control': 'no-store', ...headers } });
}
