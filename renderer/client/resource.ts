/** A value fetched for a component. While it is fetched again the old one stays, so that nothing on the screen jumps. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { ScanloomError } from '#contract';

export interface Resource<T> {
  readonly value: T | undefined;
  readonly error: ScanloomError | undefined;
  readonly loading: boolean;
  reload(): void;
}

interface State<T> {
  readonly key: string;
  readonly value: T | undefined;
  readonly error: ScanloomError | undefined;
  readonly loading: boolean;
}

/**
 * @param load Fetches the value; `null` for nothing to fetch yet.
 * @param key  Names what is fetched: when it changes, the old value is dropped and a fetch on its way is given up.
 * @param revision When only this changes, the old value stays until the new one is here. Changes during a fetch lead to one more after it, so that
 *                 many events in a row neither pile up fetches nor keep them from ever ending.
 */
export function useResource<T>(load: ((signal: AbortSignal) => Promise<T>) | null, key: string, revision = 0): Resource<T> {
  const [state, setState] = useState<State<T>>({ key, value: undefined, error: undefined, loading: load !== null });
  const latest = useRef(load);
  const refresh = useRef<(() => void) | null>(null);
  const seen = useRef(revision);
  useEffect(() => {
    latest.current = load;
  });
  const idle = load === null;
  useEffect(() => {
    if (idle) return;
    const controller = new AbortController();
    let isRunning = false;
    let isStale = false;
    const run = async (): Promise<void> => {
      if (isRunning) {
        isStale = true;
        return;
      }
      isRunning = true;
      setState((now) => (now.key === key ? { ...now, loading: true } : { key, value: undefined, error: undefined, loading: true }));
      do {
        isStale = false;
        try {
          const value = await latest.current?.(controller.signal);
          if (controller.signal.aborted) return;
          setState({ key, value, error: undefined, loading: isStale });
        } catch (thrown) {
          if (controller.signal.aborted) return;
          const error = ScanloomError.from(thrown);
          setState((now) => ({ key, value: now.key === key ? now.value : undefined, error, loading: isStale }));
        }
      } while (isStale);
      isRunning = false;
    };
    refresh.current = () => void run();
    refresh.current();
    return () => {
      controller.abort();
      refresh.current = null;
    };
  }, [key, idle]);
  useEffect(() => {
    if (seen.current === revision) return;
    seen.current = revision;
    refresh.current?.();
  }, [revision]);
  const reload = useCallback(() => refresh.current?.(), []);
  const current = state.key === key ? state : { value: undefined, error: undefined, loading: !idle };
  return { value: current.value, error: current.error, loading: current.loading, reload };
}
