/** Placeholder until the response helper's comes. */
export function answerOf(thrown: unknown): Response | undefined {
  return thrown instanceof Response ? thrown : undefined;
}
