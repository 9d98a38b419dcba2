/** Reads who imports whom from the code itself, and holds it to the table of rooms. */
import { cruise, type ICruiseResult, type IForbiddenRuleType, type IModule } from 'dependency-cruiser';
import { onlyIn, pure, rooms, siblings } from './rooms.ts';

const word = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
const within = (place: string): string => (place.endsWith('.ts') ? `^${word(place)}$` : `^${word(place.replace(/\/$/, ''))}/`);
const packageFolder = (name: string): string => `(^|/)node_modules/(@types/)?${word(name)}/`;

/** Every rule by name. A rule forbids; what no rule forbids is allowed. */
export function rules(): IForbiddenRuleType[] {
  const all: IForbiddenRuleType[] = [];
  for (const room of rooms) {
    const strangers = rooms.filter((other) => other !== room && !room.uses.includes(other.name)).map((other) => within(other.place));
    all.push({ name: `room-${room.name}`, comment: `${room.name} may use ${room.uses.join(', ') || 'no other room'}`, severity: 'error', from: { path: within(room.place) }, to: { path: strangers } });
    if (room.door !== 'any') {
      const doors = room.door === null ? [] : [`^${word(room.door)}$`];
      all.push({ name: `door-${room.name}`, comment: `${room.name} is entered by ${room.door ?? 'nobody'}`, severity: 'error', from: { path: '^(electron|renderer)/', pathNot: [within(room.place), '^electron/(preload|main)\\.ts$'] }, to: { path: within(room.place), ...(doors.length === 0 ? {} : { pathNot: doors }) } });
    }
  }
  all.push({ name: 'preload-alone', comment: 'the preload script takes its two files and nothing else', severity: 'error', from: { path: '^electron/preload\\.ts$' }, to: { pathNot: '^electron/hosts/desktop/(bridge|real-preload)\\.ts$' } });
  all.push({ name: 'preload-files', comment: 'a sandboxed script has no Node', severity: 'error', from: { path: '^electron/hosts/desktop/(bridge|real-preload)\\.ts$' }, to: { pathNot: ['^electron/hosts/desktop/electron-api\\.ts$', packageFolder('electron')] } });
  for (const { packageName, place, why } of onlyIn) {
    all.push({ name: `only-in-${packageName}`, comment: why, severity: 'error', from: { path: '^(electron|renderer)/', pathNot: within(place) }, to: { path: packageFolder(packageName) } });
  }
  all.push({ name: 'contract-imports-zod', comment: 'the contract runs in every process', severity: 'error', from: { path: '^electron/contract/' }, to: { pathNot: ['^electron/contract/', packageFolder('zod')] } });
  all.push({ name: 'page-is-a-page', comment: 'the page runs in a sandbox', severity: 'error', from: { path: '^renderer/' }, to: { dependencyTypes: ['core'] } });
  all.push({ name: 'page-knows-the-contract-only', comment: 'the page imports no other part of the program', severity: 'error', from: { path: '^renderer/' }, to: { path: '^electron/', pathNot: '^electron/contract/' } });
  for (const { place, except } of pure) {
    all.push({ name: `pure-${place}`, comment: 'touches no file, no database, no process, no network', severity: 'error', from: { path: within(place), ...(except === '' ? {} : { pathNot: within(except) }) }, to: { dependencyTypes: ['core'], path: '^(node:)?(fs|fs/promises|child_process|worker_threads|http|https|net|dgram|dns|sqlite|tls|cluster|inspector)$' } });
  }
  for (const place of siblings) {
    // The captured member is the one file or folder that a member may use: itself. The table (index.ts) knows them all.
    const member = place.includes('(') ? `^${place}/` : `^${word(place)}/([^/]+)`;
    const itself = place.includes('(') ? `^${place.replace(/\(.*\)/, '$1')}/` : `^${word(place)}/$1`;
    const table = `^${word(place)}/index\\.ts$`;
    all.push({ name: `siblings-${place}`, comment: 'one of a kind does not know another', severity: 'error', from: { path: member, pathNot: table }, to: { path: place.includes('(') ? `^${place}/` : `^${word(place)}/[^/]+`, pathNot: [itself, table] } });
  }
  all.push({ name: 'no-circle', comment: 'imports go downwards', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } });
  all.push({ name: 'resolvable', comment: 'every import leads somewhere', severity: 'error', from: {}, to: { couldNotResolve: true } });
  all.push({ name: 'no-development-package', comment: 'what is installed runs without development packages', severity: 'error', from: { path: '^electron/', pathNot: '^electron/(setup|hosts/desktop)/' }, to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] } });
  return all;
}

/** @param baseDir The project, or a folder that looks like one. */
export async function cruiseCode(baseDir: string, folders: readonly string[] = ['electron', 'renderer']): Promise<ICruiseResult> {
  const result = await cruise(
    [...folders],
    {
      baseDir,
      ruleSet: { forbidden: rules() },
      validate: true,
      tsPreCompilationDeps: true,
      doNotFollow: { path: 'node_modules' },
      exclude: { path: '\\.test\\.tsx?$|\\.mjs$|^electron/setup/' },
    },
    { conditionNames: ['import', 'require', 'node', 'default', 'types'], exportsFields: ['exports'], extensions: ['.ts', '.tsx', '.js', '.mjs', '.json', '.css', '.svg'] },
  );
  return result.output as ICruiseResult;
}

/** The project's own modules. */
export function ownModules({ modules }: ICruiseResult): IModule[] {
  return modules.filter(({ source }) => /^(electron|renderer)\//.test(source));
}
