/** How many verifiers start at the same time. */
const TOGETHER = 10;

/** Runs `start` a thousand times, ten at a time: each as an isolate that has just been started, and has no keys. */
export async function thousandColdStarts(start: (index: number) => Promise<unknown>): Promise<void> {
  for (let index = 0; index < 1000; index += TOGETHER) {
    await Promise.all(Array.from({ length: TOGETHER }, (_, offset) => start(index + offset)));
  }
}

/** The most fetches that a thousand cold starts may cause: those who started first found nothing stored. */
export const HANDFUL = TOGETHER;
