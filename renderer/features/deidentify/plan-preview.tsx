/** What the copy would hold and lose with the options as they are ticked, before it is made. */
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { DeidentifyOptions } from '#contract';
import type { CopyContents, CopyWarning, DeidentifyOption } from '#contract';
import { call, useResource } from '../../client/index.ts';
import { ErrorNote, Waiting, format } from '../../ui/index.ts';

/** Said elsewhere on this screen, with what can be done about it. */
const saidElsewhere: ReadonlySet<CopyWarning['code']> = new Set(['face', 'burned-in']);

/** `1 patient, 2 series, 47 images, 1 other object`. */
export function contentsWords({ patients, studies, series, images, others }: CopyContents): string {
  return [
    format.count(patients, 'patient'), ...(studies === 1 ? [] : [format.count(studies, 'study', 'studies')]), format.count(series, 'series', 'series'), format.count(images, 'object') + ' with images',
    ...(others === 0 ? [] : [format.count(others, 'other object')]),
  ].join(', ');
}

/** Every object is read for it: somebody who ticks three boxes in a row asks once. */
const settleMs = 500;

/** @param props.options As the copy would be asked for. @param props.ready False while the study is still being searched: both read every file. */
export function PlanPreview({ studyUid, options, ready }: { studyUid: string; options: readonly DeidentifyOption[]; ready: boolean }): ReactNode {
  const key = [...options].sort().join(',');
  const [asked, setAsked] = useState<{ readonly key: string; readonly options: readonly DeidentifyOption[] }>({ key, options });
  useEffect(() => {
    const timer = setTimeout(() => setAsked((now) => (now.key === key ? now : { key, options: key === '' ? [] : DeidentifyOptions.parse(key.split(',')) })), settleMs);
    return () => clearTimeout(timer);
  }, [key]);
  const plan = useResource(ready ? (signal) => call('planStudyCopy', { body: { studyInstanceUid: studyUid, options: [...asked.options] }, signal }) : null, asked.key);
  if (!ready) return <div className="small muted">What the copy would hold is counted after the search.</div>;
  if (plan.error) return <ErrorNote error={plan.error} onRetry={plan.reload} />;
  if (!plan.value) return <Waiting what="what the copy would hold" />;
  const warnings = plan.value.warnings.filter(({ code }) => !saidElsewhere.has(code));
  return (
    <div className="stack small" data-testid="copy-contents">
      <div>{contentsWords(plan.value.contents)}</div>
      {warnings.map(({ code, message, objects }) => <div key={`${code} ${message}`}>! {message} <span className="muted">({format.count(objects, 'object')})</span></div>)}
    </div>
  );
}
