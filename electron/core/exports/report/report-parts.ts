/** Sources → the parts of a report: one slice before, after and difference; contact sheets; who decided. */
import type { Item, LedgerEntry } from '#contract';
import { z } from 'zod';
import { standingDecisions } from '../ledger-lines.ts';
import { label } from '../marks.ts';
import { amber, framed, grey, type Colour } from './badge.ts';
import { busiestPart, cut, dataUri, differenceOf, grey8, reduced, repeated, roundLimit, signed8, type Plane } from './picture.ts';
import type { ExportSource } from '../types.ts';
import type { EnhancedPart, PackagePart, Report, ReportPicture, SyntheticPart } from './report-model.ts';

/** CSS pixels of a picture in a row of three. */
const shown = 360;
/** Side of the detail, in source pixels. */
const detailSide = 96;
/** Side of an overview in its file; more would only make the report heavy. */
const overviewSide = 512;
/** A report stays a file one can send: more pictures than these are only counted. */
export const picturesOf = { enhancedItems: 12, syntheticPerClass: 60 } as const;

function picture(rgb: ReturnType<typeof grey8>, mark: string, colour: Colour, caption: string, width: number = shown): ReportPicture {
  return { uri: dataUri(framed(rgb, mark, colour)), width, caption };
}

/** The middle slice as a whole, and the part of it where the model changed most. */
export async function enhancedPart(source: ExportSource, withPictures: boolean): Promise<EnhancedPart> {
  const { item } = source;
  const facts = `${item.modality}, ${item.frames} ${item.frames === 1 ? 'image' : 'images'} of ${item.rows} × ${item.columns}, package ${item.packageId} ${item.packageVersion}, ${decisionWords(item)}`;
  const at = Math.floor(item.frames / 2);
  const before = withPictures ? await source.sourceFrame(at) : null;
  if (before === null) return { title: item.title, facts, rows: [], measures: item.measures };
  const after: Plane = { values: await source.frame(at), rows: item.rows, columns: item.columns };
  return { title: item.title, facts, rows: comparison(source, at, before, after), measures: item.measures };
}

function comparison(source: ExportSource, at: number, before: Plane, after: Plane): ReportPicture[][] {
  const image = source.images[at]!;
  const { window } = image;
  const unit = image.unit === '' ? '' : ` ${image.unit}`;
  const factor = Math.max(1, Math.round(after.rows / before.rows));
  const difference = differenceOf(before, after);
  const limit = roundLimit(difference);
  const mark = `${label.enhanced} - research`;
  const differenceMark = `${label.enhanced} - difference`;
  const windowWords = `window width ${tidy(window.width)}, level ${tidy(window.center)}${unit}`;
  const differenceWords = `after − bicubic interpolation of before; full colour at ±${tidy(limit)}${unit}, blue lower, red higher`;

  const side = Math.min(detailSide, before.rows, before.columns);
  const place = busiestPart(difference, side * factor);
  const top = Math.floor(place.top / factor);
  const left = Math.floor(place.left / factor);
  const part = (plane: Plane, by: number): Plane => cut(plane, top * by, left * by, side * by, side * by);
  // Before and after are reduced to one grid: what differs is what the model did, not how it is shown.
  const by = Math.ceil(Math.max(before.rows, before.columns) / overviewSide);
  return [
    [
      picture(grey8(reduced(before, by), window), 'source', grey, `Before, image ${at + 1} of ${source.item.frames}; ${windowWords}`),
      picture(grey8(reduced(after, by * factor), window), mark, amber, `After, shown at the size of before; ${windowWords}`),
      picture(signed8(reduced(difference, by * factor, 'extreme'), limit), differenceMark, amber, `Difference: ${differenceWords}; the largest in each pixel`),
    ],
    [
      picture(grey8(repeated(part(before, 1), 2 * factor), window), 'source', grey, `Before: the part of ${side} × ${side} pixels where the model changed most, each pixel repeated`),
      picture(grey8(repeated(part(after, factor), 2), window), mark, amber, `After: the same part, ${side * factor} × ${side * factor} pixels, each repeated`),
      picture(signed8(repeated(part(difference, factor), 2), limit), differenceMark, amber, 'Difference: the same part and colours'),
    ],
  ];
}

