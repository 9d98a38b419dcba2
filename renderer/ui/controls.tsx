/** Shared controls. Each says its state in words or shape too, never by colour alone. */
import { useEffect, useState } from 'react';
import type { ButtonHTMLAttributes, ReactNode } from 'react';
import type { ScanloomError } from '#contract';
import { noAnswer } from '../client/index.ts';
import { keyCap } from './keys.ts';

export function Key({ chord }: { chord: string }): ReactNode {
  return <kbd className="key">{keyCap(chord)}</kbd>;
}

type ButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled'> & {
  look?: 'plain' | 'main' | 'quiet' | 'danger';
  /** Why it cannot be pressed now; shown beside the pointer. Nothing means that it can. */
  disabledBecause?: string | false | undefined;
  pressed?: boolean;
  chord?: string;
};

export function Button({ look = 'plain', disabledBecause, pressed, chord, children, className = '', onClick, ...rest }: ButtonProps): ReactNode {
  const disabled = typeof disabledBecause === 'string' && disabledBecause !== '';
  // aria-disabled rather than disabled: a disabled button shows no reason.
  return (
    <button
      type="button"
      {...rest}
      className={`button ${look} ${className}`}
      aria-disabled={disabled || undefined}
      aria-pressed={pressed}
      title={disabled ? disabledBecause : rest.title}
      onClick={(event) => {
        if (!disabled) onClick?.(event);
      }}
    >
      {children}
      {chord === undefined ? null : <Key chord={chord} />}
    </button>
  );
}

/** Which choice an arrow key leads to; null for other keys (up and down belong to the lists of a screen). Pure. */
export function choiceAfter(key: string, index: number, count: number): number | null {
  if (count === 0) return null;
  if (key === 'ArrowRight') return (index + 1) % count;
  if (key === 'ArrowLeft') return (index - 1 + count) % count;
  return null;
}

/** A row of exclusive choices: one stop of Tab, arrows choose within it. */
export function Choices<T extends string>({ label, value, options, onChange }: { label: string; value: T; options: readonly { value: T; label: ReactNode; title?: string }[]; onChange(value: T): void }): ReactNode {
  return (
    <div
      className="choices"
      role="group"
      aria-label={label}
      onKeyDown={(event) => {
        const next = choiceAfter(event.key, options.findIndex((option) => option.value === value), options.length);
        const option = next === null ? undefined : options[next];
        if (option === undefined || next === null) return;
        event.preventDefault();
        event.stopPropagation();
        onChange(option.value);
        const button = event.currentTarget.children.item(next);
        if (button instanceof HTMLElement) button.focus();
      }}
    >
      {options.map((option) => (
        <button key={option.value} type="button" className="choice" title={option.title} tabIndex={option.value === value ? 0 : -1} aria-pressed={option.value === value} onClick={() => onChange(option.value)}>
          {option.label}
        </button>
      ))}
    </div>
  );
}

export function Field({ label, hint, error, children }: { label: string; hint?: ReactNode; error?: string | undefined; children: ReactNode }): ReactNode {
  return (
    <label className="field">
      <span className="field-label">{label}</span>
      {children}
      {error ? <span className="field-error">✕ {error}</span> : hint ? <span className="field-hint">{hint}</span> : null}
    </label>
  );
}

/** Name and figure on one line, figure in tabular digits. */
export function Fact({ name, children, tone }: { name: ReactNode; children: ReactNode; tone?: 'good' | 'bad' | 'model' }): ReactNode {
  return (
    <div className="fact">
      <span className="fact-name">{name}</span>
      <span className={`fact-value ${tone ?? ''}`}>{children}</span>
    </div>
  );
}

/** The amber mark of everything that a model made or touched. There is no prop that hides it. */
export function ModelBadge({ children, small = false }: { children: ReactNode; small?: boolean }): ReactNode {
  return <span className={small ? 'model-badge small' : 'model-badge'}>{children}</span>;
}

export function Progress({ done, total, label }: { done: number; total: number; label: string }): ReactNode {
  const share = total > 0 ? Math.min(1, done / total) : 0;
  return (
    <div className="progress" role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={total} aria-valuenow={done}>
      <div className="progress-done" style={{ width: `${share * 100}%` }} />
    </div>
  );
}

/** What went wrong, in the host's words, with what to do about it. */
export function ErrorNote({ error, onRetry }: { error: Pick<ScanloomError, 'message' | 'code'> & { hint?: string | undefined }; onRetry?: () => void }): ReactNode {
  // That nobody answers is no fault with a name in a log.
  const isSilence = error.message === noAnswer;
  return (
    <div className="note bad" role="alert">
      <strong>✕ {error.message}</strong>
      {error.hint ? <span>{error.hint}</span> : null}
      {isSilence ? null : <span className="note-code">{error.code}</span>}
      {onRetry ? <Button look="quiet" onClick={onRetry}>Try again</Button> : null}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }): ReactNode {
  return (
    <div className="empty">
      <h2>{title}</h2>
      <div>{children}</div>
    </div>
  );
}

/** "Loading …" only after 300 ms: what is quick should not flicker. */
export function Waiting({ what }: { what: string }): ReactNode {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300);
    return () => clearTimeout(timer);
  }, []);
  return late ? <div className="waiting" role="status">Loading {what} …</div> : null;
}

/** A picture that says so when it cannot be had. */
export function Thumbnail({ src, alt, className = '' }: { src: string; alt: string; className?: string }): ReactNode {
  const [failedSrc, setFailedSrc] = useState<string | null>(null);
  if (failedSrc === src) return <span className={`thumbnail missing ${className}`} title={`No picture of ${alt}`}>no picture</span>;
  return <img className={`thumbnail ${className}`} src={src} alt={alt} loading="lazy" decoding="async" draggable={false} onError={() => setFailedSrc(src)} />;
}
