/** What a report says, before it is a page. */
import type { ExportFile, Figure, Measure } from '#contract';

export interface ReportPicture {
  /** `data:image/png;base64,…` with its mark burnt in. */
  readonly uri: string;
  readonly width: number;
  readonly caption: string;
}

export interface EnhancedPart {
  readonly title: string;
  readonly facts: string;
  /** Rows of pictures, each before, after, difference. Empty when there were too many items to show all. */
  readonly rows: readonly (readonly ReportPicture[])[];
  readonly measures: readonly Measure[];
}

export interface SyntheticPart {
  readonly class: string;
  readonly facts: string;
  readonly pictures: readonly ReportPicture[];
}

export interface PackagePart {
  readonly title: string;
  readonly id: string;
  readonly version: string;
  readonly sha256: string;
  readonly summary: string;
  readonly figures: readonly Figure[];
}

export interface Report {
  readonly title: string;
  /** One or two sentences under the title. */
  readonly lead: string;
  readonly facts: readonly (readonly [string, string])[];
  readonly enhanced: readonly EnhancedPart[];
  readonly synthetic: readonly SyntheticPart[];
  /** Decisions by class and by who made them. */
  readonly decisions: { readonly byClass: readonly { readonly class: string; readonly accepted: number; readonly rejected: number; readonly unsure: number; readonly undecided: number }[]; readonly byReader: readonly { readonly reader: string; readonly decisions: number }[] };
  readonly packages: readonly PackagePart[];
  readonly ledger: readonly { readonly index: number; readonly at: string; readonly what: string; readonly about: string; readonly hash: string }[];
  readonly files: readonly ExportFile[];
}
