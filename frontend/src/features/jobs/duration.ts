/** How long a run or a step took. */
import { t } from '@lingui/core/macro'
import { durationLabel } from './rate'

interface Timed {
  startedAt?: string | null
  finishedAt?: string | null
}

/** Null until the end, and if the business clock was set: a set clock does not advance. */
export function secondsOf({ startedAt, finishedAt }: Timed): number | null {
  if (!startedAt || !finishedAt || startedAt === finishedAt) return null
  return Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt)) / 1_000
}

/** "12 seconds"; null if it is not known. */
export function durationOf(timed: Timed): string | null {
  const seconds = secondsOf(timed)
  if (seconds === null) return null
  return seconds < 1 ? t`under 1 second` : durationLabel(seconds)
}

/** The part of the longest duration in percent; at least 2, so that it can be seen. */
export function shareOf(timed: Timed, all: Timed[]): number {
  const seconds = secondsOf(timed) ?? 0
  const longest = Math.max(...all.map((each) => secondsOf(each) ?? 0))
  return longest > 0 ? Math.max(2, (seconds / longest) * 100) : 0
}
