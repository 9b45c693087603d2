/**
 * A set that nobody can change: a token may serve many requests.
 *
 * A `Set` for `instanceof`, inspection and the like. What can be asked of it is answered from a private list, out of reach
 * of `Set.prototype.add.call(set, …)`.
 */
export class FrozenSet<T> extends Set<T> {
  readonly #items: readonly T[];

  /** @param items different ones, few enough to go through. */
  constructor(items: readonly T[]) {
    super();
    this.#items = [...items];
    for (const item of items) super.add(item);
    Object.freeze(this);
  }

  override get size(): number {
    return this.#items.length;
  }

  override has(item: T): boolean {
    return this.#items.includes(item);
  }

  override keys(): ReturnType<Set<T>['keys']> {
    return this.#copy().keys();
  }

  override values(): ReturnType<Set<T>['values']> {
    return this.#copy().values();
  }

  override entries(): ReturnType<Set<T>['entries']> {
    return this.#copy().entries();
  }

  override [Symbol.iterator](): ReturnType<Set<T>['values']> {
    return this.#copy().values();
  }

  override forEach(visit: (item: T, key: T, set: Set<T>) => void, thisArg?: unknown): void {
    for (const item of this.#items) visit.call(thisArg, item, item, this);
  }

  override add(): never {
    throw frozen();
  }

  override delete(): never {
    throw frozen();
  }

  override clear(): never {
    throw frozen();
  }

  #copy(): Set<T> {
    return new Set(this.#items);
  }

  /** The items with spaces between them, or `undefined` if it is another kind of set. The list itself stays here. */
  static spaced(set: object): string | undefined {
    return #items in set ? set.#items.join(' ') : undefined;
  }
}

/** The items of any set with spaces between them. */
export function spaced(set: ReadonlySet<string>): string {
  return (typeof set === 'object' && set !== null ? FrozenSet.spaced(set) : undefined) ?? [...set].join(' ');
}

function frozen(): TypeError {
  return new TypeError('This set cannot be changed.');
}
