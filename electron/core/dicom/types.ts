/** The shapes that leave this room. All are plain data but DataSet; an ImageHeader can be kept as JSON. */
import type { Oddity } from '#contract/study';
import type { DataSet } from './data-set.ts';
import type { UltrasoundRegion } from './image-parts.ts';
import type { SkippedPixels } from './skipped-pixels.ts';

export type { Oddity };

/** Encapsulated pixel data as in the file (PS3.5 A.4): offset table item and fragments, untouched. */
export interface EncapsulatedPixels {
  readonly kind: 'encapsulated';
  /** Bytes of the Basic Offset Table item; empty when there is none. */
  readonly offsetTable: Uint8Array;
  readonly fragments: readonly Uint8Array[];
}

/** One element. Bytes are little endian whatever the file's byte order was; what is not touched is written back unchanged. */
export interface DataElement {
  /** `ggggeeee`, lower-case hex. */
  readonly tag: string;
  /** Two letters, as in the file, or from the dictionary when the file is implicit. */
  readonly vr: string;
  readonly value: Uint8Array | readonly DataSet[] | EncapsulatedPixels;
}

export interface DicomFile {
  /** File Meta Information (group 0002); empty when the file had none. */
  readonly meta: DataSet;
  readonly dataset: DataSet;
  /** As declared, or as recognised from the bytes when the file has no meta group. */
  readonly transferSyntaxUid: string;
  /** What was wrong but could be read past, in words. */
  readonly notices: readonly string[];
  /** True when reading stopped before the pixel data: it is in the file, not in `dataset`. */
  readonly pixelDataSkipped: boolean;
  /** What was left out then. */
  readonly skippedPixels?: readonly SkippedPixels[];
}

export type Vector3 = readonly [number, number, number];
/** Row cosines then column cosines, LPS (PS3.3 C.7.6.2). */
export type Orientation = readonly [number, number, number, number, number, number];

export interface WindowSetting {
  readonly center: number;
  readonly width: number;
  readonly explanation?: string;
  /** VOI LUT Function, `LINEAR` unless the file says otherwise (C.11.2.1.3). */
  readonly function?: 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';
}

export interface Rescale {
  readonly slope: number;
  readonly intercept: number;
  /** Rescale Type, `HU` for CT when absent, '' when unknown. */
  readonly type: string;
}

/** What one frame of an enhanced object says for itself (per-frame functional groups, else the shared ones). */
export interface FrameGeometry {
  readonly position: Vector3 | null;
  readonly orientation: Orientation | null;
  readonly pixelSpacingMm: readonly [number, number] | null;
  readonly sliceThicknessMm: number | null;
  readonly rescale: Rescale | null;
  readonly window: WindowSetting | null;
  /** Groups frames of one place apart: time, echo, b-value, phase, as the file counts them. */
  readonly temporalPosition: number | null;
  readonly echoTime: number | null;
  readonly diffusionBValue: number | null;
  readonly stackId: string | null;
  /** Referenced Segment Number of a segmentation's frame. */
  readonly segmentNumber: number | null;
  readonly dimensionIndex: readonly number[];
  /** Frame Type (0008,9007), where the frame has its own; absent where it does not. */
  readonly frameType?: readonly string[];
  /** s/mm² are in `diffusionBValue`; this is where the gradient points, as a unit vector; absent where there is none. */
  readonly diffusionDirection?: Vector3;
  /** Units of its own Real World Value Mappings; absent where it has none. */
  readonly mappedUnits?: readonly string[];
}

