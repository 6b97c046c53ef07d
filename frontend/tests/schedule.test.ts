import { describe, expect, it } from 'vitest'
import {
  daysOf,
  inOrder,
  monthShown,
  statusCountsLabel,
  totals,
} from '@/features/deferred/calendar'
import { calendarSearch } from '@/features/deferred/calendarSearch'
import { cancelsBoth, pairSentence } from '@/features/deferred/reactivation'
import { durationOf } from '@/features/jobs/duration'
import { durationLabel, rateLabel, rateOf, withSample } from '@/features/jobs/rate'
import { around, nearest } from '@/lib/schedule'
import { addMonths } from '@/lib/time'

describe('the calendar', () => {
  it('drops unknown values of the URL', () => {
    const search = calendarSearch({
      month: '2026-13',
      day: 'soon',
      kind: ['MOVE_IN_HIERARCHY', 'x'],
      status: 'PENDING',
    })
    expect(search).toMatchObject({
      month: undefined,
      day: undefined,
      kind: ['MOVE_IN_HIERARCHY'],
      status: ['PENDING'],
    })
    expect(calendarSearch({ month: '2026-12', day: '2026-12-03' })).toMatchObject({
      month: '2026-12',
      day: '2026-12-03',
    })
  })

  it('shows the month of the URL, else of the day, else the current one', () => {
    expect(monthShown({ month: '2026-12', day: '2026-11-03' }, '2026-10-01')).toBe('2026-12')
    expect(monthShown({ day: '2026-11-03' }, '2026-10-01')).toBe('2026-11')
    expect(monthShown({}, '2026-10-01')).toBe('2026-10')
  })

  it('adds months', () => {
    expect(addMonths('2026-12', 1)).toBe('2027-01')
    expect(addMonths('2026-01', -1)).toBe('2025-12')
    expect(daysOf('2028-02')).toEqual({ from: '2028-02-01', to: '2028-03-01' })
    expect(daysOf('2026-12')).toEqual({ from: '2026-12-01', to: '2027-01-01' })
  })

  it('counts by status, failures first', () => {
    const pending = { status: 'PENDING' as const, count: 1200 }
    const failed = { status: 'FAILED' as const, count: 1 }
    expect(inOrder([pending, failed])).toEqual([failed, pending])
    expect(statusCountsLabel([pending, failed])).toBe('1 failed, 1,200 pending')
    expect(statusCountsLabel([])).toBe('nothing')
    const days = [
      { date: '2026-12-01', counts: [pending] },
      { date: '2026-12-02', counts: [pending, failed] },
    ]
    expect(totals(days)).toEqual([failed, { status: 'PENDING', count: 2400 }])
  })
})

describe('the rate of a run', () => {
  it('needs two changes at least a second apart', () => {
    expect(rateOf([])).toBeNull()
    expect(rateOf([{ at: 0, count: 10 }])).toBeNull()
    expect(
      rateOf([
        { at: 0, count: 10 },
        { at: 900, count: 20 },
      ]),
    ).toBeNull()
    expect(
      rateOf([
        { at: 0, count: 10 },
        { at: 2_000, count: 1_010 },
      ]),
    ).toBe(500)
  })

  it('drops samples older than 30 seconds, except the latest of them', () => {
    const old = [0, 10_000, 40_000].map((at) => ({ at, count: at }))
    expect(withSample(old, { at: 60_000, count: 60_000 }).map(({ at }) => at)).toEqual([
      10_000, 40_000, 60_000,
    ])
    expect(withSample([{ at: 0, count: 1 }], { at: 90_000, count: 2 }).map(({ at }) => at)).toEqual(
      [0, 90_000],
    )
    expect(withSample([], { at: 1, count: 1 })).toEqual([{ at: 1, count: 1 }])
  })

  it('has a label with the remaining time', () => {
    expect(rateLabel(1_420.4, 2_854)).toBe('1,420 a second, about 2 seconds left')
    expect(rateLabel(0.5, 60)).toBe('0.5 a second, about 2 minutes left')
    expect(durationLabel(0)).toBe('1 second')
    expect(durationLabel(7_300)).toBe('2 hours')
  })

  it('does not tell the duration of a run under a clock that stood still', () => {
    const startedAt = '2026-12-10T00:00:00Z'
    expect(durationOf({ startedAt, finishedAt: startedAt })).toBeNull()
    expect(durationOf({ startedAt, finishedAt: '2026-12-10T00:00:00.400Z' })).toBe('under 1 second')
    expect(durationOf({ startedAt, finishedAt: '2026-12-10T00:00:12Z' })).toBe('12 seconds')
  })
})

it('finds the actions around an instant', () => {
  const at = '2026-12-10T00:00:00Z'
  expect(around(at)).toEqual({ from: '2026-11-10T00:00:00.000Z', to: '2027-01-09T00:00:00.000Z' })
  const days = ['2026-12-30', '2026-12-11', '2026-12-01', '2026-12-09'].map((day) => ({
    scheduledFor: `${day}T00:00:00Z`,
  }))
  expect(nearest(days, at, 3).map(({ scheduledFor }) => scheduledFor.slice(0, 10))).toEqual([
    '2026-12-01',
    '2026-12-09',
    '2026-12-11',
  ])
})

describe('an inactivation and its reactivation', () => {
  const from = {
    status: 'PENDING',
    toStatus: 'INACTIVE',
    scheduledFor: '2026-11-30T00:00:00Z',
  } as const
  const until = {
    status: 'PENDING',
    toStatus: 'ACTIVE',
    scheduledFor: '2026-12-07T00:00:00Z',
  } as const
  const sentence = 'Inactive from Mon 30 Nov 2026, active again on Mon 7 Dec 2026'

  it('have the same sentence for both actions', () => {
    expect(pairSentence({ ...from, pairedWith: until }, 'UTC')).toBe(sentence)
    expect(pairSentence({ ...until, pairedWith: from }, 'UTC')).toBe(sentence)
    expect(pairSentence(from, 'UTC')).toBeNull()
  })

  it('have no sentence when one is cancelled', () => {
    const cancelled = { ...until, status: 'CANCELLED' } as const
    expect(pairSentence({ ...from, pairedWith: cancelled }, 'UTC')).toBe(
      'Its reactivation was cancelled',
    )
    expect(cancelsBoth({ ...from, pairedWith: cancelled })).toBe(false)
    expect(cancelsBoth({ ...from, pairedWith: until })).toBe(true)
    expect(cancelsBoth({ ...until, pairedWith: from })).toBe(false)
  })
})
