/** What is taken out, under which project, where to; then how far the copy is, and what came of it. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import { ScanloomError } from '#contract';
import type { DeidentifyOption, PixelSearch, StudyCopy } from '#contract';
import { call, urls, useResource } from '../../client/index.ts';
import { Button, Choices, ErrorNote, Fact, Field, Progress, useKeys } from '../../ui/index.ts';
import { namePattern, nextName } from './copy-name.ts';
import { FaceChoice, withWish } from './face-choice.tsx';
import type { FaceWish } from './face-choice.tsx';
import { chosenOptions, dateWords, optionWords } from './option-words.ts';
import type { DateChoice } from './option-words.ts';
import { PlanPreview } from './plan-preview.tsx';
import { confirmedCount, reviewedImages } from './review-boxes.ts';
import type { Reviewing } from './review-boxes.ts';
import { usePolled } from './use-polled.ts';

const projectPattern = /^[a-z0-9][a-z0-9.-]{0,39}$/i;

export function CopyPanel({ studyUid, search, reviewing, onLargeFace }: { studyUid: string; search: PixelSearch | undefined; reviewing: Reviewing; onLargeFace(faceId: string | null): void }): ReactNode {
  const [ticked, setTicked] = useState<ReadonlySet<DeidentifyOption>>(new Set<DeidentifyOption>(['clean-descriptors']));
  const [faces, setFaces] = useState<ReadonlyMap<string, FaceWish>>(new Map());
  const [dates, setDates] = useState<DateChoice>('remove');
  const [dicomdir, setDicomdir] = useState(false);
  const [project, setProject] = useState('default');
  const [name, setName] = useState(() => `deidentified-${new Date().toISOString().slice(0, 16).replace(/[T:]/g, '-')}`);
  const [folder, setFolder] = useState<{ handle: string; name: string } | null>(null);
  const [copyId, setCopyId] = useState<string | null>(null);
  const [starting, setStarting] = useState(false);
  const [error, setError] = useState<ScanloomError | null>(null);
  const host = useResource((signal) => call('host', { signal }), 'host');
  const copy = usePolled(copyId === null ? null : (signal) => call('getStudyCopy', { params: { copyId }, signal }), copyId ?? '');
  const open = reviewing.images.length - confirmedCount(reviewing);
  const cleans = ticked.has('clean-pixel-data');
  const refusal = !namePattern.test(name) ? 'The name cannot be used.' : !projectPattern.test(project) ? 'The project’s name cannot be used.' : starting || copy.value?.state === 'running' ? 'A copy is being made.' : undefined;
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setError(null);
    try {
      await work();
    } catch (thrown) {
      setError(ScanloomError.from(thrown));
    }
  };
  const start = (): void => {
    if (refusal !== undefined) return;
    setStarting(true);
    void attempt(async () => {
      const started = await call('startStudyCopy', { body: { studyInstanceUid: studyUid, options: chosenOptions(ticked, dates), project, name, reviewed: reviewedImages(reviewing), deface: [...faces].map(([seriesInstanceUid, { preview, confirmed }]) => ({ seriesInstanceUid, confirmed, ...(preview === null ? {} : { faceId: preview.faceId }) })), ...(dicomdir ? { dicomdir } : {}), ...(folder === null ? {} : { folderHandle: folder.handle }) } });
      setCopyId(started.copyId);
      // Another copy gets a name of its own: nothing is ever replaced.
      setName(nextName);
    }).finally(() => setStarting(false));
  };
  useKeys([{ keys: ['Ctrl+Enter'], does: 'start the copy', inText: true, run: start }]);
  return (
    <aside className="side right" aria-label="Copy without names">
      <section>
        <h3>What stays</h3>
        <p className="small muted">Names, numbers and addresses of the patient and free text go, and so does all else that the standard names, but for what is ticked here. Originals are not touched.</p>
        {optionWords.map(({ option, label, words }) => (
          <label key={option} className="deid-option">
            <input type="checkbox" checked={ticked.has(option)} onChange={(event) => setTicked((now) => new Set(event.target.checked ? [...now, option] : [...now].filter((one) => one !== option)))} />
            <span>{label}<span className="muted small"><br />{words}</span></span>
          </label>
        ))}
        {search?.faces.map((face) => <FaceChoice key={face.seriesInstanceUid} face={face} wish={faces.get(face.seriesInstanceUid)} onLarge={onLargeFace} onWish={(wish) => setFaces((now) => withWish(now, face.seriesInstanceUid, wish))} />)}
        <Field label="Dates" hint={dateWords.find(({ value }) => value === dates)?.words}>
          <Choices<DateChoice> label="Dates" value={dates} onChange={setDates} options={dateWords.map(({ value, label }) => ({ value, label }))} />
        </Field>
      </section>
      <section>
        <h3>Where</h3>
        <Field label="Project" hint="Copies of one project have the same pseudonyms. Its key stays in this library." error={projectPattern.test(project) ? undefined : 'letters, digits, dot and dash; at most 40'}>
          <input className="input" name="deid-project" value={project} onChange={(event) => setProject(event.target.value)} />
        </Field>
        <Field label="Name of the folder" error={namePattern.test(name) ? undefined : 'letters, digits, dot, dash and underscore; at most 80'}>
          <input className="input" name="deid-name" value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
        <label className="deid-option small">
          <input type="checkbox" name="deid-dicomdir" checked={dicomdir} onChange={(event) => setDicomdir(event.target.checked)} />
          <span>With a DICOMDIR<span className="muted"><br />For discs and older workstations.</span></span>
        </label>
        <div className="small muted">{folder ? `in ${folder.name}` : 'in the library’s exports folder'}</div>
        {host.value?.folderDialog ? <Button onClick={() => void attempt(async () => { const answer = await call('chooseFolder', { body: { purpose: 'export' } }); if (answer.handle !== null) setFolder({ handle: answer.handle, name: answer.name }); })}>Another folder …</Button> : null}
      </section>
      <section className="card" data-testid="deid-plan">
        <h3>Checks</h3>
        <PlanPreview studyUid={studyUid} options={chosenOptions(ticked, dates)} ready={search !== undefined && search.state !== 'running'} />
        <Fact name="Images to look at"><span className="mono">{reviewing.images.length}</span></Fact>
        <Fact name="Confirmed by you" tone={open === 0 ? 'good' : undefined}><span className="mono">{confirmedCount(reviewing)}</span></Fact>
        {open > 0 ? <div className="small">{cleans ? `${open} not confirmed: what looks like writing is blacked out without you, or the image is held back where it lies on anatomy.` : `${open} not confirmed: those with a box, and those at high risk, are held back from the copy.`}</div> : null}
        {search?.state === 'running' ? <div className="small">The search is still running; images it has not reached are searched while the copy is made.</div> : null}
      </section>
      {copy.value ? <CopyState copy={copy.value} onCancel={() => void attempt(async () => { await call('cancelStudyCopy', { params: { copyId: copy.value!.copyId } }); copy.reload(); })} /> : null}
      <div className="export-start">
        <Button look="main" className="wide" data-testid="start-copy" disabledBecause={refusal} onClick={start} chord="Ctrl+Enter">Make the copy</Button>
        {error ? <ErrorNote error={error} /> : null}
      </div>
    </aside>
  );
}

function CopyState({ copy, onCancel }: { copy: StudyCopy; onCancel(): void }): ReactNode {
  const { counts } = copy;
  return (
    <section className="card" data-testid="copy-state" data-state={copy.state}>
      <h3>{copy.state === 'running' ? 'Copying' : copy.state === 'done' ? '✓ Copied and read back' : copy.state === 'cancelled' ? '– Cancelled: nothing was written' : '✕ Failed: nothing was written'}</h3>
      {copy.state === 'running' ? (
        <>
          <Progress done={copy.done} total={copy.total} label="Files copied" />
          <div className="small mono">{copy.done} of {copy.total} files</div>
          <Button onClick={onCancel}>Cancel</Button>
        </>
      ) : null}
      {copy.newKey ? <div className="small">A new key was made for the project “{copy.project}”. Keep the library: without it nothing can be added to the project.</div> : null}
      {counts ? (
        <>
          <Fact name="Written" tone="good"><span className="mono">{counts.written}</span></Fact>
          {counts.heldBack > 0 ? <Fact name="Held back" tone="bad"><span className="mono">{counts.heldBack}</span></Fact> : null}
          {counts.refused > 0 ? <Fact name="Refused" tone="bad"><span className="mono">{counts.refused}</span></Fact> : null}
          {counts.leftOut > 0 ? <Fact name="Left out"><span className="mono">{counts.leftOut}</span></Fact> : null}
          {copy.summary.map((sentence) => <div key={sentence} className="small">{sentence}</div>)}
          {copy.warnings.map(({ code, message }) => <div key={`${code} ${message}`} className="small bad">! {message}</div>)}
          <div className="small mono deid-folder">{copy.folder}</div>
          <a href={urls.studyCopyReport(copy.copyId)} target="_blank" rel="noreferrer">Report: what was removed, replaced, kept</a>
        </>
      ) : null}
      {copy.defaced.map(({ seriesInstanceUid, seriesDescription, words }) => <div key={seriesInstanceUid} className="small">{seriesDescription || 'Series'}: {words}</div>)}
      {copy.notWritten.map(({ reason, objects }) => <div key={reason} className="small">{objects} × {reason}</div>)}
      {copy.error && copy.state === 'failed' ? <ErrorNote error={ScanloomError.fromBody(copy.error)} /> : null}
    </section>
  );
}
