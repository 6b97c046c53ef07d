/** What lies around a moment. */

const monthAround = 30 * 86_400_000

/** From thirty days before a moment to thirty days behind it. */
export function around(at: string): { from: string; to: string } {
  const moment = Date.parse(at)
  return {
    from: new Date(moment - monthAround).toISOString(),
    to: new Date(moment + monthAround).toISOString(),
  }
}

/** The few that lie nearest to a moment, in the order of time. */
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
