/** Collects lines up to a bound. */

export interface ContentLine {
  readonly level: number;
  readonly relationship: string;
  readonly name: string;
  readonly value: string;
}

export interface Content {
  readonly lines: readonly ContentLine[];
  readonly truncated: boolean;
}

const largestLineCount = 5000;
const largestValueLength = 4000;

export class LineWriter {
  readonly #lines: ContentLine[] = [];
  #truncated = false;

  /** False when there is no room for more. */
  add(level: number, name: string, value: string, relationship: string = ''): boolean {
    if (this.#lines.length >= largestLineCount) {
      this.#truncated = true;
      return false;
    }
    const shown = value.length > largestValueLength ? `${value.slice(0, largestValueLength)}…` : value;
    if (shown !== value) this.#truncated = true;
    this.#lines.push({ level, relationship, name: name.slice(0, 400), value: shown });
    return true;
  }

  /** Adds a line when there is something to say. */
  say(level: number, name: string, value: string | number | null): void {
    if (value !== null && value !== '') this.add(level, name, String(value));
  }

  cut(): void {
    this.#truncated = true;
  }

  result(): Content {
    return { lines: this.#lines, truncated: this.#truncated };
  }
}
