/** Selects the deferred actions around an instant. */

const monthAround = 30 * 86_400_000

/** Thirty days before and after an instant. */
export function around(at: string): { from: string; to: string } {
  const moment = Date.parse(at)
  return {
    from: new Date(moment - monthAround).toISOString(),
    to: new Date(moment + monthAround).toISOString(),
  }
}

/** The nearest actions to an instant, in chronological order. */
export function nearest<Action extends { scheduledFor: string }>(
  actions: Action[],
  at: string,
  few: number,
): Action[] {
  const distance = (action: Action) => Math.abs(Date.parse(action.scheduledFor) - Date.parse(at))
  return [...actions]
    .sort((one, other) => distance(one) - distance(other))
    .slice(0, few)
    .sort((one, other) => Date.parse(one.scheduledFor) - Date.parse(other.scheduledFor))
}
