/** Stands in for the DICOM worker: describes a file `SERIES-NUMBER` without reading it. */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import path from 'node:path';
import { parentPort } from 'node:worker_threads';

function describe(file) {
  const [series, number] = path.basename(file).split('-').map(Number);
  const found = statSync(file);
  const study = `2.25.${Math.floor(series / 3) + 1}`;
  const header = {
    sopInstanceUid: `${study}.${series}.${number + 1}`, sopClassUid: '1.2.840.10008.5.1.4.1.1.2', studyInstanceUid: study, seriesInstanceUid: `${study}.${series + 1}`, frameOfReferenceUid: `${study}.9`, transferSyntaxUid: '1.2.840.10008.1.2.1',
    modality: 'CT', patientName: 'Made^Up', patientId: study, patientBirthDate: '', patientSex: '', patientAge: '', studyDate: '20260101', studyTime: '', studyDescription: '', accessionNumber: '', seriesNumber: 1, seriesDescription: '',
    seriesDate: '', seriesTime: '', protocolName: '', instanceNumber: number, acquisitionNumber: null, acquisitionTime: '', contentTime: '', triggerTimeMs: null, imageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'], rows: 512, columns: 512, frames: 1,
    samplesPerPixel: 1, photometricInterpretation: 'MONOCHROME2', planarConfiguration: 0, bitsAllocated: 16, bitsStored: 16, highBit: 15, pixelRepresentation: 1, floatPixels: null, pixelSpacingMm: [0.5, 0.5], sliceThicknessMm: 1,
    spacingBetweenSlicesMm: null, position: [0, 0, number], orientation: [1, 0, 0, 0, 1, 0], rescale: { slope: 1, intercept: -1024, type: 'HU' }, units: '', windows: [{ center: 40, width: 400 }], manufacturer: '', model: '', stationName: '',
    institutionName: '', softwareVersions: [], kvp: null, exposure: null, tubeCurrentMa: null, convolutionKernel: '', echoTime: null, repetitionTime: null, inversionTime: null, flipAngle: null, sequenceName: '', magneticFieldStrength: null,
    contrastAgent: '', temporalPosition: null, diffusionBValue: null, diffusionDirection: null, echoNumber: null, gantryTilt: null, burnedInAnnotation: '', syntheticData: '', contentQualification: '', derivationDescription: '', bodyPart: '',
    patientPosition: '', pixelPaddingValue: null, pixelPaddingRangeLimit: null, smallestPixelValue: null, largestPixelValue: null, frameTimeMs: null, hasPixels: true, lossy: false, hasModalityLut: false, framesGeometry: null,
  };
  return { header, notices: [], sha256: createHash('sha256').update(file).digest('hex'), sizeBytes: found.size, mtimeMs: found.mtimeMs };
}

parentPort.on('message', ({ id, path: file, files }) => {
  const result = files === undefined ? describe(file) : { answers: files.map((one) => ({ ok: true, result: describe(one.path) })) };
  parentPort.postMessage({ id, ok: true, result });
});
