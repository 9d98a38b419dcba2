/** Ctrl+K: any study, screen or command by a few letters. */
import { useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { ScanloomError } from '#contract';
import { call, live, useResource, useStore } from '../../client/index.ts';
import { Dialog, Key, format, goTo, openStudyAt, preferences, tell } from '../../ui/index.ts';
import { bestMatches } from './match.ts';
import './find.css';

export interface Command {
  readonly label: string;
  readonly more?: string;
  readonly chord?: string;
  readonly kind: 'screen' | 'command' | 'study' | 'run';
  run(): void;
}

export function Finder({ commands, onClose }: { commands: readonly Command[]; onClose(): void }): ReactNode {
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const events = useStore(live);
  const { hideIdentifiers } = useStore(preferences);
  const box = useRef<HTMLInputElement>(null);
  const search = typed.trim();
  const studies = useResource((signal) => call('listStudies', { query: { limit: 20, ...(search === '' ? {} : { search }) }, signal }), search, events.studies);
  const jobs = useResource((signal) => call('listJobs', { signal }), 'jobs', events.jobsRevision);
  useEffect(() => box.current?.focus(), []);
  const found = useMemo(() => {
    const more: Command[] = [
      ...(studies.value?.studies ?? []).map((study): Command => ({
        kind: 'study',
        label: hideIdentifiers ? study.description || study.shortId : [format.personName(study.patientName), study.description].filter(Boolean).join(' · '),
        more: [study.modalities.join(' '), hideIdentifiers ? '' : study.patientId, hideIdentifiers ? '' : study.accessionNumber, hideIdentifiers ? '' : format.dicomDate(study.studyDate)].filter(Boolean).join(' · '),
        run: () => void openStudyAt(study.studyInstanceUid).catch((thrown: unknown) => tell(ScanloomError.from(thrown).message, 'bad')),
      })),
      ...(jobs.value ?? []).filter((job) => job.task === 'synthesize' && job.items > 0).map((job): Command => ({ kind: 'run', label: `Review ${job.title}`, more: format.instant(job.createdAt), run: () => goTo('review', [job.jobId]) })),
    ];
    return bestMatches([...commands, ...more], typed);
  }, [commands, hideIdentifiers, jobs.value, studies.value, typed]);
  const at = Math.min(chosen, found.length - 1);
  const pick = (command: Command | undefined): void => {
    if (!command) return;
    onClose();
    command.run();
  };
  return (
    <Dialog label="Find" onClose={onClose} className="finder">
      <input
        ref={box}
        className="input"
        placeholder="Study, screen or command …"
        aria-label="Find a study, screen or command"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setChosen(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setChosen(Math.min(found.length - 1, at + 1));
          else if (event.key === 'ArrowUp') setChosen(Math.max(0, at - 1));
          else if (event.key === 'Enter') pick(found[at]);
          else return;
          event.preventDefault();
        }}
      />
      <ul role="listbox" aria-label="Found">
        {found.map((command, i) => (
          <li key={`${command.kind} ${command.label} ${command.more ?? ''}`} role="option" aria-selected={i === at} onMouseMove={() => setChosen(i)} onClick={() => pick(command)}>
            <span className="tag">{command.kind}</span>
            <span>{command.label}</span>
            <span className="muted small">{command.more}</span>
            <span className="spacer" />
            {command.chord ? <Key chord={command.chord} /> : null}
          </li>
        ))}
        {found.length === 0 ? <li className="muted">Nothing of that name.</li> : null}
      </ul>
    </Dialog>
  );
}
