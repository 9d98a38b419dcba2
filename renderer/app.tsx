/** The whole page: names of the screens on top, the screen, what runs at the bottom; and the one table of screens. */
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { ScanloomError } from '#contract';
import { call, ingestDrop, keepRecentIngests, live, startEvents, useResource, useStore } from './client/index.ts';
import { Button, Confirmation, Empty, Key, Toasts, changePreferences, goTo, placeAddress, preferences, tell, useKeys, usePlace } from './ui/index.ts';
import type { Place } from './ui/index.ts';
import { DeidentifyScreen } from './features/deidentify/index.ts';
import { ExportScreen } from './features/exports/index.ts';
import { Finder, Help } from './features/find/index.ts';
import type { Command } from './features/find/index.ts';
import { ConnectionNote, JobsScreen, StatusLine } from './features/jobs/index.ts';
import { StudiesScreen } from './features/library/index.ts';
import { PackagesScreen } from './features/packages/index.ts';
import { ReviewScreen } from './features/review/index.ts';
import { SettingsScreen } from './features/settings/index.ts';
import { SynthesizeScreen, UpscalePanel } from './features/tasks/index.ts';
import { ViewScreen } from './features/viewer/index.ts';
import { Gallery } from './ui/gallery/gallery.tsx';

interface Screen {
  readonly id: string;
  readonly name: string;
  /** In the row on top. */
  readonly listed: boolean;
  render(place: Place): ReactNode;
}

/** A new screen is a folder under features/ and a line here. */
const screens: readonly Screen[] = [
  { id: 'studies', name: 'Studies', listed: true, render: () => <StudiesScreen /> },
  { id: 'view', name: 'View', listed: true, render: (place) => <ViewScreen place={place} taskPanel={(context) => <UpscalePanel key={context.series.series.seriesInstanceUid} {...context} />} /> },
  { id: 'synthesize', name: 'Synthesize', listed: true, render: () => <SynthesizeScreen /> },
  { id: 'review', name: 'Review', listed: true, render: (place) => <ReviewScreen place={place} /> },
  { id: 'export', name: 'Export', listed: true, render: (place) => <ExportScreen place={place} /> },
  { id: 'deidentify', name: 'De-identify', listed: false, render: (place) => <DeidentifyScreen place={place} /> },
  { id: 'packages', name: 'Packages', listed: true, render: () => <PackagesScreen /> },
  { id: 'jobs', name: 'Jobs', listed: true, render: () => <JobsScreen /> },
  { id: 'settings', name: 'Settings', listed: true, render: () => <SettingsScreen /> },
  { id: 'gallery', name: 'Gallery of controls', listed: false, render: () => <Gallery /> },
];

const commands: readonly Command[] = [
  ...screens.filter((screen) => screen.listed).map((screen): Command => ({ kind: 'screen', label: screen.name, run: () => goTo(screen.id) })),
  { kind: 'command', label: 'De-identify a study', run: () => goTo('deidentify') },
  { kind: 'command', label: 'Hide or show names and identifiers', chord: 'N', run: () => changePreferences({ hideIdentifiers: !preferences.get().hideIdentifiers }) },
  { kind: 'command', label: 'Show all keys', chord: '?', run: () => window.dispatchEvent(new KeyboardEvent('keydown', { key: '?' })) },
];

export function App(): ReactNode {
  const place = usePlace();
  const [finding, setFinding] = useState(false);
  const [helping, setHelping] = useState(false);
  // Asked again when a job ends: the free disk is on the bottom line.
  const { jobsRevision, studies } = useStore(live);
  const host = useResource((signal) => call('host', { signal }), 'host', jobsRevision + studies);
  useEffect(() => startEvents(), []);
  useEffect(() => keepRecentIngests(), []);
  // A drop beside the list of studies is taken too; without this the window would leave the page for the file.
  useEffect(() => {
    const over = (event: DragEvent): void => event.preventDefault();
    const drop = (event: DragEvent): void => {
      if (event.defaultPrevented || event.dataTransfer === null) return;
      event.preventDefault();
      goTo('studies');
      ingestDrop(event.dataTransfer).catch((error: unknown) => tell(ScanloomError.from(error).message, 'bad'));
    };
    window.addEventListener('dragover', over);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('drop', drop);
    };
  }, []);
  const { hideIdentifiers } = useStore(preferences);
  useKeys([
    { keys: ['Ctrl+K'], does: 'find', inText: true, run: () => setFinding(true) },
    { keys: ['?'], does: 'keys', run: () => setHelping(true) },
    { keys: ['N'], does: 'hide identifiers', run: () => changePreferences({ hideIdentifiers: !preferences.get().hideIdentifiers }) },
  ]);
  const screen = screens.find((one) => one.id === place.screen);
  return (
    // Where an image or a list has the keyboard, a click on a button leaves it there: only Tab moves the focus to buttons. Elsewhere Tab goes on from what was clicked.
    <div
      className="app"
      onMouseDown={(event) => {
        if (!['studies', 'view', 'review'].includes(place.screen)) return;
        if (!(event.target instanceof Element) || event.target.closest('button, summary') === null) return;
        event.preventDefault();
        if (document.activeElement instanceof HTMLInputElement || document.activeElement instanceof HTMLSelectElement) document.activeElement.blur();
      }}
    >
      <header className="topbar">
        <strong className="brand">Scanloom</strong>
        <nav aria-label="Screens">
          {screens.filter((one) => one.listed).map((one) => (
            <a key={one.id} href={placeAddress(one.id)} aria-current={one.id === place.screen ? 'page' : undefined}>{one.name}</a>
          ))}
        </nav>
        <span className="spacer" />
        {hideIdentifiers ? <span className="tag" title="Press N to show them">names hidden</span> : null}
        <span className="stays"><span aria-hidden="true">●</span> nothing leaves this machine</span>
        <Button look="quiet" onClick={() => setFinding(true)} title="Find a study, screen or command"><Key chord="Ctrl+K" /></Button>
        <Button look="quiet" onClick={() => setHelping(true)} title="All keys"><Key chord="?" /></Button>
      </header>
      <ConnectionNote />
      <main className="screen" aria-label={screen?.name ?? 'Unknown'}>
        {host.error && !host.value ? (
          <Empty title="Scanloom does not answer">
            <p>{host.error.message} {host.error.hint ?? ''}</p>
            <Button onClick={host.reload}>Try again</Button>
          </Empty>
        ) : screen ? screen.render(place) : (
          <Empty title="There is no such screen"><Button onClick={() => goTo('studies')}>Go to studies</Button></Empty>
        )}
      </main>
      <StatusLine host={host.value} />
      {finding ? <Finder commands={commands} onClose={() => setFinding(false)} /> : null}
      {helping ? <Help onClose={() => setHelping(false)} /> : null}
      <Confirmation />
      <Toasts />
    </div>
  );
}
