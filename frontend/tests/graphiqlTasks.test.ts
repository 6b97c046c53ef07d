import { describe, expect, it } from 'vitest'
import { datesFrom, filled } from '@/graphiql/tasks'

describe('the dates of the tasks of GraphiQL', () => {
  it.each([
    ['2026-11-29', '2026-11-30T00:00:00Z', '2026-12-07T00:00:00Z', '2027-01-01T00:00:00Z'],
    ['2026-11-30', '2026-12-07T00:00:00Z', '2026-12-14T00:00:00Z', '2027-01-01T00:00:00Z'],
    ['2026-12-03', '2026-12-07T00:00:00Z', '2026-12-14T00:00:00Z', '2027-01-01T00:00:00Z'],
  ])('lie after %s', (today, nextMonday, mondayAfter, monthEnd) => {
    expect(datesFrom(today)).toEqual({ nextMonday, mondayAfter, monthEnd })
  })

  it('are filled in, and unknown names stay', () => {
    expect(filled('"{{a}}" "{{b c}}"', { a: '1' })).toBe('"1" "{{b c}}"')
  })
})
