// Globals, replaced for the time of a test.

/** What is in place now, by its name: two of a kind would restore each other's stand-ins. */
const inPlace = new Set();

/** The globals that one stand-in replaces. */
export class Replaced {
  #name;
  #undo;

  constructor(name) {
    this.#name = name;
  }

  get isActive() {
    return this.#undo !== undefined;
  }

  /** Starts to replace; where another one was left behind by an earlier test, that is said. */
  begin() {
    if (inPlace.has(this.#name)) {
      throw new Error(
        `a ${this.#name} is installed already; uninstall() it when its test is over, in afterEach() for one`,
      );
    }
    inPlace.add(this.#name);
    this.#undo = [];
  }

  /** Puts `value` in the place of `target[name]`. */
  put(target, name, value) {
    const before = Object.getOwnPropertyDescriptor(target, name);
    Object.defineProperty(target, name, {
      value,
      configurable: true,
      enumerable: before?.enumerable ?? true,
      writable: true,
    });
    this.#undo.push(() => {
      if (before) Object.defineProperty(target, name, before);
      else delete target[name];
    });
  }

  /** Puts everything back; does nothing where nothing was replaced. */
  end() {
    if (!this.#undo) return;
    for (const undo of this.#undo.reverse()) undo();
    this.#undo = undefined;
    inPlace.delete(this.#name);
  }
}
