/** How those who need a key set wait for a fetch that is under way. */
export interface Flights {
  /** Takes note of a fetch that was just started. It never rejects. */
  started(flight: Promise<void>): void;
  /** Waits until asking the core again is worthwhile. `own` is the fetch this caller started; `attempt` counts from 0. */
  landed(own: Promise<void> | undefined, attempt: number): Promise<void>;
}

/** One promise for the whole process: everybody waits for the one fetch. */
export function sharedFlights(): Flights {
  let current: Promise<void> | undefined;
  return {
    started(flight) {
      current = flight;
      void flight.then(() => {
        if (current === flight) current = undefined;
      });
    },
    landed: (own, attempt) => own ?? current ?? pause(attempt),
  };
}

/**
 * No promise is shared: on workerd a request that awaits another request's I/O hangs or is cancelled with it. Whoever
 * did not start the fetch looks again after a while; the core gives the fetch to another one if its owner vanished.
 */
export function separateFlights(): Flights {
  return {
    started: () => undefined,
    landed: (own, attempt) => own ?? pause(attempt),
  };
}

function pause(attempt: number): Promise<void> {
  const ms = Math.min(100, 10 * 2 ** attempt);
  return new Promise((resolve) => setTimeout(resolve, ms));
}
