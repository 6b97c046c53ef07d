/** The ordered steps of a run with their states. */
import { plural, t } from '@lingui/core/macro'
import type { JobKind, JobTotalKind, RunStepsFragment } from '@/gql/graphql'
import { formatCount } from '@/lib/language'
import { secondsOf } from './duration'
import { durationLabel } from './rate'

type Begun = RunStepsFragment['steps'][number]

export type StepState = 'done' | 'runs' | 'waits' | 'stopped'

export interface Step {
  name: string
  state: StepState
  /** Null before the step starts. */
  begun: Begun | null
}

/** By the names that the server uses, in the order of rules 6.5. */
const deferredSteps = { 'deferred actions': t`Deferred actions` }
const billDaySteps = {
  ...deferredSteps,
  'cycle fees': t`Monthly fees`,
  'nonpaying bill units': t`Nonpaying bill units`,
  bills: t`Bills`,
  'purchase fees': t`Purchase fees`,
  payments: t`Payments`,
  'overdue accounts': t`Overdue accounts`,
}

const statusChangeSteps = { 'status changes': t`Status changes` }
const importSteps = {
  lines: t`Lines`,
  'lines with a later parent': t`Lines whose parent comes later`,
}

const order: Record<JobKind, string[]> = {
  DEFERRED_ACTIONS: Object.keys(deferredSteps),
  BILL_DAY: Object.keys(billDaySteps),
  STATUS_CHANGE: Object.keys(statusChangeSteps),
  IMPORT: Object.keys(importSteps),
}

export const stepLabels: Record<string, string> = {
  ...billDaySteps,
  ...statusChangeSteps,
  ...importSteps,
}

/** Started steps, and the waiting steps of a running run, repeated for each caught-up date. */
export function stepsOf(kind: JobKind, begun: Begun[], goesOn: boolean): Step[] {
  const known = order[kind]
  const names = goesOn
    ? [...known, ...begun.map((step) => step.name)]
    : begun.map((step) => step.name)
  const current = begun.at(-1)
  const position = (name: string) => (known.includes(name) ? known.indexOf(name) : known.length)
  return [...new Set(names)]
    .sort((one, other) => position(one) - position(other))
    .map((name) => {
      const step = begun.find((each) => each.name === name) ?? null
      return { name, begun: step, state: stateOf(step, current, goesOn) }
    })
}

function stateOf(step: Begun | null, current: Begun | undefined, goesOn: boolean): StepState {
  if (!step) return 'waits'
  if (!step.finishedAt) return goesOn ? 'runs' : 'stopped'
  return goesOn && step.businessDate !== current?.businessDate ? 'waits' : 'done'
}

/** The earlier date that a run is catching up on; null at its own date. */
export function caughtUpDate(begun: Begun[], businessDate: string): string | null {
  const at = begun.at(-1)?.businessDate
  return at && at !== businessDate ? at : null
}

const stateLabels: Record<StepState, string> = {
  done: t`Completed`,
  runs: t`Running`,
  waits: t`Waiting`,
  stopped: t`Stopped`,
}

export const totalLabels: Record<JobTotalKind, string> = {
  BILLS_MADE: t`Bills made`,
  PAYMENTS_COLLECTED: t`Payments collected`,
  PAYMENTS_FAILED: t`Payments failed`,
}

/** "Completed" and "1,200 in 12 seconds", "Running" and "800 of 5,000, 3 failed", "Waiting". */
export function stepFacts({ state, begun }: Step): string[] {
  const word = stateLabels[state]
  if (!begun) return [word]
  const { done, failed, total } = begun
  if (state === 'done' && done + failed === 0) return [t`Nothing to do`]
  const far = state === 'runs' && total > done + failed ? progressText(begun) : formatCount(done)
  const seconds = (state === 'done' && secondsOf(begun)) || 0
  const counts = seconds >= 1 ? inDuration(far, durationLabel(seconds)) : far
  return [word, failed > 0 ? `${counts}, ${failedText(failed)}` : counts]
}

/** "800 of 5,000". */
export function progressText(progress: { done: number; total: number }): string {
  const [done, total] = [formatCount(progress.done), formatCount(progress.total)]
  return t`${done} of ${total}`
}

function inDuration(count: string, duration: string): string {
  return t`${count} in ${duration}`
}

function failedText(count: number): string {
  return plural(count, { one: '# failed', other: '# failed' })
}
