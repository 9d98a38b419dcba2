/** A series from which a face can be drawn: take it off or not, and look at what comes out before it is said that nobody can be recognised. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import { ScanloomError } from '#contract';
import type { FacePreview, FaceWarning } from '#contract';
import { call, urls } from '../../client/index.ts';
import { Button, ErrorNote } from '../../ui/index.ts';

export interface FaceWish {
  readonly preview: FacePreview | null;
  readonly confirmed: boolean;
}

export function withWish(wishes: ReadonlyMap<string, FaceWish>, seriesUid: string, wish: FaceWish | null): ReadonlyMap<string, FaceWish> {
  const next = new Map(wishes);
  if (wish === null) next.delete(seriesUid);
  else next.set(seriesUid, wish);
  return next;
}

/** @param props.onLarge Shows a preview over the whole middle: at the panel's width nobody can say whom it shows. */
export function FaceChoice({ face, wish, onWish, onLarge }: { face: FaceWarning; wish: FaceWish | undefined; onWish(wish: FaceWish | null): void; onLarge(faceId: string | null): void }): ReactNode {
  const [working, setWorking] = useState(false);
  const [error, setError] = useState<ScanloomError | null>(null);
  const preview = wish?.preview ?? null;
  const look = (): void => {
    setWorking(true);
    setError(null);
    void call('previewFace', { body: { seriesInstanceUid: face.seriesInstanceUid } })
      .then((made) => {
        onWish({ preview: made, confirmed: false });
        onLarge(made.defaced ? made.faceId : null);
      })
      .catch((thrown: unknown) => setError(ScanloomError.from(thrown)))
      .finally(() => setWorking(false));
  };
  return (
    <div className="deid-face">
      <label className="deid-option" data-testid="deface">
        <input type="checkbox" checked={wish !== undefined} onChange={(event) => {
          onWish(event.target.checked ? { preview: null, confirmed: false } : null);
          onLarge(null);
        }} />
        <span>Take the face off “{face.seriesDescription || 'a series'}”<span className="muted small"><br />From the brow down, the front becomes air. A series that cannot be defaced is left out.</span></span>
      </label>
      {wish === undefined ? null : <Button onClick={look} disabledBecause={working ? 'It is being made.' : undefined}>{working ? 'Taking it off …' : preview === null ? 'Look at the result …' : 'Another cut …'}</Button>}
      {error ? <ErrorNote error={error} /> : null}
      {preview === null ? null : preview.defaced ? (
        <>
          <button type="button" className="deid-face-show" onClick={() => onLarge(preview.faceId)} title="Show it large">
            <img className="deid-face-picture" src={urls.facePicture(preview.faceId)} alt="The surface from the front: before, after" data-testid="face-picture" />
          </button>
          <div className="small muted">Left before, right after. {preview.words}</div>
          <label className="deid-option small">
            <input type="checkbox" data-testid="face-confirmed" checked={wish?.confirmed ?? false} onChange={(event) => onWish({ preview, confirmed: event.target.checked })} />
            <span>I have looked: nobody can be recognised by this.</span>
          </label>
        </>
      ) : <div className="small bad">✕ {preview.words}</div>}
    </div>
  );
}

/** The surface from the front, as large as there is room: before on the left, after on the right. */
export function LargeFace({ faceId, onClose }: { faceId: string; onClose(): void }): ReactNode {
  return (
    <div className="deid-face-large" data-testid="face-large">
      <img src={urls.facePicture(faceId)} alt="The surface from the front: before on the left, after on the right" />
      <div className="row small"><span>Before, on the left; after, on the right. Would somebody who knows this person recognise the right one?</span><span className="spacer" /><Button onClick={onClose} chord="Escape">Back to the images</Button></div>
    </div>
  );
}
