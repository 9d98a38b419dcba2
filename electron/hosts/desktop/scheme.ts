/** The page's own address, `scanloom://app/`: the built page, and the core under `/api/`. Nothing else has an answer. */
import { ScanloomError } from '#contract';
import { dataPolicy, withSecurityHeaders, type PageFiles } from '../page-files/index.ts';
import type { ElectronApi, SessionApi } from './electron-api.ts';

export const scheme = 'scanloom';
export const origin = `${scheme}://app`;
export const pageUrl = `${origin}/`;

/** Must be called before the app is ready. */
export function registerScheme({ protocol }: Pick<ElectronApi, 'protocol'>): void {
  protocol.registerSchemesAsPrivileged([{
    scheme,
    // `standard` gives the page an origin of its own; `secure` the rights of https; nothing may bypass the policy.
    privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, corsEnabled: false, bypassCSP: false, allowServiceWorkers: false },
  }]);
}

export function handleScheme(session: SessionApi, page: PageFiles, core: { fetch(request: Request): Promise<Response> }): void {
  session.protocol.handle(scheme, async (request) => {
    try {
      return await answer(request, page, core);
    } catch (thrown) {
      return refusal(ScanloomError.from(thrown));
    }
  });
}

async function answer(request: Request, page: PageFiles, core: { fetch(request: Request): Promise<Response> }): Promise<Response> {
  const url = new URL(request.url);
  const asking = request.headers.get('origin');
  // A page of another origin cannot exist here; should one, it gets nothing.
  if (url.host !== 'app' || (asking !== null && asking !== origin)) return refusal(new ScanloomError('request/forbidden', 'Only the page itself may ask.'));
  if (url.pathname.startsWith('/api/')) return withSecurityHeaders(await core.fetch(request), dataPolicy);
  const file = request.method === 'GET' ? await page(url.pathname) : null;
  return file ?? refusal(new ScanloomError('request/not-found', 'There is nothing at this address.'));
}

function refusal(error: ScanloomError): Response {
  return withSecurityHeaders(Response.json({ error: error.toBody() }, { status: error.status }), dataPolicy);
}
