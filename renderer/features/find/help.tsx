/** `?`: all keys and what the mouse does. */
import type { ReactNode } from 'react';
import { Button, Dialog, Key } from '../../ui/index.ts';
import './find.css';

interface Line {
  readonly keys: readonly string[];
  readonly does: string;
}
export interface KeyGroup {
  readonly title: string;
  readonly lines: readonly Line[];
}

const line = (does: string, ...keys: string[]): Line => ({ does, keys });

/** What `?` prints. The screens serve these keys; a test compares the two. */
export const keyGroups: readonly KeyGroup[] = [
  {
    title: 'Everywhere',
    lines: [line('find a study, screen or command', 'Ctrl+K'), line('these keys', '?'), line('names and identifiers hidden or shown', 'N'), line('start the task of this screen', 'Ctrl+Enter'), line('close, cancel', 'Escape')],
  },
  {
    title: 'Slices',
    lines: [line('next, previous slice', 'ArrowDown', 'ArrowUp'), line('ten on, ten back', 'Shift+ArrowDown', 'Shift+ArrowUp'), line('first, last', 'Home', 'End'), line('next, previous series', 'PageDown', 'PageUp'), line('next, previous time point, same place', 'Shift+PageDown', 'Shift+PageUp'), line('other viewport', 'Tab'), line('cine', 'C')],
  },
  {
    title: 'Window and view',
    lines: [line('window presets', '1', '2', '3', '4', '5', '6', '7', '8', '9'), line('window of the file', '0'), line('invert', 'I'), line('rotate', 'R'), line('flip left–right, top–bottom', 'Shift+H', 'Shift+V'), line('plain pixels or smooth', 'G'), line('axial, coronal, sagittal plane of a volume', 'Shift+A', 'Shift+C', 'Shift+S'), line('as it came', 'Space'), line('marks and corners hidden or shown', 'Backquote'), line('overlays hidden or shown', 'O'), line('image over the whole window', 'F11'), line('one or two viewports', 'V'), line('two by two', 'Q')],
  },
  {
    title: 'Tools (left drag)',
    lines: [line('window', 'W'), line('pan', 'T'), line('zoom', 'Z'), line('scroll', 'S'), line('probe', 'P'), line('length', 'D'), line('angle: drag one arm, click the other', 'A'), line('ellipse: mean, SD, area', 'E'), line('key image, or no longer', 'K'), line('remove the chosen mark, or the last', 'Delete'), line('undo, redo a mark', 'Ctrl+Z', 'Ctrl+Shift+Z')],
  },
  { title: 'Compare', lines: [line('before/after slider', 'X'), line('signed difference', 'Y'), line('link the viewports', 'L')] },
  {
    title: 'Review',
    lines: [line('accept, next', 'Enter'), line('reject, then a number for why', 'Backspace', '1', '5'), line('unsure', 'U'), line('undo, redo', 'Ctrl+Z', 'Ctrl+Shift+Z'), line('next, previous', 'ArrowRight', 'ArrowLeft'), line('first, last', 'Home', 'End'), line('in an enhanced series: slices', 'ArrowDown', 'ArrowUp', 'Shift+ArrowDown', 'Shift+ArrowUp', 'Home', 'End'), line('in an enhanced series: before/after, difference', 'X', 'Y'), line('a note with the decision', 'M'), line('window of the images; 1 to 99 %, then brighter', '0', '1', '2', '3', '4'), line('invert', 'I'), line('walk the unsure, rejected, accepted ones; again: all', 'Shift+U', 'Shift+R', 'Shift+A'), line('next run with something left', 'PageDown'), line('export this run', 'Ctrl+Enter'), line('back to the image', 'Escape')],
  },
  { title: 'De-identify', lines: [line('confirm, next', 'Enter'), line('confirm the same boxes for the series', 'Shift+Enter'), line('drop the box, or take it back', 'Backspace'), line('next, previous image', 'ArrowRight', 'ArrowLeft'), line('next, previous box', 'ArrowDown', 'ArrowUp'), line('show boxes black', 'B'), line('undo', 'Ctrl+Z'), line('make the copy', 'Ctrl+Enter')] },
  { title: 'Studies', lines: [line('search', '/'), line('choose', 'ArrowDown', 'ArrowUp'), line('open the study', 'Enter'), line('open a folder', 'O')] },
];

const mouse: readonly (readonly [string, string])[] = [
  ['wheel', 'slice; with Shift ten'],
  ['Ctrl + wheel, right drag', 'zoom'],
  ['left drag', 'window: right = wider, up = brighter'],
  ['left drag on a mark', 'move it; on its squares change it'],
  ['middle drag, Space + drag', 'pan'],
  ['double click', 'image over the whole window'],
];

export function Help({ onClose }: { onClose(): void }): ReactNode {
  return (
    <Dialog label="Keys" onClose={onClose} className="help">
      <div className="page-head">
        <h2>Keys and mouse</h2>
        <span className="spacer" />
        <Button look="quiet" onClick={onClose} chord="Escape">Close</Button>
      </div>
      <div className="help-groups">
        {keyGroups.map((group) => (
          <section key={group.title}>
            <h3>{group.title}</h3>
            {group.lines.map((one) => (
              <div key={one.does} className="help-line">
                <span>{one.does}</span>
                <span className="help-keys">{one.keys.map((chord) => <Key key={chord} chord={chord} />)}</span>
              </div>
            ))}
          </section>
        ))}
        <section>
          <h3>Mouse on an image</h3>
          {mouse.map(([what, does]) => <div key={what} className="help-line"><span>{does}</span><span className="muted small">{what}</span></div>)}
        </section>
      </div>
    </Dialog>
  );
}
