/** The part of the ledger that travels with an export: whole entries for what is exported, bare links for what lies between. */
import { z } from 'zod';
import { Decision, LedgerEntry, Sha256 } from '#contract';
import { ledgerHash } from '#library';

/** An entry about something else: its place in the chain without its content, which is nobody's business here. */
const LedgerLink = z.strictObject({ index: z.int().min(0), previousHash: Sha256, hash: Sha256 });
export const LedgerLine = z.union([LedgerEntry, LedgerLink]);
export type LedgerLine = z.infer<typeof LedgerLine>;

export function isWhole(line: LedgerLine): line is LedgerEntry {
  return 'kind' in line;
}

/** From the first to the last entry about these items: theirs (item and decisions) whole, the others as links. */
export function ledgerLinesFor(entries: Iterable<LedgerEntry>, itemIds: ReadonlySet<string>): LedgerLine[] {
  const lines: LedgerLine[] = [];
  let lastOwn = 0;
  for (const entry of entries) {
    const own = entry.kind !== 'export' && typeof entry.body['itemId'] === 'string' && itemIds.has(entry.body['itemId']);
    if (!own && lastOwn === 0) continue;
    lines.push(own ? entry : { index: entry.index, previousHash: entry.previousHash, hash: entry.hash });
    if (own) lastOwn = lines.length;
  }
  return lines.slice(0, lastOwn);
}

export function ledgerFile(lines: readonly LedgerLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** What is wrong with the lines, in words; empty when every link holds and every whole entry has the hash it says. */
export function brokenLinks(lines: readonly LedgerLine[]): string[] {
  const problems: string[] = [];
  let before: LedgerLine | undefined;
  for (const line of lines) {
    if (before !== undefined && line.index !== before.index + 1) problems.push(`Entry ${line.index} does not follow entry ${before.index}.`);
    if (before !== undefined && line.previousHash !== before.hash) problems.push(`Entry ${line.index} does not continue entry ${before.index}.`);
    if (isWhole(line) && ledgerHash(line) !== line.hash) problems.push(`Entry ${line.index} was changed.`);
    before = line;
  }
  return problems;
}

/** Lines of a ledger file. @throws SyntaxError or ZodError for what is none */
export function parseLedgerFile(text: string): LedgerLine[] {
  return text.split('\n').filter((line) => line !== '').map((line) => LedgerLine.parse(JSON.parse(line)));
}

const DecisionBody = z.object({ itemId: z.string(), decisionSeq: z.int(), action: z.enum(['decide', 'undo']), decision: Decision, reader: z.string() });
export type StandingDecision = z.infer<typeof DecisionBody>;

/** The decision that counts for each item: its last one that was not taken back. Made from the entries alone. */
export function standingDecisions(lines: Iterable<LedgerLine>): Map<string, StandingDecision> {
  const made = new Map<number, StandingDecision>();
  for (const line of lines) {
    if (!isWhole(line) || line.kind !== 'decision') continue;
    const body = DecisionBody.safeParse(line.body);
    if (!body.success) continue;
    if (body.data.action === 'undo') made.delete(body.data.decisionSeq);
    else made.set(body.data.decisionSeq, body.data);
  }
  return new Map([...made.values()].map((decision) => [decision.itemId, decision]));
}
