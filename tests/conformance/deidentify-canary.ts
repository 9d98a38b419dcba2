/** Objects into which a word was planted wherever a value can stand. */
import { DataSet, writeDicom, type DataElement } from '#dicom';
import { dictionaryText } from '../../electron/core/dicom/dictionary-data.ts';
import { writeWord } from '../../electron/core/privacy/pixels/testing/bitmap-font.ts';
import { profileText } from '../../electron/core/privacy/profile-data.ts';

const textVrs = new Set(['AE', 'AS', 'CS', 'DA', 'DS', 'DT', 'IS', 'LO', 'LT', 'PN', 'SH', 'ST', 'TM', 'UC', 'UI', 'UN', 'UR', 'UT', 'OB']);
const short = new Set(['AE', 'CS', 'SH', 'AS', 'DA', 'TM', 'DS', 'IS']);
/** Of a file, not of an object; or what the object could not be read without. */
const needed = new Set(['00080005', '00080016', '00080018', '00280002', '00280004', '00280008']);

const dictionary = dictionaryText.trim().split('\n').map((line) => line.split(' ') as [string, string, string]).filter(([tag]) => !tag.includes('x'));

function element(tag: string, vr: string, text: string): DataElement {
  const bytes = Buffer.from(vr === 'CS' || vr === 'AE' ? text.toUpperCase() : text);
  return { tag, vr, value: bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.from(vr === 'UI' || vr === 'OB' ? '\0' : ' ')]) };
}

/** Every text-like attribute of the dictionary, with the word in it: alone, beside another, in the middle of a sentence, behind a zero byte. */
function everywhere(word: string, seed: number): DataElement[] {
  const ways = [(w: string) => w, (w: string) => `${w}^Ada`, (w: string) => `head ${w} axial`, (w: string) => `T1\0${w}`, (w: string) => `brain\\${w}`];
  return dictionary.filter(([tag, vr]) => textVrs.has(vr.slice(0, 2)) && tag >= '00080001' && !needed.has(tag) && !tag.startsWith('7fe0')).map(([tag, vr], at) => {
    const way = ways[(at + seed) % ways.length]!;
    return element(tag, vr.slice(0, 2), short.has(vr) ? word : way(word));
  });
}

function privates(word: string): DataElement[] {
  return [
    element('00091000', 'LO', word), element('00090010', 'LO', `${word} creator`), element('00091001', 'UN', word), element('00091002', 'OB', word), element('00091003', 'PN', word),
    { tag: '00091004', vr: 'SQ', value: [new DataSet([element('00100010', 'PN', word), element('00090010', 'LO', word), element('00091001', 'LT', word)])] },
    // A block that the table calls safe, with more in it than the table says.
    element('71090010', 'LO', 'Philips Imaging DD 001'), element('7fe10010', 'LO', word), element('7fe11001', 'OB', word),
    // No owner; an even group that the dictionary does not have; a curve, an overlay, a group length.
    element('00111001', 'LO', word), element('00085678', 'LO', word), element('50003000', 'OB', word), element('60003000', 'OB', word), element('60004000', 'LT', word), element('60001500', 'LO', word), element('fffcfffc', 'OB', word),
    element('00041130', 'CS', word),
  ];
}

const ctClass = '1.2.840.10008.5.1.4.1.1.2';

function base(instance: number, modality = 'CT'): DataSet {
  return new DataSet()
    .setString('SpecificCharacterSet', 'ISO_IR 192').setString('SOPClassUID', ctClass).setString('SOPInstanceUID', `1.2.826.0.1.3680043.1.${instance}`)
    .setString('StudyInstanceUID', '1.2.826.0.1.3680043.2').setString('SeriesInstanceUID', '1.2.826.0.1.3680043.3').setString('FrameOfReferenceUID', '1.2.826.0.1.3680043.4').setString('Modality', modality)
    .setString('PatientID', 'PID-4711').setString('PatientName', 'Lovelace^Ada').setString('ImageType', ['ORIGINAL', 'PRIMARY', 'AXIAL'])
    .setNumber('SamplesPerPixel', 1).setString('PhotometricInterpretation', 'MONOCHROME2').setNumber('Rows', 4).setNumber('Columns', 4)
    .setNumber('BitsAllocated', 16).setNumber('BitsStored', 16).setNumber('HighBit', 15).setNumber('PixelRepresentation', 0)
    .setBytes('PixelData', 'OW', new Uint8Array(32).fill(7));
}

