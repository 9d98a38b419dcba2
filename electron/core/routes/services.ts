/** What handlers may call. `core.ts` makes it; nothing else does. */
import type { Log } from '#base';
import type { HostInfo } from '#contract';
import type { EngineLink } from '#engine-link';
import type { Exports, PixelReview, StudyCopies } from '#exports';
import type { Jobs } from '#jobs';
import type { Library, Uploads } from '#library';
import type { Packages } from '#packages';
import type { Overview, ReaderMarks, Review } from '#review';

export interface HostServices {
  readonly kind: HostInfo['host'];
  /** Opens the system's folder dialog; absent where the host has none. */
  readonly chooseFolder?: (purpose: 'open' | 'export') => Promise<string | null>;
}

export interface Services {
  readonly library: Library;
  readonly uploads: Uploads;
  readonly packages: Packages;
  readonly engine: EngineLink;
  readonly jobs: Jobs;
  readonly review: Review;
  readonly overview: Overview;
  readonly marks: ReaderMarks;
  readonly exports: Exports;
  readonly pixelReview: PixelReview;
  readonly studyCopies: StudyCopies;
  readonly host: HostServices;
  readonly log: Log;
  readonly version: string;
  /** Gives a path a handle that the page may use; the page itself never names paths. */
  registerFolder(path: string): string;
  /** @throws ScanloomError `request/not-found` for a handle that was never given out. */
  folderOf(handle: string): string;
}
