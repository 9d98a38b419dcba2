/**
 * What the library asks of its DICOM workers and what they answer. The envelope is that of the worker pool in `#base`:
 * `{id, op, …}` in; `{id, ok: true, result}` or `{id, ok: false, error: ErrorBody}` out. Typed arrays are transferred.
 */
import { z } from 'zod';
import { ErrorBody } from '#contract/errors';
import { Sha256 } from '#contract/ids';
import type { ImageHeader, ObjectDescription, StoredFrame } from '#dicom';
import type { TextBox } from '#privacy';
import { ObjectQuestion, type ObjectAnswer } from './object-questions.ts';

/** `bytes` is the file itself where it lay in an archive; `name` is how people know it. */
export const FileToDescribe = z.object({ path: z.string(), bytes: z.instanceof(Uint8Array).optional(), name: z.string().optional() });
export type FileToDescribe = z.infer<typeof FileToDescribe>;

export const WorkerRequest = z.discriminatedUnion('op', [
  /** Reads the whole file once: its digest and its header. */
  FileToDescribe.extend({ id: z.int(), op: z.literal('describe') }),
  /** The same of several small files, one answer each. */
  z.object({ id: z.int(), op: z.literal('describe-several'), files: z.array(FileToDescribe) }),
  /** The headers of several files, of which no more is read than that. */
  z.object({ id: z.int(), op: z.literal('headers'), files: z.array(FileToDescribe) }),
  /** One frame's stored values, with the digest of the file that they came from. */
  z.object({ id: z.int(), op: z.literal('decode'), path: z.string(), frame: z.int().min(0) }),
  /** SHA-256 of the stored values of all frames (as `inspect --hash` prints it), with the header. */
  FileToDescribe.extend({ id: z.int(), op: z.literal('hash') }),
  /** A PNG of one frame in its default window, `size` pixels at most on each side. */
  z.object({ id: z.int(), op: z.literal('thumbnail'), path: z.string(), frame: z.int().min(0), size: z.int().min(16).max(1024) }),
  /** About a segmentation, report, presentation state …, or how one image asks to be shown. */
  z.object({ id: z.int(), op: z.literal('object'), path: z.string(), question: ObjectQuestion }),
  /** Writing in the pixels of an image, as `#privacy` finds it. */
  z.object({ id: z.int(), op: z.literal('search-text'), path: z.string() }),
  /** The files that a DICOMDIR names. */
  z.object({ id: z.int(), op: z.literal('file-set'), path: z.string() }),
]);
export type WorkerRequest = z.infer<typeof WorkerRequest>;

export interface DescribeResult {
  readonly header: ImageHeader;
  /** What the file is beside an image, or instead of one; null for a plain image. */
  readonly object: ObjectDescription | null;
  readonly notices: readonly string[];
  /** SHA-256 of the file's bytes. */
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
}
/** Of one file: what it is, or why it was refused. */
export type HeaderAnswer = { readonly header: ImageHeader; readonly object: ObjectDescription | null } | { readonly error: ErrorBody };
export interface HeadersResult {
  /** In the order of the files that were asked for. */
  readonly answers: readonly HeaderAnswer[];
}
export interface DescribeSeveralResult {
  /** In the order of the files. */
  readonly answers: readonly ({ readonly ok: true; readonly result: DescribeResult } | { readonly ok: false; readonly error: ErrorBody })[];
}
export interface DecodeResult {
  readonly frame: StoredFrame;
  readonly sha256: string;
}
export interface HashResult {
  readonly header: ImageHeader;
  readonly object: ObjectDescription | null;
  /** Null when the object has no pixels. */
  readonly storedValuesSha256: string | null;
}
export interface ObjectResult {
  readonly answer: ObjectAnswer;
  readonly sha256: string;
}
export interface SearchTextResult {
  readonly sha256: string;
  readonly risk: 'high' | 'possible' | 'low';
  readonly reasons: readonly string[];
  readonly boxes: readonly TextBox[];
  readonly framesLooked: number;
  /** A frame on which something was found, else the first. */
  readonly shownFrame: number;
}
export interface FileSetResult {
  /** Components of each Referenced File ID (0004,1500). */
  readonly referenced: readonly (readonly string[])[];
}
export interface ThumbnailResult {
  readonly png: Uint8Array;
  readonly sha256: string;
}

/** What the library checks of an answer; the rest is typed by the same program. */
const present = <T extends object>() => z.custom<T>((value) => typeof value === 'object' && value !== null);
export const DescribeAnswer = z.object({ sha256: Sha256, sizeBytes: z.number(), mtimeMs: z.number(), header: present<ImageHeader>(), object: present<ObjectDescription>().nullish() });
export const HeadersAnswer = z.object({ answers: z.array(z.union([z.object({ error: ErrorBody }), z.object({ header: present<ImageHeader>(), object: present<ObjectDescription>().nullable() })])) });
export const DescribeSeveralAnswer = z.object({ answers: z.array(z.discriminatedUnion('ok', [z.object({ ok: z.literal(true), result: z.unknown() }), z.object({ ok: z.literal(false), error: ErrorBody })])) });
export const ObjectResultAnswer = z.object({ sha256: Sha256, answer: present<ObjectAnswer>() });
export const DecodeAnswer = z.object({ sha256: Sha256, frame: present<StoredFrame>() });
export const ThumbnailAnswer = z.object({ sha256: Sha256, png: z.instanceof(Uint8Array) });
export const SearchTextAnswer = z.object({
  sha256: Sha256, risk: z.enum(['high', 'possible', 'low']), reasons: z.array(z.string()), framesLooked: z.int(), shownFrame: z.int(), boxes: z.array(present<TextBox>()),
});
export const FileSetAnswer = z.object({ referenced: z.array(z.array(z.string())) });
