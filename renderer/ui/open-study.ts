/** The way from a study to the screen that shows it. */
import { call } from '../client/index.ts';
import { firstToRead } from './reading-order.ts';
import { goTo } from './route.ts';

/** Opens a study at what is read first; one without images at its report. @throws what the host answers with */
export async function openStudyAt(studyUid: string): Promise<void> {
  const { series } = await call('getStudy', { params: { studyUid } });
  const first = firstToRead(series);
  if (first === undefined) goTo('view', ['study', studyUid]);
  else goTo('view', [first.seriesInstanceUid]);
}
