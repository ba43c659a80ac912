/** The only ambient inputs of the package beside I/O: the time, random bytes and the runtime. Stores take a clock of their own for tests. */

import { encodeBase64url } from './text.ts';

/** Seconds since the epoch, with milliseconds. */
export function secondsNow(): number {
  return Date.now() / 1000;
}

/** @returns `length` bytes from the platform's random source. */
export function randomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** 96 random bits as 16 characters, drawn at first use: some platforms have no random bytes before the first request. */
let processName = '';
let versions = 0;

/**
 * Names one write of a record, as `Version` describes: up to 38 characters of `A–Z a–z 0–9 - _`, never the same twice. Of a process that was
 * forked or restored from a snapshot every copy continues with the same name and the same count, so the time stands between them.
 */
export function createVersion(): string {
  processName ||= encodeBase64url(randomBytes(12));
  versions++;
  return `${processName}-${Date.now().toString(36)}-${versions.toString(36)}`;
}

export function isCloudflareWorkers(): boolean {
  return globalThis.navigator?.userAgent === 'Cloudflare-Workers';
}

/**
 * Whether one request may wait for another. Cloudflare Workers cancel a request that waits for nothing else, and what a canceled request was going to do
 * for others, it never does.
 */
export function canWaitForOthers(): boolean {
  return !isCloudflareWorkers();
}
