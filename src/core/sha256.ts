import { sha256 as digest } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** Hex SHA-256 of a text's UTF-8 bytes. Pure TypeScript: core cannot call the platform's. */
export function sha256(text: string): string {
  return bytesToHex(digest(utf8ToBytes(text)));
}
