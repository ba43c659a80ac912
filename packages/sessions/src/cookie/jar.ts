/** A cookie jar (placeholder until the response helper's comes). */
import type { SetCookie } from './header.ts';
export interface CookieJar {
  get(name: string): unknown;
  set(...args: never[]): unknown;
}
export function isJar(value: unknown): value is CookieJar {
  if (typeof value !== 'object' || value === null || value instanceof Map || 'headers' in value) return false;
  return (
    'get' in value &&
    'set' in value &&
    typeof value.get === 'function' &&
    typeof value.set === 'function' &&
    !('append' in value)
  );
}
export function readJar(jar: CookieJar, name: string): string | undefined {
  const value = jar.get(name);
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null && 'value' in value && typeof value.value === 'string'
    ? value.value
    : undefined;
}
export function applyToJar(_jar: CookieJar, _changes: { cookies: readonly SetCookie[] }): void {}
