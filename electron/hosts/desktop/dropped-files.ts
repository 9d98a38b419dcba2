/** Files dropped on the page: the preload script (`bridge.ts`) names their paths, the page gets handles. */
import path from 'node:path';
import { z } from 'zod';
import { dropChannel } from './bridge.ts';
import type { ElectronApi } from './electron-api.ts';
import { pageUrl } from './scheme.ts';

const Dropped = z.array(z.string().min(1).max(32_767).refine((place) => path.isAbsolute(place), 'a path from a drop is absolute')).max(1000);

/** The only message that the page's process can send: paths of dropped files, answered with a handle for each. */
export function acceptDrops({ ipcMain }: Pick<ElectronApi, 'ipcMain'>, registerFolder: (place: string) => string): void {
  ipcMain.handle(dropChannel, (event, paths) => {
    const from = event.senderFrame;
    if (from === null || from.parent !== null || !from.url.startsWith(pageUrl)) throw new Error('Only the page itself may ask.');
    return Dropped.parse(paths).map(registerFolder);
  });
}
