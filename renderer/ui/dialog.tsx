/** Dialogs: the keys, the finder, and the question before what cannot be undone. */
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { Button } from './controls.tsx';
import { createStore, useStore } from '../client/index.ts';

export function Dialog({ label, onClose, children, className = '' }: { label: string; onClose(): void; children: ReactNode; className?: string }): ReactNode {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = box.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={box}
      className={`dialog ${className}`}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => {
        if (event.target === box.current) onClose();
      }}
    >
      {children}
    </dialog>
  );
}

interface Question {
  readonly title: string;
  readonly text: string;
  readonly yes: string;
  readonly no: string;
  answer(yes: boolean): void;
}
const question = createStore<Question | null>(null);

/** Asks before something that cannot be undone, or that a person may not have meant. */
export function confirm(title: string, text: string, yes: string, no = 'Keep'): Promise<boolean> {
  return new Promise((resolve) => {
    question.set({
      title,
      text,
      yes,
      no,
      answer: (result) => {
        question.set(null);
        resolve(result);
      },
    });
  });
}

export function Confirmation(): ReactNode {
  const asked = useStore(question);
  if (asked === null) return null;
  return (
    <Dialog label={asked.title} onClose={() => asked.answer(false)} className="confirmation">
      <h2>{asked.title}</h2>
      <p>{asked.text}</p>
      <div className="dialog-buttons">
        <Button onClick={() => asked.answer(false)}>{asked.no}</Button>
        <Button look="danger" onClick={() => asked.answer(true)}>{asked.yes}</Button>
      </div>
    </Dialog>
  );
}

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: 'plain' | 'bad';
}
const toasts = createStore<readonly Toast[]>([]);
let nextToast = 1;

/** A sentence that goes by itself; failures stay longer. */
export function tell(text: string, tone: Toast['tone'] = 'plain'): void {
  const id = nextToast;
  nextToast += 1;
  toasts.set((now) => [...now.slice(-3), { id, text, tone }]);
  setTimeout(() => toasts.set((now) => now.filter((toast) => toast.id !== id)), tone === 'bad' ? 12_000 : 4_000);
}

export function Toasts(): ReactNode {
  const list = useStore(toasts);
  return (
    <div className="toasts" role="status">
      {list.map((toast) => (
        <div key={toast.id} className={`toast ${toast.tone}`}>
          {toast.tone === 'bad' ? '✕ ' : ''}
          {toast.text}
        </div>
      ))}
    </div>
  );
}
