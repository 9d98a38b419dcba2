/** Where neither file nor modality says how to show a series, its middle image does. */
import type { Log } from '#base';
import { ScanloomError } from '#contract';
import { applyRescale, defaultWindow } from '#dicom';
import { imageIdOf } from './image-ids.ts';
import { cleanWindow, needsMeasuredWindow, rescaleOf } from './image-meta.ts';
import type { DecodeImage } from './images.ts';
import type { StudyStore } from './study-store.ts';
import type { Library } from './types.ts';

interface Needs {
  readonly store: StudyStore;
  readonly decode: DecodeImage;
  readonly events: Library['events'];
  readonly log: Log;
}

/** @param isStopped Asked before each series. */
export async function measureWindows({ store, decode, events, log }: Needs, seriesUids: Iterable<string>, isStopped: () => boolean): Promise<void> {
  for (const seriesUid of seriesUids) {
    if (isStopped()) return;
    if (store.hasWindow(seriesUid)) continue;
    const middle = store.middleImage(seriesUid);
    if (middle === null || !needsMeasuredWindow(middle.header)) continue;
    try {
      const { frame } = await decode(imageIdOf(middle.header.sopInstanceUid, middle.frame, middle.header.frames), 'normal');
      const values = applyRescale(frame.stored, rescaleOf(middle.header, middle.frame));
      store.setWindow(seriesUid, cleanWindow(defaultWindow(middle.header, values)));
      events.publish({ type: 'series-added', seriesInstanceUid: seriesUid, studyInstanceUid: middle.header.studyInstanceUid });
    } catch (thrown) {
      // The image itself will say why when somebody looks at it.
      log.warn('window-not-measured', { code: ScanloomError.from(thrown).code });
    }
  }
}
