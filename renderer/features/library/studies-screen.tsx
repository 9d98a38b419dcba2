/** The Studies screen: what the library holds, and the way in. */
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { ScanloomError } from '#contract';
import type { StudySummary } from '#contract';
import { call, ingestDrop, ingestInput, live, sending, urls, useResource, useStore } from '../../client/index.ts';
import { Button, Choices, Empty, ErrorNote, Thumbnail, Waiting, confirm, format, openStudyAt, preferences, useKeys } from '../../ui/index.ts';
import { IngestStrip } from './ingest-strip.tsx';
import { newestFirst, nextOrder, sortStudies } from './sort-studies.ts';
import type { SortColumn, SortOrder } from './sort-studies.ts';
import { StudyDetails } from './study-details.tsx';
import './library.css';

const modalities = ['', 'CT', 'MR', 'PT', 'other'] as const;

/** More than this the host does not list at once. */
const mostListed = 1000;

const headings: readonly { readonly column: SortColumn; readonly words: string; readonly figure?: boolean }[] = [
  { column: 'patient', words: 'Patient' }, { column: 'study', words: 'Study' }, { column: 'date', words: 'Date' }, { column: 'modality', words: 'Modality' },
  { column: 'series', words: 'Series', figure: true }, { column: 'images', words: 'Images', figure: true }, { column: 'added', words: 'Added' },
];

function keepInSight(row: HTMLTableRowElement | null): void {
  row?.scrollIntoView({ block: 'nearest' });
}

