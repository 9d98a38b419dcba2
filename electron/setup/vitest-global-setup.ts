/** Tests start real workers and a real engine process, so their entries are built before the first test. */
export async function setup(): Promise<void> {
  const { build } = (await import('./build.mjs' as string)) as { build(options: { targets: string[]; quiet: boolean }): Promise<void> };
  await build({ targets: ['node'], quiet: true });
}
