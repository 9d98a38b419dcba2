/** `npm run test:electron`: the main flow in the real window, wherever Electron's program is there or can be had. */
import { prepare, root, say } from './prepare.mjs';

await prepare();
const { hasDisplay, obtainElectron } = await import('./electron-binary.mjs');
const found = hasDisplay() ? await obtainElectron() : { reason: 'this machine has no display (on Linux, xvfb-run gives it one)' };
if (found.program === undefined) {
  say(`The real window was not tested: ${found.reason}.`);
  process.exitCode = process.env.SCANLOOM_REQUIRE_ELECTRON ? 1 : 0;
} else {
  const { build } = await import('./build.mjs');
  await build();
  const { runNode } = await import('./run-node.mjs');
  const path = await import('node:path');
  process.exitCode = await runNode([path.join(root, 'tests', 'electron', 'real-window.mjs'), found.program], { cwd: root });
}
