import { open } from 'node:fs/promises';
import type { Command } from './arguments.ts';
import { UsageError } from './arguments.ts';

/** More than any server takes in a header; what is longer is cut, and refused as too large. */
const MAX_BYTES = 1024 * 1024;

/**
 * The token, from the command line, a file or standard input; without white space around it, and without the scheme of
 * an `Authorization` header.
 *
 * @throws {UsageError}
 */
export async function readToken({ positionals: [word], options: { file } }: Command): Promise<string> {
  if (word !== undefined && file !== undefined) throw new UsageError('a token and --file exclude each other.');
  const text = word ?? (await (file === undefined ? fromStandardInput() : fromFile(file)));
  const token = text.trim().replace(/^Bearer +/i, '');
  if (token === '') throw new UsageError('no token was given.');
  return token;
}

async function fromStandardInput(): Promise<string> {
  if (process.stdin.isTTY) throw new UsageError('no token: give it on standard input, or by --file PATH.');
  return atMost(process.stdin);
}

async function fromFile(path: string): Promise<string> {
  const handle = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`--file cannot be read (${error.code}).`);
  });
  return atMost(handle.createReadStream());
}

async function atMost(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      chunks.push(chunk);
      length += chunk.byteLength;
      if (length > MAX_BYTES) break;
    }
  } catch (error) {
    throw new UsageError(`the token cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
  return Buffer.concat(chunks).toString('utf8');
}
