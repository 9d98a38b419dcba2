/** Names of folders that copies go to. */
export const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/;

/** `copy` → `copy.2` → `copy.3`, kept within the longest name. */
export function nextName(name: string): string {
  const counted = /^(.*)\.(\d{1,3})$/.exec(name);
  const stem = counted?.[1] ?? name;
  const ending = `.${Number(counted?.[2] ?? 1) + 1}`;
  return `${stem.slice(0, 80 - ending.length)}${ending}`;
}
