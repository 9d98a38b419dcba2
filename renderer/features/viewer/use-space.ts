/** Space: a tap resets, held with a drag it pans. */
import { useEffect, useMemo, useRef } from 'react';

export interface SpaceKey {
  isHeld(): boolean;
  /** To be called when the held key was used for panning. */
  used(): void;
}

export function useSpace(onTap: () => void): SpaceKey {
  const tap = useRef(onTap);
  useEffect(() => {
    tap.current = onTap;
  });
  const state = useRef({ held: false, used: false });
  useEffect(() => {
    const isOurs = (event: KeyboardEvent): boolean => event.code === 'Space' && !(event.target instanceof HTMLElement && event.target.closest('button, a, input, select, textarea, dialog') !== null);
    const down = (event: KeyboardEvent): void => {
      if (!isOurs(event)) return;
      event.preventDefault();
      if (!state.current.held) state.current = { held: true, used: false };
    };
    const up = (event: KeyboardEvent): void => {
      if (event.code !== 'Space' || !state.current.held) return;
      const { used } = state.current;
      state.current = { held: false, used: false };
      if (!used) tap.current();
    };
    const lost = (): void => {
      state.current = { held: false, used: false };
    };
    window.addEventListener('keydown', down);
    window.addEventListener('keyup', up);
    window.addEventListener('blur', lost);
    return () => {
      window.removeEventListener('keydown', down);
      window.removeEventListener('keyup', up);
      window.removeEventListener('blur', lost);
    };
  }, []);
  return useMemo(
    () => ({
      isHeld: () => state.current.held,
      used: () => {
        state.current.used = true;
      },
    }),
    [],
  );
}
