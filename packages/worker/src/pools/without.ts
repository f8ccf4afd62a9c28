type Given<T> = { [K in keyof T]?: NonNullable<T[K]> };

/** Without the properties that are `undefined`. */
export function without<T extends object>(object: T): Given<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Given<T>;
}
