/**
 * A set that nobody can change: a token may serve many requests.
 *
 * A `Set` for `instanceof`, inspection and the like. What can be asked of it is answered from a private copy, out of
 * reach of `Set.prototype.add.call(set, …)`.
 */
export class FrozenSet<T> extends Set<T> {
  readonly #items: Set<T>;

  constructor(items: Iterable<T>) {
    super();
    this.#items = new Set(items);
    for (const item of this.#items) super.add(item);
    Object.freeze(this);
  }

  override get size(): number {
    return this.#items.size;
  }

  override has(item: T): boolean {
    return this.#items.has(item);
  }

  override keys(): ReturnType<Set<T>['keys']> {
    return this.#items.keys();
  }

  override values(): ReturnType<Set<T>['values']> {
    return this.#items.values();
  }

  override entries(): ReturnType<Set<T>['entries']> {
    return this.#items.entries();
  }

  override [Symbol.iterator](): ReturnType<Set<T>['values']> {
    return this.#items.values();
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
}

function frozen(): TypeError {
  return new TypeError('This set cannot be changed.');
}
