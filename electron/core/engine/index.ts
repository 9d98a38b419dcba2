/** The link to the engine process: launch, handshake, cancel by killing, one retry after a crash, memory budget. See README.md. */
export type { EngineExit, EngineLink, EngineLinkOptions, EngineProcess, EngineRunOptions, LaunchEngine } from './types.ts';
export { createEngineLink } from './engine-link.ts';
export { launchNodeEngine } from './launch-node.ts';
