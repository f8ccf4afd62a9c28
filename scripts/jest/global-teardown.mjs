/** Stops what global-setup.mjs started, and nothing else. */
export default async function globalTeardown() {
  await globalThis.tandemqTestServices?.stop();
}
