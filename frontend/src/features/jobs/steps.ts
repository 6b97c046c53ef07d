/** The ordered steps of a run with their states. */
import type { JobKind, JobTotalKind, RunStepsFragment } from '@/gql/graphql'
import { durationLabel } from './rate'

type Begun = RunStepsFragment['steps'][number]

export type StepState = 'done' | 'runs' | 'waits' | 'stopped'

export interface Step {
  name: string
  state: StepState
  /** Null before the step starts. */
  begun: Begun | null
}

/** The order of rules 6.5, by the names that the server uses. */
const order: Record<JobKind, string[]> = {
  DEFERRED_ACTIONS: ['deferred actions'],
  BILL_DAY: [
    'deferred actions',
    'cycle fees',
    'nonpaying bill units',
    'bills',
    'purchase fees',
    'payments',
    'overdue accounts',
  ],
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

export const stepLabels: Record<string, string> = {
  'deferred actions': 'Deferred actions',
  'cycle fees': 'Monthly fees',
  'nonpaying bill units': 'Nonpaying bill units',
  bills: 'Bills',
  'purchase fees': 'Purchase fees',
  payments: 'Payments',
  'overdue accounts': 'Overdue accounts',
}

const stateLabels: Record<StepState, string> = {
  done: 'Completed',
  runs: 'Running',
  waits: 'Waiting',
  stopped: 'Stopped',
}

export const totalLabels: Record<JobTotalKind, string> = {
  BILLS_MADE: 'Bills made',
  PAYMENTS_COLLECTED: 'Payments collected',
  PAYMENTS_FAILED: 'Payments failed',
}

/** "Completed · 1,200 in 12 seconds", "Running · 800 of 5,000, 3 failed", "Waiting". */
export function stepSentence({ state, begun }: Step): string {
  const word = stateLabels[state]
  if (!begun) return word
  const { done, failed, total } = begun
  if (state === 'done' && done + failed === 0) return 'Nothing to do'
  const number = (count: number) => count.toLocaleString('en')
  const far =
    state === 'runs' && total > done + failed ? `${number(done)} of ${number(total)}` : number(done)
  const seconds = state === 'done' ? secondsOf(begun) : 0
  const counts = seconds >= 1 ? `${far} in ${durationLabel(seconds)}` : far
  return [`${word} · ${counts}`, failed > 0 && `${number(failed)} failed`]
    .filter(Boolean)
    .join(', ')
}

/** Zero while the business clock is set: a set clock does not advance. */
function secondsOf({ startedAt, finishedAt }: Begun): number {
  return finishedAt ? (Date.parse(finishedAt) - Date.parse(startedAt)) / 1_000 : 0
}
