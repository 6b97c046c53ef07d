import { describe, expect, it } from 'vitest'
import { formatInstant, formatUtc, instantOf, parseWall, wallOf } from '@/lib/time'

describe('parseWall', () => {
  it.each([
    ['2026-12-01', '2026-12-01 00:00:00'],
    ['2026-12-01 14:30', '2026-12-01 14:30:00'],
    ['2026-12-01T14:30', '2026-12-01 14:30:00'],
    ['1.12.2026 9:05', '2026-12-01 09:05:00'],
    ['1 Dec 2026', '2026-12-01 00:00:00'],
    ['1 December 2026, 08:00', '2026-12-01 08:00:00'],
  ])('reads %s', (typed, wall) => {
    expect(parseWall(typed)).toBe(wall)
  })

  it.each(['', 'tomorrow', '2026-02-30', '31.11.2026', '2026-12-01 25:00', '12/01/2026'])(
    'refuses %s',
    (typed) => {
      expect(parseWall(typed)).toBeNull()
    },
  )
})

describe('the business time zone', () => {
  it('reads a date as midnight in the zone, in winter and in summer', () => {
    expect(instantOf('2026-12-01 00:00', 'Europe/Berlin')).toBe('2026-11-30T23:00:00.000Z')
    expect(instantOf('2026-07-01 00:00:00', 'Europe/Berlin')).toBe('2026-06-30T22:00:00.000Z')
  })

  it('shows an instant in the zone, without the time at midnight', () => {
    expect(formatInstant('2026-11-30T23:00:00Z', 'Europe/Berlin')).toBe('1 Dec 2026')
    expect(formatInstant('2026-11-30T23:00:00Z', 'America/New_York')).toBe('30 Nov 2026, 18:00')
    expect(formatUtc('2026-11-30T23:00:00Z')).toBe('2026-11-30 23:00:00 UTC')
  })

  it('restores the typed text', () => {
    expect(wallOf(instantOf('2026-03-29 03:30', 'Europe/Berlin'), 'Europe/Berlin')).toBe(
      '2026-03-29 03:30',
    )
  })
})