/** Everything the program wants to know of an image without its pixels. JSON. Absent text is '', absent numbers are null. */
export interface ImageHeader {
  readonly sopInstanceUid: string;
  readonly sopClassUid: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly frameOfReferenceUid: string;
  readonly transferSyntaxUid: string;
  readonly modality: string;
  readonly patientName: string;
  readonly patientId: string;
  readonly patientBirthDate: string;
  readonly patientSex: string;
  readonly patientAge: string;
  readonly studyDate: string;
  readonly studyTime: string;
  readonly studyDescription: string;
  readonly accessionNumber: string;
  readonly seriesNumber: number | null;
  readonly seriesDescription: string;
  readonly seriesDate: string;
  readonly seriesTime: string;
  readonly protocolName: string;
  readonly instanceNumber: number | null;
  readonly acquisitionNumber: number | null;
  readonly acquisitionTime: string;
  readonly contentTime: string;
  readonly triggerTimeMs: number | null;
  readonly imageType: readonly string[];
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly samplesPerPixel: number;
  readonly photometricInterpretation: string;
  readonly planarConfiguration: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly pixelRepresentation: 0 | 1;
  /** Float Pixel Data or Double Float Pixel Data instead of integers. */
  readonly floatPixels: 'float32' | 'float64' | null;
  /** [row spacing, column spacing], mm. Pixel Spacing; for projection images the Imager Pixel Spacing when that is all there is. */
  readonly pixelSpacingMm: readonly [number, number] | null;
  /** Projections: the spacing was corrected for magnification (a calibration is named, or it differs from that at the detector, PS3.3 10.7.1.3). */
  readonly spacingCalibrated?: boolean;
  /** Patient Orientation (0020,0020): where rows and columns lead, as `L`, `F`, `AR`; for images without cosines. */
  readonly patientOrientation?: readonly [string, string];
  readonly sliceThicknessMm: number | null;
  /** What the file claims; positions decide (C.7.6.2.1.1). */
  readonly spacingBetweenSlicesMm: number | null;
  /** Centre of the first pixel, LPS, mm. */
  readonly position: Vector3 | null;
  readonly orientation: Orientation | null;
  readonly rescale: Rescale | null;
  /** PET Units (0054,1001): `BQML`, `CNTS`, … */
  readonly units: string;
  readonly windows: readonly WindowSetting[];
  readonly manufacturer: string;
  readonly model: string;
  readonly stationName: string;
  readonly institutionName: string;
  readonly softwareVersions: readonly string[];
  readonly kvp: number | null;
  /** mAs. */
  readonly exposure: number | null;
  readonly tubeCurrentMa: number | null;
  readonly convolutionKernel: string;
  /** ms. */
  readonly echoTime: number | null;
  /** ms. */
  readonly repetitionTime: number | null;
  readonly inversionTime: number | null;
  readonly flipAngle: number | null;
  readonly sequenceName: string;
  readonly magneticFieldStrength: number | null;
  readonly contrastAgent: string;
  readonly temporalPosition: number | null;
  readonly diffusionBValue: number | null;
  readonly diffusionDirection: Vector3 | null;
  readonly echoNumber: number | null;
  /** Degrees; 0 or null when not tilted. */
  readonly gantryTilt: number | null;
  readonly burnedInAnnotation: string;
  /** `YES`, `NO` or ''. */
  readonly syntheticData: string;
  readonly contentQualification: string;
  readonly derivationDescription: string;
  readonly bodyPart: string;
  readonly patientPosition: string;
  /** Stored value, before the modality LUT. */
  readonly pixelPaddingValue: number | null;
  readonly pixelPaddingRangeLimit: number | null;
  readonly smallestPixelValue: number | null;
  readonly largestPixelValue: number | null;
  readonly frameTimeMs: number | null;
  /** True when Pixel Data of any of the three kinds is there. */
  readonly hasPixels: boolean;
  /** True when Lossy Image Compression is 01 or the transfer syntax can only be lossy. */
  readonly lossy: boolean;
  /** The file has a Modality LUT Sequence instead of slope and intercept. */
  readonly hasModalityLut: boolean;
  /** How long each frame is shown, where they differ (Frame Time Vector). */
  readonly frameTimesMs?: readonly number[];
  /** Items of the VOI LUT Sequence. */
  readonly voiTables?: number;
  /** Groups of overlay planes, 0x6000 … */
  readonly overlayGroups?: readonly number[];
  /** A supplemental palette: stored values from its first on are colours, not values (PS3.3 C.8.16.2.1.1.1). */
  readonly coloured?: boolean;
  /** Presentation LUT Shape INVERSE. */
  readonly inverted?: boolean;
  /** PET only: how values become SUV, or why not. */
  readonly suv?: { readonly factor: number | null; readonly reason: string };
  /** Pixel Presentation (0008,9205) of images that are not all monochrome: `COLOR`, `MIXED`, `TRUE_COLOR`. */
  readonly pixelPresentation?: string;
  /** Units of the Real World Value Mappings of the whole image; absent where it has none. */
  readonly mappedUnits?: readonly string[];
  /** Segments that a segmentation describes, the first 256. */
  readonly segments?: readonly { readonly number: number; readonly label: string }[];
  /** Parts of an ultrasound image (Sequence of Ultrasound Regions); absent where there are none. */
  readonly regions?: readonly UltrasoundRegion[];
  /** Slices on one mosaic sheet, where the file says it. */
  readonly tiles?: number;
  /** One entry a frame, when the object is multi-frame with functional groups (or NM/RT vectors that give positions). */
  readonly framesGeometry: readonly FrameGeometry[] | null;
  /** The file was no DICOM object but read as one; absent for DICOM. */
  readonly sourceFormat?: 'nifti';
}

