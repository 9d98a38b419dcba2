/** What lies in a file's bytes: a DICOM object, or a NIfTI image read as one. The last NIfTI is kept, because its slices are asked for one after the other. */
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { limits } from '#base';
import { ScanloomError } from '#contract/errors';
import { describeImage, parseDicom, type DicomFile, type ImageHeader } from '#dicom';
import { modalityBeside } from '../nifti/modality-beside.ts';
import { niftiVersion } from '../nifti/nifti-header.ts';
import { readNifti, type NiftiImage } from '../nifti/nifti-image.ts';

const gunzipped = promisify(gunzip);
let last: { readonly sha256: string; readonly image: NiftiImage } | null = null;

export interface ReadImage {
  readonly file: DicomFile;
  /** Made when it is asked for: decoding a frame of a DICOM object does without. */
  header(): ImageHeader;
}

/**
 * @param sha256 Of `bytes`.
 * @param place  Where the file lies; its name tells a packed NIfTI from any other gzip file.
 * @throws ScanloomError `dicom/…`
 */
export async function readImage(bytes: Uint8Array, sha256: () => string, place: string): Promise<ReadImage> {
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b && /\.nii\.gz$/i.test(place);
  if (!isPacked && niftiVersion(bytes.subarray(0, 540)) === null) {
    const file = parseDicom(bytes);
    return { file, header: () => describeImage(file) };
  }
  const digest = sha256();
  if (last?.sha256 !== digest) {
    const unpacked = isPacked ? await unpack(bytes) : bytes;
    last = { sha256: digest, image: readNifti(unpacked, digest, path.basename(place), await modalityBeside(place)) };
  }
  const { file, header } = last.image;
  return { file, header: () => header };
}

async function unpack(bytes: Uint8Array): Promise<Uint8Array> {
  try {
    return new Uint8Array(await gunzipped(bytes, { maxOutputLength: Math.min(limits.sourceFileBytes, Math.max(limits.archiveFreeBytes, bytes.byteLength * limits.archiveRatio)) }));
  } catch (thrown) {
    if ((thrown as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') throw new ScanloomError('dicom/too-large', 'The packed NIfTI file unpacks to more than can be read.', { cause: thrown });
    throw new ScanloomError('dicom/truncated', 'The packed NIfTI file is damaged or was cut off.', { hint: 'Get it again from where it came from.', cause: thrown });
  }
}
