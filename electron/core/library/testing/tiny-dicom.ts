/** The smallest CT image that is one: Explicit VR Little Endian, 16 bits. For tests of the library; real objects lie in test-data. */

export interface TinyImage {
  readonly sop: string;
  readonly series?: string;
  readonly study?: string;
  readonly patientId?: string;
  readonly patientName?: string;
  readonly modality?: string;
  readonly sopClass?: string;
  readonly description?: string;
  readonly instanceNumber?: number;
  /** Position along z, mm. */
  readonly z?: number;
  readonly rows?: number;
  readonly columns?: number;
  readonly frames?: number;
  /** Stored value of a pixel. */
  readonly pixel?: (index: number) => number;
  readonly slope?: number;
  readonly intercept?: number;
  readonly withPixels?: boolean;
  readonly window?: { center: number; width: number };
  readonly synthetic?: boolean;
}

const longVrs = new Set(['OB', 'OW', 'SQ', 'UN', 'UT']);

function element(tag: string, vr: string, value: string | Uint8Array): Uint8Array {
  const text = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  const padded = new Uint8Array(text.length + (text.length % 2)).fill(vr === 'UI' || longVrs.has(vr) ? 0 : 32);
  padded.set(text);
  const long = longVrs.has(vr);
  const bytes = new Uint8Array((long ? 12 : 8) + padded.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Number.parseInt(tag.slice(0, 4), 16), true);
  view.setUint16(2, Number.parseInt(tag.slice(4), 16), true);
  bytes.set(new TextEncoder().encode(vr), 4);
  if (long) view.setUint32(8, padded.length, true);
  else view.setUint16(6, padded.length, true);
  bytes.set(padded, long ? 12 : 8);
  return bytes;
}

function us(value: number): Uint8Array {
  const bytes = new Uint8Array(2);
  new DataView(bytes.buffer).setUint16(0, value, true);
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** A whole file, with preamble and meta group. */
export function tinyDicom(image: TinyImage): Uint8Array {
  const rows = image.rows ?? 4;
  const columns = image.columns ?? 6;
  const frames = image.frames ?? 1;
  const sopClass = image.sopClass ?? '1.2.840.10008.5.1.4.1.1.2';
  const pixels = new Int16Array(rows * columns * frames).map((_, index) => image.pixel?.(index) ?? index);
  const meta = joined([element('00020002', 'UI', sopClass), element('00020003', 'UI', image.sop), element('00020010', 'UI', '1.2.840.10008.1.2.1')]);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, meta.length, true);
  const dataset = [
    element('00080008', 'CS', image.synthetic ? 'DERIVED\\SECONDARY' : 'ORIGINAL\\PRIMARY\\AXIAL'),
    element('00080016', 'UI', sopClass),
    element('00080018', 'UI', image.sop),
    ...(image.synthetic ? [element('0008001c', 'CS', 'YES')] : []),
    element('00080020', 'DA', '20260102'),
    element('00080060', 'CS', image.modality ?? 'CT'),
    element('00081030', 'LO', 'Study of a cube'),
    element('0008103e', 'LO', image.description ?? 'Axial'),
    element('00100010', 'PN', image.patientName ?? 'Cube^Test'),
    element('00100020', 'LO', image.patientId ?? 'P1'),
    element('0020000d', 'UI', image.study ?? '2.25.1'),
    element('0020000e', 'UI', image.series ?? '2.25.1.1'),
    element('00200011', 'IS', '1'),
    element('00200013', 'IS', String(image.instanceNumber ?? 1)),
    element('00200032', 'DS', `0\\0\\${image.z ?? 0}`),
    element('00200037', 'DS', '1\\0\\0\\0\\1\\0'),
    element('00280002', 'US', us(1)),
    element('00280004', 'CS', 'MONOCHROME2'),
    ...(frames > 1 ? [element('00280008', 'IS', String(frames))] : []),
    element('00280010', 'US', us(rows)),
    element('00280011', 'US', us(columns)),
    element('00280030', 'DS', '0.5\\0.5'),
    element('00280100', 'US', us(16)),
    element('00280101', 'US', us(16)),
    element('00280102', 'US', us(15)),
    element('00280103', 'US', us(1)),
    ...(image.window === undefined ? [] : [element('00281050', 'DS', String(image.window.center)), element('00281051', 'DS', String(image.window.width))]),
    element('00281052', 'DS', String(image.intercept ?? -1024)),
    element('00281053', 'DS', String(image.slope ?? 1)),
    ...(image.withPixels === false ? [] : [element('7fe00010', 'OW', new Uint8Array(pixels.buffer))]),
  ];
  return joined([new Uint8Array(128), new TextEncoder().encode('DICM'), element('00020000', 'UL', length), meta, ...dataset]);
}