function written(dataset: DataSet): Buffer {
  return Buffer.from(writeDicom({ dataset, sopClassUid: ctClass, sopInstanceUid: dataset.string('SOPInstanceUID'), transferSyntaxUid: '1.2.840.10008.1.2.1' }));
}

/** The word in the preamble, and in elements of the file meta group that name programs. */
export function withPassengers(file: Buffer, word: string): Buffer {
  const preamble = Buffer.alloc(128);
  preamble.write(`${word} ${word}`);
  const extra = [element('00020016', 'AE', word), element('00020102', 'OB', word)];
  const own = Buffer.concat(extra.map(({ tag, vr, value }) => {
    const bytes = value as Uint8Array;
    const head = Buffer.alloc(vr === 'OB' ? 12 : 8);
    head.writeUInt16LE(Number.parseInt(tag.slice(0, 4), 16), 0);
    head.writeUInt16LE(Number.parseInt(tag.slice(4), 16), 2);
    head.write(vr, 4);
    if (vr === 'OB') head.writeUInt32LE(bytes.length, 8);
    else head.writeUInt16LE(bytes.length, 6);
    return Buffer.concat([head, bytes]);
  }));
  // (0002,0000) stands first, with the length of all that follows in its group.
  const end = 144 + file.readUInt32LE(140);
  const group = Buffer.from(file.subarray(128, 144));
  group.writeUInt32LE(file.readUInt32LE(140) + own.length, 12);
  return Buffer.concat([preamble, group, file.subarray(144, end), own, file.subarray(end)]);
}

/** Three objects: the word at the top, nested three deep in sequences that the profile keeps, and with pixels longer than they are. */
export function plantedObjects(word: string): Buffer[] {
  const nest = (depth: number, seed: number): DataSet => {
    const set = new DataSet([...everywhere(word, seed), ...privates(word)], ['ISO_IR 192']);
    return depth === 0 ? set : set.setSequence('ReferencedSeriesSequence', [nest(depth - 1, seed + 1), new DataSet()]).setSequence('DerivationCodeSequence', [nest(0, seed + 2)]);
  };
  const whole = (instance: number, more: DataSet | null): DataSet => {
    const set = base(instance);
    for (const one of more?.elements() ?? []) if (!set.has(one.tag) || ['00100010', '00100020'].includes(one.tag)) set.set(one);
    return set.set(element('00100010', 'PN', `${word}^Ada`));
  };
  const long = whole(3, null).setBytes('PixelData', 'OW', Buffer.concat([Buffer.alloc(32, 7), Buffer.from(`${word} `)]));
  return [whole(1, nest(0, 0)), whole(2, nest(3, 3)), long].map((set) => withPassengers(written(set), word));
}

/** The word only where Table E.1-1 has a row, in private attributes and in tags that nobody knows. */
export function lonelyObject(word: string): Buffer {
  const rows = new Map(dictionary.map(([tag, vr]) => [tag, vr]));
  const set = base(9);
  for (const line of profileText.trim().split('\n')) {
    const tag = line.split(' ')[0]!;
    const vr = rows.get(tag)?.slice(0, 2);
    if (vr !== undefined && textVrs.has(vr) && tag >= '00080001' && !needed.has(tag) && vr !== 'UI') set.set(element(tag, vr, word));
  }
  for (const one of privates(word)) set.set(one);
  return written(set);
}

export function plainObject(instance: number, change: (dataset: DataSet) => DataSet = (dataset) => dataset): Buffer {
  return written(change(base(instance).setString('StudyDate', '20200229').setString('SeriesDescription', 'Chest of Lovelace axial 1.25mm')));
}

/** A grey picture of 128 × 192 with soft anatomy, and a name written into its upper left corner. */
export function writtenOnObject(text: string): Buffer {
  const [rows, columns] = [128, 192];
  const pixels = new Uint16Array(rows * columns);
  for (let row = 0; row < rows; row += 1) for (let column = 0; column < columns; column += 1) pixels[row * columns + column] = Math.round(900 * Math.exp(-(((row - 74) / 40) ** 2) - ((column - 100) / 55) ** 2) + 20 * Math.sin(row / 9) + 40);
  const writing = writeWord(text, 10, false, false);
  for (let row = 0; row < writing.rows; row += 1) for (let column = 0; column < writing.columns; column += 1) if (writing.cover[row * writing.columns + column]! > 0.5) pixels[(row + 6) * columns + column + 8] = 1600;
  return written(base(77, 'US').setNumber('Rows', rows).setNumber('Columns', columns).setBytes('PixelData', 'OW', new Uint8Array(pixels.buffer)));
}
