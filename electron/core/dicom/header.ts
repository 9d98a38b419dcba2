/** What a file says of its image, as plain data: the attributes the program lists, orders, windows and prints in corners. */
import { orientationOf, spacingOf, vector3, windowsOf } from './attributes.ts';
import { frameTimeOf, frameTimesOf } from './cine.ts';
import { privateBValue } from './private-b-value.ts';
import { framesGeometry, sharedGroups } from './functional-groups.ts';
import { imageParts } from './image-parts.ts';
import { mappedUnits } from './parametric-map/real-world-value.ts';
import { overlayPlanes } from './overlays.ts';
import { pixelLayout } from './pixel-layout.ts';
import { imageRescale } from './rescale.ts';
import { suvScale } from './suv.ts';
import { transferSyntaxes } from './transfer-syntaxes.ts';
import type { DataSet } from './data-set.ts';
import type { DicomFile, ImageHeader } from './types.ts';

/** More segments are not named in a header: it is kept for every image. */
const largestSegmentList = 256;

/**
 * Describes the image of a file. Enhanced objects are described by their shared functional groups, with one entry a frame in `framesGeometry`.
 *
 * @throws {ScanloomError} `dicom/invalid` when Number of Frames is not a number.
 */
export function describeImage(file: DicomFile): ImageHeader {
  const { dataset, meta } = file;
  const layout = pixelLayout(dataset, file.skippedPixels);
  const modality = dataset.string('Modality');
  // Enhanced objects keep position, spacing, rescale and window in functional groups (PS3.3 C.7.6.16).
  const shared = sharedGroups(dataset);
  const text = (key: string): string => dataset.string(key);
  const number = (key: string): number | null => dataset.number(key) ?? shared.number(key);
  const frames = framesGeometry(dataset, layout.frames, modality);
  const first = frames?.[0];
  const windows = windowsOf(dataset);
  const overlays = overlayPlanes(dataset).map(({ group }) => group);
  const syntax = transferSyntaxes[file.transferSyntaxUid];
  const units = mappedUnits(dataset.sequence('RealWorldValueMappingSequence'));
  const presentation = text('PixelPresentation');
  const hasPixels = file.pixelDataSkipped || dataset.has('PixelData') || dataset.has('FloatPixelData') || dataset.has('DoubleFloatPixelData');
  return {
    sopInstanceUid: text('SOPInstanceUID') || meta.string('MediaStorageSOPInstanceUID'),
    sopClassUid: text('SOPClassUID') || meta.string('MediaStorageSOPClassUID'),
    studyInstanceUid: text('StudyInstanceUID'),
    seriesInstanceUid: text('SeriesInstanceUID'),
    frameOfReferenceUid: text('FrameOfReferenceUID'),
    transferSyntaxUid: file.transferSyntaxUid,
    modality,
    patientName: text('PatientName'),
    patientId: text('PatientID'),
    patientBirthDate: text('PatientBirthDate'),
    patientSex: text('PatientSex'),
    patientAge: text('PatientAge'),
    studyDate: text('StudyDate'),
    studyTime: text('StudyTime'),
    studyDescription: text('StudyDescription'),
    accessionNumber: text('AccessionNumber'),
    seriesNumber: dataset.number('SeriesNumber'),
    seriesDescription: text('SeriesDescription'),
    seriesDate: text('SeriesDate'),
    seriesTime: text('SeriesTime'),
    protocolName: text('ProtocolName'),
    instanceNumber: dataset.number('InstanceNumber'),
    acquisitionNumber: dataset.number('AcquisitionNumber'),
    acquisitionTime: text('AcquisitionTime') || text('AcquisitionDateTime'),
    contentTime: text('ContentTime'),
    triggerTimeMs: number('TriggerTime'),
    imageType: dataset.strings('ImageType'),
    rows: layout.rows,
    columns: layout.columns,
    frames: layout.frames,
    samplesPerPixel: layout.samples,
    photometricInterpretation: layout.photometricInterpretation,
    planarConfiguration: layout.planarConfiguration,
    bitsAllocated: layout.bitsAllocated,
    bitsStored: layout.bitsStored,
    highBit: layout.highBit,
    pixelRepresentation: layout.pixelRepresentation,
    floatPixels: layout.floatPixels,
    pixelSpacingMm: spacingOf(dataset, 'PixelSpacing') ?? first?.pixelSpacingMm ?? spacingOf(dataset, 'ImagerPixelSpacing') ?? spacingOf(dataset, 'NominalScannedPixelSpacing'),
    ...projectionOf(dataset),
    sliceThicknessMm: dataset.number('SliceThickness') ?? first?.sliceThicknessMm ?? null,
    spacingBetweenSlicesMm: number('SpacingBetweenSlices'),
    position: vector3(dataset, 'ImagePositionPatient') ?? first?.position ?? null,
    orientation: orientationOf(dataset) ?? first?.orientation ?? null,
    rescale: imageRescale(dataset, modality) ?? first?.rescale ?? null,
    units: text('Units'),
    windows: windows.length > 0 ? windows : first?.window ? [first.window] : [],
    manufacturer: text('Manufacturer'),
    model: text('ManufacturerModelName'),
    stationName: text('StationName'),
    institutionName: text('InstitutionName'),
    softwareVersions: dataset.strings('SoftwareVersions'),
    kvp: number('KVP'),
    exposure: number('Exposure') ?? number('ExposureInmAs'),
    tubeCurrentMa: number('XRayTubeCurrent') ?? number('XRayTubeCurrentInmA'),
    convolutionKernel: text('ConvolutionKernel') || shared.string('ConvolutionKernel'),
    echoTime: dataset.number('EchoTime') ?? first?.echoTime ?? number('EffectiveEchoTime'),
    repetitionTime: number('RepetitionTime'),
    inversionTime: number('InversionTime'),
    flipAngle: number('FlipAngle'),
    sequenceName: text('SequenceName') || text('PulseSequenceName'),
    magneticFieldStrength: number('MagneticFieldStrength'),
    contrastAgent: text('ContrastBolusAgent'),
    temporalPosition: dataset.number('TemporalPositionIdentifier'),
    diffusionBValue: dataset.number('DiffusionBValue') ?? privateBValue(dataset),
    diffusionDirection: vector3(dataset, 'DiffusionGradientOrientation'),
    echoNumber: dataset.number('EchoNumbers'),
    gantryTilt: number('GantryDetectorTilt'),
    burnedInAnnotation: text('BurnedInAnnotation'),
    syntheticData: text('SyntheticData'),
    contentQualification: text('ContentQualification'),
    derivationDescription: text('DerivationDescription'),
    bodyPart: text('BodyPartExamined'),
    patientPosition: text('PatientPosition'),
    pixelPaddingValue: dataset.number('PixelPaddingValue'),
    pixelPaddingRangeLimit: dataset.number('PixelPaddingRangeLimit'),
    smallestPixelValue: dataset.number('SmallestImagePixelValue'),
    largestPixelValue: dataset.number('LargestImagePixelValue'),
    frameTimeMs: frameTimeOf(dataset),
    ...present('frameTimesMs', frameTimesOf(dataset)),
    hasPixels,
    lossy: text('LossyImageCompression') === '01' || syntax?.lossy === 'only',
    hasModalityLut: dataset.sequence('ModalityLUTSequence').length > 0,
    ...present('voiTables', dataset.sequence('VOILUTSequence').length || null),
    ...present('overlayGroups', overlays.length === 0 ? null : overlays),
    ...(/^(COLOR|MIXED)/.test(text('PixelPresentation')) && layout.samples === 1 && dataset.has('RedPaletteColorLookupTableDescriptor') ? { coloured: true } : {}),
    ...(text('PresentationLUTShape') === 'INVERSE' ? { inverted: true } : {}),
    ...present('suv', suvScale(dataset)),
    ...present('pixelPresentation', presentation === '' || presentation === 'MONOCHROME' ? null : presentation),
    ...present('mappedUnits', units.length === 0 ? null : units),
    ...present('segments', modality === 'SEG' ? segmentsOf(dataset) : null),
    ...imageParts(dataset, layout.rows, layout.columns),
    framesGeometry: frames,
  };
}

