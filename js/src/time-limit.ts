/**
 * An answer, unless it takes too long. The work itself goes on: who gave it may not heed a signal.
 *
 * @param who is asked, for the message.
 * @throws {Error} when the time is up.
 */
export async function within<T>(ms: number, who: string, answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${who} did not answer within ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
