/** The ends of sessions in one run: who called for them, who was told that they are done, and which logins they have to end. */

/** A logout, a `revoke` or a `revokeAll`. */
export interface End {
  readonly by: string;
  /** For one session, through all its moves. */
  readonly family: string | undefined;
  /** For all sessions of a subject, except those of a family. */
  readonly subject: string | undefined;
  /** Which family, as far as is known by now. */
  readonly spared: () => string | undefined;
  isAcknowledged: boolean;
}

/** A session that could be ended. */
export interface Endable {
  readonly family: string | undefined;
  readonly subject: string | undefined;
  /** The login it comes from. */
  readonly login: string | undefined;
}

export class Ends {
  readonly all: End[] = [];
  /** For each login, which ends were done when it began to read the subject's number, and which had been called when it had read it. */
  readonly #logins = new Map<string, { done: readonly End[]; called: readonly End[] }>();

  begin(by: string, what: { family?: string | undefined; subject?: string; spared?: () => string | undefined }): End {
    const { family, subject, spared = () => undefined } = what;
    const end = { by, family, subject, spared, isAcknowledged: false };
    this.all.push(end);
    return end;
  }

  /** A login is called, perhaps again. */
  loginBegins(login: string): void {
    this.#logins.delete(login);
  }

  /** A login reads the number, or one of them: while keys rotate there are two. */
  loginReads(login: string): void {
    const { done = this.all.filter(({ isAcknowledged }) => isAcknowledged) } = this.#logins.get(login) ?? {};
    this.#logins.set(login, { done, called: [...this.all] });
  }

  /** Whether the session has to be at its end, by what somebody was told. */
  mustHaveEnded(session: Endable): boolean {
    return this.all.some((end) => end.isAcknowledged && this.#covers(end, session, 'called'));
  }

  /** Whether the session may be at its end. */
  mayHaveEnded(session: Endable): boolean {
    return this.all.some((end) => this.#covers(end, session, 'done'));
  }

  /** A login that began after a `revokeAll` was called may live, and one that began after it was done has to. */
  #covers(end: End, { family, subject, login }: Endable, since: 'called' | 'done'): boolean {
    if (end.subject === undefined) return end.family !== undefined && end.family === family;
    const spared = end.spared();
    if (end.subject !== subject || (spared !== undefined && spared === family)) return false;
    return this.#logins.get(login ?? '')?.[since].includes(end) !== true;
  }

  /** For comparing states. */
  get state(): unknown {
    const logins = [...this.#logins].map(([login, { called, done }]) => [
      login,
      called.map(({ by }) => by),
      done.length,
    ]);
    return [this.all.map((end) => ({ ...end, spared: end.spared() })), logins];
  }
}
