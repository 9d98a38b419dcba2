/** The few marks of Markdown that model cards use, as elements. Never as HTML text: a card comes from a package and is not trusted. */
import type { ReactNode } from 'react';

export type Block = { kind: 'heading'; level: number; text: string } | { kind: 'paragraph'; text: string } | { kind: 'list'; items: string[] } | { kind: 'table'; head: string[]; rows: string[][] } | { kind: 'code'; text: string };

function cells(line: string): string[] {
  return line.trim().replace(/^\||\|$/g, '').split('|').map((cell) => cell.trim());
}

/** Text into blocks. Pure. */
export function blocksOf(markdown: string): Block[] {
  const lines = markdown.replace(/\r/g, '').split('\n');
  const blocks: Block[] = [];
  let i = 0;
  while (i < lines.length) {
    const line = lines[i] as string;
    const heading = /^(#{1,4})\s+(.*)$/.exec(line);
    if (line.trim() === '') i += 1;
    else if (line.startsWith('```')) {
      const from = i + 1;
      i = from;
      while (i < lines.length && !(lines[i] as string).startsWith('```')) i += 1;
      blocks.push({ kind: 'code', text: lines.slice(from, i).join('\n') });
      i += 1;
    } else if (heading) {
      blocks.push({ kind: 'heading', level: (heading[1] as string).length, text: heading[2] as string });
      i += 1;
    } else if (line.trim().startsWith('|') && /^\s*\|[\s:|-]+\|?\s*$/.test(lines[i + 1] ?? '')) {
      const head = cells(line);
      const rows: string[][] = [];
      i += 2;
      while (i < lines.length && (lines[i] as string).trim().startsWith('|')) {
        rows.push(cells(lines[i] as string));
        i += 1;
      }
      blocks.push({ kind: 'table', head, rows });
    } else if (/^\s*[-*]\s+/.test(line)) {
      const items: string[] = [];
      while (i < lines.length && (lines[i] as string).trim() !== '') {
        const item = /^\s*[-*]\s+(.*)$/.exec(lines[i] as string);
        if (item) items.push(item[1] as string);
        else if (items.length > 0) items[items.length - 1] += ` ${(lines[i] as string).trim()}`;
        i += 1;
      }
      blocks.push({ kind: 'list', items });
    } else {
      const from = i;
      while (i < lines.length && (lines[i] as string).trim() !== '' && !/^(#{1,4}\s|```|\s*[-*]\s|\s*\|)/.test(lines[i] as string)) i += 1;
      if (i === from) i += 1;
      blocks.push({ kind: 'paragraph', text: lines.slice(from, i).join(' ') });
    }
  }
  return blocks;
}

function inline(text: string): ReactNode[] {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*)/g).map((part, i) => {
    if (part.startsWith('`') && part.endsWith('`') && part.length > 1) return <code key={i}>{part.slice(1, -1)}</code>;
    if (part.startsWith('**') && part.endsWith('**') && part.length > 3) return <strong key={i}>{part.slice(2, -2)}</strong>;
    // Links are shown as their words: nothing leaves this machine.
    return part.replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1');
  });
}

export function Markdown({ text }: { text: string }): ReactNode {
  return (
    <div className="markdown">
      {blocksOf(text).map((block, i) => {
        switch (block.kind) {
          case 'heading': return block.level <= 2 ? <h2 key={i}>{inline(block.text)}</h2> : <h4 key={i}>{inline(block.text)}</h4>;
          case 'paragraph': return <p key={i}>{inline(block.text)}</p>;
          case 'list': return <ul key={i}>{block.items.map((item, k) => <li key={k}>{inline(item)}</li>)}</ul>;
          case 'code': return <pre key={i}>{block.text}</pre>;
          case 'table':
            return (
              <table key={i} className="table small">
                <thead><tr>{block.head.map((cell, k) => <th key={k}>{inline(cell)}</th>)}</tr></thead>
                <tbody>{block.rows.map((row, r) => <tr key={r}>{row.map((cell, k) => <td key={k}>{inline(cell)}</td>)}</tr>)}</tbody>
              </table>
            );
        }
      })}
    </div>
  );
}
