import { expect, it } from 'vitest'
import type { JobRunStatus } from '@/gql/graphql'
import { isAsFar } from '@/lib/runProgress'

const at = (status: JobRunStatus, done: number, failed = 0) => ({ status, done, failed })

it.each([
  ['was read before its start', at('RUNNING', 1_000), at('QUEUED', 0), true],
  ['was read earlier', at('RUNNING', 1_000, 5), at('RUNNING', 1_004), true],
  ['was read later', at('RUNNING', 1_000), at('RUNNING', 1_000, 1), false],
  ['has ended for the subscription', at('DONE', 2_000), at('RUNNING', 1_000), true],
  ['has ended when it was read', at('RUNNING', 2_000), at('CANCELLED', 1_000), false],
])('shows the later progress of a run that %s', (_, sent, read, expected) => {
  expect(isAsFar(sent, read)).toBe(expected)
})
