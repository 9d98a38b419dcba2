/**
 * DICOM: an enhanced series as a new series in its study, a synthetic image as a study of a subject that does not exist; by choice compressed without loss,
 * as a file-set with DICOMDIR, and with a map of what the model added.
 */
import { encodeFile, parseDicom } from '#dicom';
import { fileSetMark } from '../marks.ts';
import { frameFileName } from '../names.ts';
import { writeDifferenceMap } from './difference-map.ts';
import { dicomdirName, verifyDicomdir, writeExportDicomdir } from './dicomdir.ts';
import { enhancedFiles, type EnhancedFile } from './enhanced-images.ts';
import { readBackImage } from './read-back.ts';
import { syntheticImage } from './synthetic-images.ts';
import { verifyDicomItem } from './verify-dicom.ts';
import type { FormatChoice, FormatWriter, ItemPlace, WrittenFile } from '../format.ts';
import type { ExportSource } from '../types.ts';

/** Folders of a file-set: names of at most eight upper case characters (PS3.10 8.5), which still say what a model did. */
const fileSetFolder = { enhanced: 'ENHANCED', synthetic: 'SYNTHTIC' } as const;

function pathOf(source: ExportSource, place: ItemPlace, frame: number | null, choice: FormatChoice): string {
  if (choice.dicom.fileSet) return `${place.folder}/${place.name}${String((frame ?? 0) + 1).padStart(5, '0')}`;
  return `${place.folder}/${frame === null ? `${place.name}.dcm` : frameFileName(place.name, frame, source.item.frames, 'dcm')}`;
}

export const dicomFormat: FormatWriter = {
  format: 'dicom',
  label: 'DICOM',
  description: 'Derived objects with the source’s geometry and rescale; a synthetic image is a patient, a study and a frame of reference of its own.',
  values: 'rounded',
  hasSidecar: false,

  estimateBytes: ({ item }, { dicom }) => item.frames * (item.rows * item.columns * (dicom.differenceMaps && item.provenance === 'enhanced' ? 6 : 2) + 8192),

  placeOf: ({ item }, baseName, { position, dicom }) =>
    dicom.fileSet ? { folder: `DICOM/${fileSetFolder[item.provenance]}/S${String(position + 1).padStart(7, '0')}`, name: fileSetMark[item.provenance] } : { folder: `dicom/${baseName}`, name: baseName },

  async writeItem(source, place, stage, scanloom, choice) {
    const files: WrittenFile[] = [];
    const images: readonly EnhancedFile[] = source.item.provenance === 'enhanced'
      ? await enhancedFiles(source, scanloom)
      : Array.from({ length: source.item.frames }, (_, frame) => ({ frame, bytes: () => syntheticImage(source, frame, scanloom) }));
    for (const { frame, bytes } of images) {
      const path = pathOf(source, place, frame, choice);
      const plain = await bytes();
      await stage.write(path, choice.dicom.transferSyntax === 'explicit' ? plain : await encodeFile(parseDicom(plain), choice.dicom.transferSyntax));
      files.push({ path, role: 'image', frame });
    }
    if (choice.dicom.differenceMaps && source.item.provenance === 'enhanced') {
      const path = choice.dicom.fileSet ? `${place.folder}/${place.name}_MAP` : `${place.folder}/${place.name}-difference.dcm`;
      await writeDifferenceMap(source, files, path, stage, scanloom);
      files.push({ path, role: 'map', frame: null });
    }
    return { files, scale: null };
  },

  async readBack(source, written, stage) {
    for (const file of written.files) if (file.role === 'image') await readBackImage(source, file, stage);
  },

  async finish(written, stage, exportId, { dicom }) {
    if (!dicom.fileSet) return [];
    await writeExportDicomdir(written, stage, exportId);
    return [{ path: dicomdirName, role: 'index', frame: null }];
  },

  verifyItem: verifyDicomItem,
  verifyIndex: verifyDicomdir,
};