export type StoredArray = Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/** One frame's stored values: row-major, samples interleaved, only the low Bits Stored bits, sign extended. */
export interface StoredFrame {
  readonly rows: number;
  readonly columns: number;
  readonly samples: number;
  readonly stored: StoredArray;
  /** After decompression: RGB for a JPEG 2000 that was YBR_RCT or YBR_ICT; YBR_FULL for an expanded YBR_FULL_422; else the header's. */
  readonly photometricInterpretation: string;
}

export interface StackInput {
  readonly id: string;
  readonly header: ImageHeader;
  /** Frames count from 0. */
  readonly frame: number;
}

export interface StackImage {
  readonly id: string;
  readonly frame: number;
  readonly positionAlongNormalMm: number | null;
  /** From 0; 0 in a stack with one time point. */
  readonly timePoint: number;
}

/** Images of one series that share orientation, spacing and kind, ordered along their normal, time point after time point. */
export interface Stack {
  readonly images: readonly StackImage[];
  readonly rows: number;
  readonly columns: number;
  /** [slice, row, column]; slice is null where no honest spacing exists; the whole is null without pixel spacing. */
  readonly spacingMm: readonly [number | null, number, number] | null;
  readonly orientation: Orientation | null;
  /** Sampled evenly enough to be treated as 3-D. */
  readonly volume: boolean;
  /** Images at each place (1 = none repeats). */
  readonly timePoints: number;
  readonly oddities: readonly Oddity[];
  /** Where a series has several stacks: what tells this one from the others, as `phase`, `TE 30 ms` or `coronal`; of a diffusion stack the b-values in any case. */
  readonly label?: string;
}

export interface AssembledSeries {
  readonly stacks: readonly Stack[];
  readonly oddities: readonly Oddity[];
  /** What was noticed, in words for people, with figures. */
  readonly notices: readonly string[];
  /** Absent for DICOM objects. */
  readonly sourceFormat?: 'nifti';
}

export interface ImageGeometry {
  readonly position: Vector3;
  readonly orientation: Orientation;
  /** [row, column]. */
  readonly spacingMm: readonly [number, number];
}

/** A code of a coding scheme: Code Value, Coding Scheme Designator, Code Meaning. */
export interface Code {
  readonly value: string;
  readonly scheme: string;
  readonly meaning: string;
}

export interface Equipment {
  readonly manufacturer: string;
  /** The model package, `id version`. */
  readonly model: string;
  readonly softwareVersions: readonly string[];
  /** Goes to Contribution Description: what the program did. */
  readonly description?: string;
}

export interface Finding {
  readonly level: 'error' | 'warning';
  readonly code: string;
  /** `ggggeeee` of the attribute concerned, '' when it is about the whole object. */
  readonly tag: string;
  readonly message: string;
}
