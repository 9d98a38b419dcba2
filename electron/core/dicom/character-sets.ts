/**
 * Text of an element ⇄ string: PS3.3 C.12.1.1.2 (defined terms) and PS3.5 6.1 with ISO 2022 code extensions.
 * The decoders are the platform's own (Node with full ICU); what DICOM adds is which one holds where.
 */
import { ScanloomError } from '#contract/errors';

type Decode = (bytes: Uint8Array) => string;

function platform(label: string): Decode {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  return (bytes) => (decoder ??= new TextDecoder(label)).decode(bytes);
}

/** Each byte is a letter. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function withHighBits(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => byte | 0x80);
}

const eucJp = platform('euc-jp');
/** Graphic sets by ISO-IR number. Single-byte sets fill G1 (bytes from 0x80); those of Japan lie in G0. */
const sets = {
  latin1: latin1 as Decode,
  latin2: platform('iso-8859-2'),
  latin3: platform('iso-8859-3'),
  latin4: platform('iso-8859-4'),
  cyrillic: platform('iso-8859-5'),
  arabic: platform('iso-8859-6'),
  greek: platform('iso-8859-7'),
  hebrew: platform('iso-8859-8'),
  latin5: platform('iso-8859-9'),
  latin9: platform('iso-8859-15'),
  thai: platform('windows-874'),
  japanese: platform('shift_jis'),
  korean: platform('euc-kr'),
  chinese: platform('gbk'),
  gb18030: platform('gb18030'),
  utf8: platform('utf-8'),
  kanji: (bytes: Uint8Array): string => eucJp(withHighBits(bytes)),
  supplementaryKanji: (bytes: Uint8Array): string => {
    const out: number[] = [];
    for (let i = 0; i + 1 < bytes.length; i += 2) out.push(0x8f, bytes[i]! | 0x80, bytes[i + 1]! | 0x80);
    return eucJp(Uint8Array.from(out));
  },
};

/** Terms that need no escape sequences; the same numbers serve `ISO 2022 IR n` as the first value. */
const singleSets: Readonly<Record<string, Decode>> = {
  '6': latin1, '100': sets.latin1, '101': sets.latin2, '109': sets.latin3, '110': sets.latin4, '144': sets.cyrillic, '127': sets.arabic, '126': sets.greek,
  '138': sets.hebrew, '148': sets.latin5, '203': sets.latin9, '13': sets.japanese, '166': sets.thai,
};

/** Escape sequence (after ESC) → which half it fills, with how many bytes a character (PS3.3 tables C.12-3, C.12-4). */
const escapes: readonly { readonly bytes: string; readonly half: 0 | 1; readonly decode: Decode; readonly width: 1 | 2 }[] = [
  { bytes: '$(D', half: 0, decode: sets.supplementaryKanji, width: 2 },
  { bytes: '$)C', half: 1, decode: sets.korean, width: 2 },
  { bytes: '$)A', half: 1, decode: sets.chinese, width: 2 },
  { bytes: '$B', half: 0, decode: sets.kanji, width: 2 },
  { bytes: '(B', half: 0, decode: latin1, width: 1 },
  { bytes: '(J', half: 0, decode: latin1, width: 1 },
  { bytes: ')I', half: 1, decode: sets.japanese, width: 1 },
  { bytes: '-A', half: 1, decode: sets.latin1, width: 1 },
  { bytes: '-B', half: 1, decode: sets.latin2, width: 1 },
  { bytes: '-C', half: 1, decode: sets.latin3, width: 1 },
  { bytes: '-D', half: 1, decode: sets.latin4, width: 1 },
  { bytes: '-L', half: 1, decode: sets.cyrillic, width: 1 },
  { bytes: '-G', half: 1, decode: sets.arabic, width: 1 },
  { bytes: '-F', half: 1, decode: sets.greek, width: 1 },
  { bytes: '-H', half: 1, decode: sets.hebrew, width: 1 },
  { bytes: '-M', half: 1, decode: sets.latin5, width: 1 },
  { bytes: '-b', half: 1, decode: sets.latin9, width: 1 },
  { bytes: '-T', half: 1, decode: sets.thai, width: 1 },
];