export function StudiesScreen(): ReactNode {
  const [search, setSearch] = useState('');
  const [sent, setSent] = useState('');
  const [modality, setModality] = useState<(typeof modalities)[number]>('');
  const [chosen, setChosen] = useState<string | null>(null);
  const [order, setOrder] = useState<SortOrder>(newestFirst);
  const [dragging, setDragging] = useState(false);
  const [error, setError] = useState<ScanloomError | null>(null);
  const events = useStore(live);
  const upload = useStore(sending);
  const { hideIdentifiers } = useStore(preferences);
  const folder = useRef<HTMLInputElement>(null);
  const searchBox = useRef<HTMLInputElement>(null);
  const host = useResource((signal) => call('host', { signal }), 'host');
  useEffect(() => {
    const timer = setTimeout(() => setSent(search.trim()), 150);
    return () => clearTimeout(timer);
  }, [search]);
  const asked = modality === 'other' ? '' : modality;
  const list = useResource((signal) => call('listStudies', { query: { limit: mostListed, ...(sent === '' ? {} : { search: sent }), ...(asked === '' ? {} : { modality: asked }) }, signal }), `${sent}|${asked}`, events.studies);
  const studies = sortStudies((list.value?.studies ?? []).filter((study) => modality !== 'other' || !study.modalities.some((one) => ['CT', 'MR', 'PT'].includes(one))), order);
  const isCut = list.value !== undefined && list.value.total > list.value.studies.length;

  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    setError(null);
    try {
      await work();
    } catch (thrown) {
      setError(ScanloomError.from(thrown));
    }
  };
  const openFolder = (): void => {
    if (!host.value?.folderDialog) {
      folder.current?.click();
      return;
    }
    void attempt(async () => {
      const { handle } = await call('chooseFolder', { body: { purpose: 'open' } });
      if (handle !== null) await call('startIngest', { body: { handle } });
    });
  };
  const openStudy = (study: StudySummary): void => {
    void attempt(() => openStudyAt(study.studyInstanceUid));
  };
  const forget = async (study: StudySummary): Promise<void> => {
    const isSure = await confirm('Forget this study?', 'The library forgets it and its thumbnails. The files it came from stay where they are; files that were copied into the library are removed, and what was made from it stays.', 'Forget');
    if (isSure) await attempt(() => call('forgetStudy', { params: { studyUid: study.studyInstanceUid } }).then(() => list.reload()));
  };
  const index = studies.findIndex((study) => study.studyInstanceUid === chosen);
  const choose = (to: number): void => {
    const study = studies[Math.max(0, Math.min(studies.length - 1, to))];
    if (study) setChosen(study.studyInstanceUid);
  };
  useKeys([
    { keys: ['/'], does: 'search', run: () => searchBox.current?.focus() },
    { keys: ['ArrowDown'], does: 'next study', run: () => choose(index + 1) },
    { keys: ['ArrowUp'], does: 'previous study', run: () => choose(index - 1) },
    { keys: ['Enter'], does: 'open the study', run: () => studies[index] && openStudy(studies[index]) },
    { keys: ['O'], does: 'open a folder', run: openFolder },
    { keys: ['Escape'], does: 'clear the search', inText: true, run: () => setSearch('') },
  ]);
  const chosenStudy = studies[index];
  const isFiltered = sent !== '' || modality !== '';
  return (
    <div
      className={`studies ${dragging ? 'dragging' : ''} ${chosenStudy ? 'with-details' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setDragging(true);
      }}
      onDragLeave={(event) => {
        if (event.currentTarget === event.target) setDragging(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setDragging(false);
        void attempt(() => ingestDrop(event.dataTransfer));
      }}
    >
      <div className="page">
        <div className="page-head">
          <h1>Studies</h1>
          <input ref={searchBox} className="input search" type="search" placeholder="Search name, number, description …" aria-label="Search studies" value={search} onChange={(event) => setSearch(event.target.value)} onKeyDown={(event) => { if (event.key === 'Enter' || event.key === 'ArrowDown') { event.preventDefault(); event.currentTarget.blur(); choose(0); } }} />
          <Choices<(typeof modalities)[number]> label="Modality" value={modality} onChange={setModality} options={modalities.map((value) => ({ value, label: value === '' ? 'All' : value === 'other' ? 'Other' : value }))} />
          <span className="spacer" />
          <span className="muted">{list.value ? `${format.count(studies.length, 'study', 'studies')}${isCut ? ` of ${list.value.total.toLocaleString()}: search for the others` : ''}` : ''}</span>
          <Button look="main" onClick={openFolder} chord="O">Open folder …</Button>
          <input
            ref={(element) => {
              folder.current = element;
              element?.setAttribute('webkitdirectory', '');
            }}
            type="file"
            multiple
            hidden
            data-testid="folder-input"
            onChange={(event) => {
              const { files } = event.target;
              if (files && files.length > 0) void attempt(() => ingestInput(files)).finally(() => (event.target.value = ''));
            }}
          />
        </div>
        {upload ? <div className="note">Sending {upload.done} of {format.count(upload.total, 'file')} to the library on this machine …</div> : null}
        {error ? <ErrorNote error={error} /> : null}
        <IngestStrip ingests={[...events.ingests.values()]} />
        {list.error ? <ErrorNote error={list.error} onRetry={list.reload} /> : null}
        {!list.value && list.loading ? <Waiting what="the studies" /> : null}
        {list.value && studies.length === 0 ? (
          isFiltered ? (
            <Empty title="No study matches">
              <p>Nothing in the library fits this search.</p>
              <Button onClick={() => { setSearch(''); setModality(''); }}>Show all studies</Button>
            </Empty>
          ) : (
            <div className="drop-target">
              <Empty title="Open your first study">
                <p>Drop a folder of DICOM files here, or choose one. Files are only read: they stay as and where they are, and nothing leaves this machine.</p>
                <Button look="main" onClick={openFolder}>Open folder …</Button>
              </Empty>
            </div>
          )
        ) : null}
        {studies.length > 0 ? (
          <table className="table studies-table">
            <thead>
              <tr>
                <th></th>
                {headings.map(({ column, words, figure }) => (
                  <th key={column} className={figure ? 'figure' : ''} aria-sort={order.column === column ? (order.down ? 'descending' : 'ascending') : 'none'}>
                    <button type="button" className="sort" onClick={() => setOrder(nextOrder(order, column))}>{words} {order.column === column ? (order.down ? '↓' : '↑') : ''}</button>
                  </th>
                ))}
                <th></th>
              </tr>
            </thead>
            <tbody>
              {studies.map((study) => (
                <tr key={study.studyInstanceUid} data-testid="study-row" className={study.studyInstanceUid === chosen ? 'chosen' : ''} ref={study.studyInstanceUid === chosen ? keepInSight : undefined} onClick={() => setChosen(study.studyInstanceUid)} onDoubleClick={() => openStudy(study)}>
                  <td className="picture">{study.thumbnailSeriesUid === null ? <span className="thumbnail missing">no images</span> : <Thumbnail src={urls.seriesThumbnail(study.thumbnailSeriesUid)} alt={study.description} />}</td>
                  <td>
                    <div className="strong">{hideIdentifiers ? '•••••' : format.personName(study.patientName) || study.patientId || '–'}</div>
                    <div className="muted small">{hideIdentifiers ? '•••••' : [study.patientName === '' ? '' : study.patientId, study.patientSex, format.dicomDate(study.patientBirthDate)].filter(Boolean).join(' · ')}</div>
                  </td>
                  <td>
                    <div>{study.description || <span className="muted">no description</span>}</div>
                    <div className="muted small mono">{study.shortId}</div>
                  </td>
                  <td className="mono">{hideIdentifiers ? '•••••' : format.dicomDate(study.studyDate)}</td>
                  <td>{study.modalities.map((one) => <span key={one} className="tag">{one}</span>)}</td>
                  <td className="figure">{study.series}</td>
                  <td className="figure">{study.images}</td>
                  <td className="muted small">{format.instant(study.addedAt)}</td>
                  <td><Button data-testid="open-study" onClick={() => openStudy(study)}>Open</Button></td>
                </tr>
              ))}
            </tbody>
          </table>
        ) : null}
        {dragging ? <div className="drop-over">Drop to add to the library</div> : null}
      </div>
      {chosenStudy ? <StudyDetails study={chosenStudy} onForget={() => void forget(chosenStudy)} /> : null}
    </div>
  );
}
