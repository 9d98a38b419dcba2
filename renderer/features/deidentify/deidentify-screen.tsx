/** The De-identify screen: one study; what a person should look at, image by image; then a copy without names. */
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import type { ImageAtRisk, PixelSearch } from '#contract';
import { ScanloomError } from '#contract';
import { call, useResource, useStore } from '../../client/index.ts';
import { Button, Empty, ErrorNote, Key, Progress, Waiting, format, goTo, preferences, useKeys } from '../../ui/index.ts';
import type { Place } from '../../ui/index.ts';
import { BoxedImage } from './boxed-image.tsx';
import { CopyPanel } from './copy-panel.tsx';
import { LargeFace } from './face-choice.tsx';
import { addBox, confirmImage, confirmSeries, decisionOf, goToImage, moveBox, moveImage, nothingReviewed, toggleBox, undo, withImages } from './review-boxes.ts';
import type { Reviewing } from './review-boxes.ts';
import { usePolled } from './use-polled.ts';
import './deidentify.css';

export function DeidentifyScreen({ place }: { place: Place }): ReactNode {
  const studyUid = place.rest[0];
  if (studyUid === undefined) {
    return (
      <Empty title="De-identify a study">
        <p>Choose a study in the list and press “De-identify …” beside it.</p>
        <Button onClick={() => goTo('studies')}>Go to studies</Button>
      </Empty>
    );
  }
  return <StudyToCopy key={studyUid} studyUid={studyUid} />;
}

function StudyToCopy({ studyUid }: { studyUid: string }): ReactNode {
  const [searchId, setSearchId] = useState<string | null>(null);
  const [error, setError] = useState<ScanloomError | null>(null);
  const [reviewing, setReviewing] = useState<Reviewing>(nothingReviewed);
  const [preview, setPreview] = useState(false);
  const [largeFace, setLargeFace] = useState<string | null>(null);
  const { hideIdentifiers } = useStore(preferences);
  const study = useResource((signal) => call('getStudy', { params: { studyUid }, signal }), studyUid);
  const search = usePolled(searchId === null ? null : (signal) => call('getPixelSearch', { params: { searchId }, signal }), searchId ?? '');
  useEffect(() => {
    const controller = new AbortController();
    call('startPixelSearch', { body: { studyInstanceUid: studyUid }, signal: controller.signal })
      .then((started) => setSearchId(started.searchId))
      .catch((thrown: unknown) => {
        if (!controller.signal.aborted) setError(ScanloomError.from(thrown));
      });
    return () => controller.abort();
  }, [studyUid]);
  const images = search.value?.images;
  // The search finds more while somebody reviews.
  if (images !== undefined && images.length !== reviewing.images.length) setReviewing(withImages(reviewing, images));
  const change = (step: (state: Reviewing) => Reviewing) => (): void => setReviewing(step);
  useKeys([
    { keys: ['Enter'], does: 'confirm, next', once: true, run: change(confirmImage) },
    { keys: ['Shift+Enter'], does: 'confirm for the series', once: true, run: change(confirmSeries) },
    { keys: ['Backspace', 'Delete'], does: 'drop the box, or take it back', run: change((state) => toggleBox(state)) },
    { keys: ['ArrowRight'], does: 'next image', run: change((state) => moveImage(state, 1)) },
    { keys: ['ArrowLeft'], does: 'previous image', run: change((state) => moveImage(state, -1)) },
    { keys: ['ArrowDown'], does: 'next box', run: change((state) => moveBox(state, 1)) },
    { keys: ['ArrowUp'], does: 'previous box', run: change((state) => moveBox(state, -1)) },
    { keys: ['Ctrl+Z'], does: 'undo', run: change(undo) },
    { keys: ['Escape'], does: 'back to the images', run: () => setLargeFace(null) },
    { keys: ['B'], does: 'show boxes black', run: () => setPreview((now) => !now) },
  ]);
  const image = reviewing.images[reviewing.at];
  const patient = study.value?.study;
  return (
    <div className="deidentify">
      <aside className="side left" aria-label="Images to look at">
        <section>
          <h3>Study</h3>
          {patient ? <div className="strong">{hideIdentifiers ? patient.description || patient.shortId : [format.personName(patient.patientName), patient.description].filter(Boolean).join(' · ')}</div> : null}
          {study.error ? <ErrorNote error={study.error} onRetry={study.reload} /> : null}
        </section>
        {error ? <ErrorNote error={error} /> : null}
        {search.error ? <ErrorNote error={search.error} onRetry={search.reload} /> : null}
        {search.value ? <SearchState search={search.value} onCancel={() => void call('cancelPixelSearch', { params: { searchId: search.value!.searchId } }).then(() => search.reload())} /> : error ? null : <Waiting what="the search" />}
        {search.value?.faces.map((face) => (
          <div key={face.seriesInstanceUid} className="note" data-testid="face-warning">
            <strong>! A face {face.level === 'high' ? 'can' : 'may'} be drawn from “{face.seriesDescription || 'a series'}”.</strong>
            <span className="small">{face.reasons.join(' ')}</span>
          </div>
        ))}
        <ImageList reviewing={reviewing} onChoose={(at) => setReviewing((state) => goToImage(state, at))} />
      </aside>
      <div className="deid-image">
        {largeFace !== null ? <LargeFace faceId={largeFace} onClose={() => setLargeFace(null)} /> : image ? (
          <>
            <BoxedImage key={image.imageId} image={image} boxes={decisionOf(reviewing, image).boxes} chosen={reviewing.box} preview={preview} onChoose={(box) => setReviewing((state) => ({ ...state, box }))} onDraw={(from, to) => setReviewing((state) => addBox(state, from, to))} />
            <ImageWords image={image} reviewing={reviewing} />
            <div className="row deid-keys">
              <Button look="main" data-testid="confirm-image" onClick={change(confirmImage)} chord="Enter">{decisionOf(reviewing, image).confirmed ? '✓ Confirmed; next' : 'Confirm, next'}</Button>
              <Button onClick={change(confirmSeries)} chord="Shift+Enter" title="The same boxes for every image of this series that has the same size">For the whole series</Button>
              <Button onClick={change((state) => toggleBox(state))} chord="Backspace" disabledBecause={reviewing.box < 0 ? 'There is no box to drop.' : undefined}>Drop the box, or take it back</Button>
              <Button pressed={preview} onClick={() => setPreview((now) => !now)} chord="B">Show them black</Button>
              <Button look="quiet" onClick={change(undo)} chord="Ctrl+Z" disabledBecause={reviewing.past.length === 0 ? 'Nothing was decided yet.' : undefined}>Undo</Button>
              <span className="muted small"><Key chord="ArrowLeft" /> <Key chord="ArrowRight" /> image · <Key chord="ArrowUp" /> <Key chord="ArrowDown" /> box · drag to draw one</span>
            </div>
          </>
        ) : search.value?.state === 'done' ? (
          <Empty title="Nothing to look at"><p>Neither the headers nor the pixels of this study give cause to expect writing. That is no promise: short or faint writing is missed.</p></Empty>
        ) : <Empty title="Images are being searched for writing"><p>Those that you should look at appear here as they are found.</p></Empty>}
      </div>
      <CopyPanel studyUid={studyUid} search={search.value} reviewing={reviewing} onLargeFace={setLargeFace} />
    </div>
  );
}

