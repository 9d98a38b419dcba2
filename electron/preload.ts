/** Runs before the page, in a world of its own: gives it the host's facts and dropped files, and nothing that could send anything else. */
import { exposeHost } from './hosts/desktop/bridge.ts';
import { preload } from './hosts/desktop/real-preload.ts';

exposeHost(preload, process.platform);
