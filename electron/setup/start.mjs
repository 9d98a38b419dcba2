/** `npm start`: the window, or, where Electron's program cannot be had, the same page in the browser. */
import { callersFolder, prepare, root, say } from './prepare.mjs';

await prepare();
const { build } = await import('./build.mjs');
await build();

const { hasDisplay, obtainElectron } = await import('./electron-binary.mjs');
const { runNode, runProgram } = await import('./run-node.mjs');
const path = await import('node:path');

const given = process.argv.slice(2);
const wantsBrowser = given.includes('--browser');
const rest = given.filter((word) => word !== '--browser');

const found = wantsBrowser || !hasDisplay() ? {} : await obtainElectron();
if (found.program !== undefined) {
  process.exitCode = await runProgram(found.program, [root, ...rest], { cwd: callersFolder() });
} else {
  if (!hasDisplay()) say('There is no display here for Electron\'s window; serving the page for a browser instead.');
  else if (found.reason !== undefined) say(`Electron's program could not be had: ${found.reason}; opening the page in your browser.`);
  process.exitCode = await runNode([path.join(root, 'dist', 'node', 'cli.js'), 'serve', ...(hasDisplay() ? ['--open'] : []), ...rest], { cwd: callersFolder() });
}
