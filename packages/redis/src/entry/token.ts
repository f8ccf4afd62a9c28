/** Longest number in a token, in digits: any such is an exact integer. */
const mostDigits = 15;

const [zero, nine] = ["0".charCodeAt(0), "9".charCodeAt(0)];

/** The number at the end of a token, `<session>.<number>`; −1 when it is no token of ours. */
export function numberOf(token: string): number {
  let [at, number, power] = [token.length - 1, 0, 1];
  for (let digit = token.charCodeAt(at); digit >= zero && digit <= nine; digit = token.charCodeAt(--at)) {
    number += (digit - zero) * power;
    power *= 10;
  }
  const digits = token.length - 1 - at;
  const isNumber = digits > 0 && digits <= mostDigits && token[at + 1] !== "0";
  return isNumber && at > 0 && token[at] === "." && !token.includes(" ") ? number : -1;
}

/** Whether this session made the token, whose last part is a number. */
export function isOfSession(token: string, session: string): boolean {
  return token[session.length] === "." && token.startsWith(session) && !token.includes(".", session.length + 1);
}
