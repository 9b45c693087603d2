import { encodeBase64url } from '../base64url.ts';

/** base64url of a text's UTF-8. */
export function encodeText(text: string): string {
  return encodeBase64url(new TextEncoder().encode(text));
}

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-';

/** Random characters of base64url's alphabet. */
export function randomText(length: number): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}
