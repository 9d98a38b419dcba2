/**
 * The DICOM room: bytes ⇄ data set ⇄ stored values ⇄ geometry. Pure: it opens no file and no database.
 * See README.md for what it owns, promises and refuses.
 */
export type * from './types.ts';
export { DataSet } from './data-set.ts';
export { tagOf, keywordOf, vrOf, allowedVrs, isPrivateTag } from './dictionary.ts';
export type { ByteSource } from './byte-source.ts';
export { parseDicom } from './parse.ts';
export { parseHeader } from './parse-header.ts';
export { describeImage } from './header.ts';
export { encodeJpegLs } from './codecs/jpeg-ls-encode.ts';
export { transferSyntaxes } from './transfer-syntaxes.ts';
export { decodeFrame, checkPixels, storedValuesBytes } from './pixels.ts';
export { applyRescale } from './rescale.ts';
export { valueKind } from './value-kind.ts';
export { applyLookupTable, modalityTableOf } from './lookup-tables.ts';
export { overlayBits, overlayPlanes } from './overlays.ts';
export { defaultWindow, voiOptions } from './window.ts';
export { renderFrame, fitPicture, windowed, type Picture } from './render.ts';
export { contentOf, describeObject, type Content, type ObjectDescription } from './study-objects/index.ts';
export { isSegmentation, masksOnImage, matchFrames, readSegmentation, type Segmentation } from './segmentation/index.ts';
export { contoursOnImage, isStructureSet, readStructureSet, roisOnImage, type ContoursOnImage, type StructureSet } from './structure-set/index.ts';
export { isPresentationState, readPresentationState, renderWithState, type ImageReference, type PresentationStateContent } from './presentation-state/index.ts';
export type { ImagePlane } from './image-plane.ts';
export { assembleSeries } from './assemble/assemble-series.ts';
export { upscaledGeometry, normalOf } from './geometry.ts';
export { newUid, isValidUid } from './uid.ts';
export { writeDicom, type WriteOptions } from './write.ts';
export { encodeFile, outputSyntaxes, type OutputSyntax } from './encode/encode-file.ts';
export { writeDerivedImage } from './derived/write-derived.ts';
export { mendedInDerived, removedFromDerived, replacedInDerived, ruleFor, type AttributeRule } from './derived/attribute-rules.ts';
export { writeDerivedFrames } from './derived/write-enhanced.ts';
export { isEnhanced } from './derived/enhanced-kinds.ts';
export { writeSecondaryCapture } from './derived/secondary-capture.ts';
export type { CapturePixels, DerivedFrame, DerivedFramesOptions, DerivedIdentity, DerivedOptions, SecondaryCaptureOptions } from './derived/types.ts';
export { syntheticPlaneOf, writeSyntheticImage, type SyntheticOptions } from './synthetic.ts';
export { validateFile, validateObject, type ValidateOptions } from './validate/validate-object.ts';
export { setMemberOf, validateSet, type SetFinding, type SetMember } from './validate/validate-set.ts';
export { roundHalfToEven } from './quantise.ts';
export { attributeType, attributesOfIod, compositeIod, iodOf, type AttributeType, type Iod, type IodAttribute, type ModuleUsage } from './iod/iod.ts';
export { planesOf, type PlaneSource } from './multi-frame-write/planes.ts';
export type { NewObject } from './multi-frame-write/header.ts';
export { writeSegmentation } from './segmentation-write/write-segmentation.ts';
export type { SegmentAlgorithm, SegmentDescription, SegmentationOptions } from './segmentation-write/types.ts';
export { writeParametricMap, type MapQuantity, type ParametricMapOptions } from './parametric-map-write/write-parametric-map.ts';
export { isFileId, writeDicomdir, type FileSetEntry, type FileSetOptions } from './file-set/file-set.ts';
export { canBeListed } from './file-set/record-types.ts';
