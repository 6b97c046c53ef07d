import { describe, expect, it } from 'vitest'
import { formatInstant, formatUtc, instantOf, wallOf } from '@/lib/time'

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
