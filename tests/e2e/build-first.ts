/** The browser sees what is built, so it is built before. Quick when nothing changed. */
export async function setup(): Promise<void> {
  const { build } = (await import('../../electron/setup/build.mjs' as string)) as { build(options: { quiet: boolean }): Promise<void> };
  await build({ quiet: true });
}