function SearchState({ search, onCancel }: { search: PixelSearch; onCancel(): void }): ReactNode {
  if (search.state === 'running') {
    return (
      <section data-testid="search-state" data-state="running">
        <h3>Searching pixels for writing</h3>
        <Progress done={search.done} total={search.total} label="Objects searched" />
        <div className="row small"><span className="mono">{search.done} of {search.total}</span><span className="spacer" /><Button look="quiet" onClick={onCancel}>Stop</Button></div>
      </section>
    );
  }
  return (
    <section data-testid="search-state" data-state={search.state}>
      <h3>{search.state === 'done' ? '✓ Searched' : search.state === 'cancelled' ? '– Search stopped' : '✕ Search failed'}</h3>
      <div className="small">{format.count(search.done, 'object')} of {search.total} searched, {search.images.length} to look at.</div>
      {search.error ? <ErrorNote error={ScanloomError.fromBody(search.error)} /> : null}
    </section>
  );
}

/** Far from the current one, images are not drawn: a study may have thousands. */
const shownAround = 60;

function ImageList({ reviewing, onChoose }: { reviewing: Reviewing; onChoose(at: number): void }): ReactNode {
  const first = Math.max(0, reviewing.at - shownAround);
  return (
    <div className="deid-list" role="list" aria-label="Images to look at">
      {reviewing.images.slice(first, reviewing.at + shownAround).map((image, i) => {
        const at = first + i;
        const { boxes, confirmed } = decisionOf(reviewing, image);
        return (
          <button key={image.sopInstanceUid} type="button" role="listitem" className={`deid-entry ${confirmed ? 'confirmed' : ''} ${at === reviewing.at ? 'current' : ''}`} data-testid="image-at-risk" data-confirmed={confirmed} onClick={() => onChoose(at)}>
            <span>{confirmed ? '✓' : '○'} {image.seriesDescription || 'Image'} <span className="muted">{at + 1}</span></span>
            <span className="small muted">{boxes.length === 0 ? 'no box' : format.count(boxes.filter(({ kept }) => kept).length, 'box', 'boxes')} · {image.risk === 'high' ? 'likely by its kind' : image.risk === 'possible' ? 'possible by its kind' : 'unlikely by its kind'}</span>
          </button>
        );
      })}
    </div>
  );
}

function ImageWords({ image, reviewing }: { image: ImageAtRisk; reviewing: Reviewing }): ReactNode {
  const chosen = decisionOf(reviewing, image).boxes[reviewing.box];
  return (
    <div className="deid-words small">
      <span>{image.error ?? image.reasons.join(' ')}</span>
      {image.frames > 1 ? <span className="muted">{image.framesLooked} of {image.frames} frames were searched; boxes hold for all of them.</span> : null}
      {chosen ? <span className="muted">This box{chosen.own ? '' : ` (${chosen.score.toFixed(2)})`}: {chosen.reasons.join(', ')}.</span> : null}
    </div>
  );
}
