/** A request whose handler pauses at chosen moments -> one that goes on, from one pause to the next, when it is told to. */

/** What a handler awaits where it is to be held up. */
export type Pause = () => Promise<void>;

export class PausedRequest {
  #letGo: () => void = () => {};
  #reached: () => void = () => {};
  #failed: (error: unknown) => void = () => {};
  readonly #arrival: Promise<void>;
  #isDone = false;

  /** Starts `run`, which is expected to pause before it does anything. */
  constructor(run: (pause: Pause) => Promise<void>) {
    this.#arrival = this.#nextStop();
    run(() => {
      this.#reached();
      return new Promise((resolve) => {
        this.#letGo = resolve;
      });
    }).then(
      () => {
        this.#isDone = true;
        this.#reached();
      },
      (error: unknown) => this.#failed(error),
    );
  }

  /** Resolves at the next pause, or when the request is done; of one that is done at once. @throws what the request throws. */
  async goOn(): Promise<void> {
    await this.#arrival;
    if (this.#isDone) return;
    const stop = this.#nextStop();
    this.#letGo();
    await stop;
  }

  #nextStop(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#reached = resolve;
      this.#failed = reject;
    });
  }
}