/** A field that most headers do not have is left out of them: a header is kept for each of a million images. */
function present<Key extends string, Value>(key: Key, value: Value | null): { readonly [K in Key]?: Value } {
  return value === null ? {} : ({ [key]: value } as { readonly [K in Key]: Value });
}

/** Numbers and labels that a segmentation describes its segments by (PS3.3 C.8.20.4). */
function segmentsOf(dataset: DataSet): NonNullable<ImageHeader['segments']> {
  return dataset.sequence('SegmentSequence').slice(0, largestSegmentList).flatMap((item) => {
    const number = item.number('SegmentNumber');
    return number === null ? [] : [{ number, label: item.string('SegmentLabel').trim().slice(0, 64) }];
  });
}

/** What images without a place in space say of their size and sides. */
function projectionOf(dataset: DataSet): Pick<ImageHeader, 'spacingCalibrated' | 'patientOrientation'> {
  const [own, imager] = [spacingOf(dataset, 'PixelSpacing'), spacingOf(dataset, 'ImagerPixelSpacing')];
  const isCalibrated = own !== null && (dataset.string('PixelSpacingCalibrationType') !== '' || (imager !== null && own.some((mm, i) => Math.abs(mm - imager[i]!) > 1e-6)));
  const [row = '', column = ''] = dataset.strings('PatientOrientation').map((words) => words.trim());
  const isNamed = orientationOf(dataset) === null && [row, column].every((words) => /^[APRLHF]{1,3}$/.test(words));
  return { ...(isCalibrated ? { spacingCalibrated: true } : {}), ...(isNamed ? { patientOrientation: [row, column] } : {}) };
}
