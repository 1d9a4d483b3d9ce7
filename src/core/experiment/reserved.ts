/** `__proto__`, `constructor`, `toString`, …: a plain object answers to these whether they were put in it or not. */
export function isReserved(name: string): boolean {
  return name in Object.prototype;
}
