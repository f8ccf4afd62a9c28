const loopback = /(^|[/@,])(localhost|127\.0\.0\.1|\[::1\])([:/,]|$)/;

/** What else to do about a store that does not answer at `address`: said only where that is this machine. */
export function localAdvice(address: string): string {
  return loopback.test(address) ? "; `tandemq services start` brings one up on this machine" : "";
}
