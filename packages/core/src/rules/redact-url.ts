const secretParameter = /([?&;][^=&;]*(?:pass|secret|token)[^=&;]*=)[^&;]*/gi;

/**
 * A store's address as it may be shown: the password, and parameters that hold a secret, become `***`.
 *
 * Errs towards hiding: everything up to the last `@` counts as credentials, because a password may hold any character.
 */
export function redactUrl(url: string): string {
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(url)?.[0] ?? "";
  const rest = url.slice(scheme.length);
  const at = rest.lastIndexOf("@");
  const shown = at < 0 ? rest : `${redactUser(rest.slice(0, at))}@${rest.slice(at + 1)}`;
  return scheme + shown.replace(secretParameter, "$1***");
}

/** A text, such as a driver's message, with every address in it redacted. */
export function redactText(text: string): string {
  return text.replace(/\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]+/gi, redactUrl);
}

function redactUser(credentials: string): string {
  const colon = credentials.indexOf(":");
  return colon < 0 ? "***" : `${credentials.slice(0, colon)}:***`;
}