/** A contact sheet a class, in the order of the export. */
export async function syntheticParts(sources: readonly ExportSource[]): Promise<SyntheticPart[]> {
  const parts: SyntheticPart[] = [];
  for (const [name, members] of grouped(sources, (source) => source.item.class ?? 'no class')) {
    const pictures: ReportPicture[] = [];
    for (const source of members.slice(0, picturesOf.syntheticPerClass)) {
      const { item } = source;
      const plane: Plane = { values: await source.frame(0), rows: item.rows, columns: item.columns };
      const image = grey8(reduced(plane, Math.ceil(Math.max(plane.rows, plane.columns) / 128)), source.images[0]!.window);
      pictures.push(picture(image, `${label.synthetic} - research`, amber, `seed ${item.seed ?? '?'}, number ${item.index + 1}; ${decisionWords(item)}`, image.width + 4));
    }
    const first = members[0]!;
    const left = members.length - pictures.length;
    parts.push({ class: name, facts: `${members.length} ${members.length === 1 ? 'image' : 'images'}, ${settingsWords(first)}${left === 0 ? '' : `; ${left} not shown here`}`, pictures });
  }
  return parts;
}

function settingsWords({ item, settings }: ExportSource): string {
  const how = settings.task === 'synthesize' ? `, ${settings.steps ?? 'default'} steps, guidance ${settings.guidance ?? 'default'}` : '';
  return `package ${item.packageId} ${item.packageVersion}${how}`;
}

export function packageParts(sources: readonly ExportSource[]): PackagePart[] {
  return [...new Map(sources.map((source) => [source.packageSha256, source])).values()].map(({ item, manifest, packageSha256 }) => ({
    title: manifest?.title ?? item.packageId,
    id: item.packageId,
    version: item.packageVersion,
    sha256: packageSha256,
    summary: manifest?.summary ?? 'This package was no longer there as it was when the export was made.',
    figures: manifest?.figures ?? [],
  }));
}

export function decisionCounts(items: readonly Item[], ledger: readonly LedgerEntry[]): Report['decisions'] {
  const byClass = [...grouped(items, (item) => item.class ?? (item.provenance === 'enhanced' ? 'enhanced series' : 'no class'))].map(([name, members]) => {
    const count = (decision: Item['decision']): number => members.filter((item) => item.decision === decision).length;
    return { class: name, accepted: count('accepted'), rejected: count('rejected'), unsure: count('unsure'), undecided: count(null) };
  });
  const byReader = [...grouped([...standingDecisions(ledger).values()], (decision) => decision.reader)].map(([reader, made]) => ({ reader, decisions: made.length }));
  return { byClass, byReader };
}

const RowBody = z.object({ title: z.string().optional(), decision: z.string().optional(), reader: z.string().optional(), itemId: z.string().optional(), action: z.string().optional() });

export function ledgerRows(entries: readonly LedgerEntry[]): Report['ledger'] {
  return entries.map((entry) => {
    const body = RowBody.safeParse(entry.body).data ?? {};
    const what = entry.kind === 'decision' ? `${body.action === 'undo' ? 'taken back' : 'decision'}: ${body.decision ?? '?'} by ${body.reader ?? '?'}` : entry.kind;
    return { index: entry.index, at: entry.at, what, about: [body.title, body.itemId].filter((part) => part !== undefined).join(', '), hash: entry.hash };
  });
}

function decisionWords(item: Item): string {
  return item.decision ?? 'not reviewed';
}

function tidy(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function grouped<Member>(members: readonly Member[], key: (member: Member) => string): Map<string, Member[]> {
  const groups = new Map<string, Member[]>();
  for (const member of members) {
    const group = groups.get(key(member)) ?? [];
    group.push(member);
    groups.set(key(member), group);
  }
  return groups;
}