function normalised(term: string): string {
  return term.trim().toUpperCase().replaceAll('_', ' ').replace(/^ISO ?IR ?/, 'ISO IR ').replace(/^ISO ?2022 ?IR ?/, 'ISO 2022 IR ');
}

/** The set of the first value, which holds until an escape sequence says otherwise. */
function initialSet(terms: readonly string[]): Decode {
  const term = normalised(terms[0] ?? '');
  if (term === 'ISO IR 192' || term === 'UTF-8' || term === 'UTF8') return sets.utf8;
  if (term === 'GB18030') return sets.gb18030;
  if (term === 'GBK' || term === 'GB2312') return sets.chinese;
  return singleSets[/ (\d+)$/.exec(term)?.[1] ?? '6'] ?? latin1;
}

/** True when the bytes mean the same in every character set. */
export function hasOnlyAscii(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte >= 0x80 || byte === 0x1b) return false;
  return true;
}

/** Decodes bytes with escape sequences: runs of one set each, G0 back to ASCII at a line end (PS3.5 6.1.2.5.3). */
function decodeExtended(bytes: Uint8Array, initial: Decode): string {
  let g0: { decode: Decode; width: 1 | 2 } = { decode: latin1, width: 1 };
  let g1: { decode: Decode; width: 1 | 2 } = { decode: initial, width: 1 };
  let text = '';
  let start = 0;
  let i = 0;
  const flush = (): void => {
    // Within a run every byte belongs to one half.
    if (i > start) {
      const run = bytes.subarray(start, i);
      text += (run[0]! >= 0x80 ? g1 : g0).decode(run);
    }
    start = i;
  };
  while (i < bytes.length) {
    const byte = bytes[i]!;
    if (byte === 0x1b) {
      flush();
      const ahead = latin1(bytes.subarray(i + 1, i + 4));
      const escape = escapes.find((candidate) => ahead.startsWith(candidate.bytes));
      if (escape !== undefined) {
        if (escape.half === 0) g0 = escape;
        else g1 = escape;
        i += 1 + escape.bytes.length;
      } else i += 1;
      start = i;
      continue;
    }
    if (i > start && byte >= 0x80 !== bytes[start]! >= 0x80) flush();
    if ((byte === 0x0a || byte === 0x0d) && g0.width === 2) {
      flush();
      g0 = { decode: latin1, width: 1 };
    }
    i += byte < 0x80 ? Math.min(g0.width, bytes.length - i) : 1;
  }
  flush();
  return text;
}

/** Decodes the bytes of a text element. `terms` are the values of Specific Character Set (0008,0005). */
export function decodeText(bytes: Uint8Array, terms: readonly string[]): string {
  if (hasOnlyAscii(bytes)) return latin1(bytes);
  const initial = initialSet(terms);
  return bytes.includes(0x1b) ? decodeExtended(bytes, initial) : initial(bytes);
}

/**
 * Encodes text for an element under the character sets of its data set.
 *
 * @throws {ScanloomError} `dicom/invalid` when the text does not fit; DataSet.toUtf8 makes everything fit.
 */
export function encodeText(text: string, terms: readonly string[]): Uint8Array {
  if (/^[\x00-\x7f]*$/.test(text)) return Buffer.from(text, 'latin1');
  const initial = initialSet(terms);
  if (initial === sets.utf8) return Buffer.from(text, 'utf8');
  if (normalised(terms[0] ?? '').endsWith(' 100') && /^[\x00-\xff]*$/.test(text)) return Buffer.from(text, 'latin1');
  throw new ScanloomError('dicom/invalid', 'The text has letters that the character set of the file does not have.', { details: { characterSet: terms.join('\\') } });
}
