import { describe, expect, it } from 'vitest'
import { given, placeErrors, placeInList } from '@/lib/payload'

const problem = (path: string[], message = 'No') => ({ code: 'INVALID' as const, message, path })

describe('placeErrors', () => {
  it('puts an error at the field that its path names', () => {
    expect(
      placeErrors([problem(['input', 'deferUntil'], 'The date lies in the past.')], ['deferUntil']),
    ).toEqual({
      fields: { deferUntil: 'The date lies in the past.' },
      form: [],
    })
  })

  it('puts on top of the form what names no field of it', () => {
    const errors = [problem([], 'Nothing'), problem(['input', 'accountId'], 'Unknown')]
    expect(placeErrors(errors, ['deferUntil'])).toEqual({
      fields: {},
      form: ['Nothing', 'Unknown'],
    })
  })

  it('loses no second error of one field', () => {
    const errors = [problem(['input', 'name'], 'One'), problem(['input', 'name'], 'Two')]
    expect(placeErrors(errors, ['name'])).toEqual({ fields: { name: 'One' }, form: ['Two'] })
  })
})

it('finds the place in a list that an error is about', () => {
  expect(placeInList(problem(['input', 'ids', '3']))).toBe(3)
  expect(placeInList(problem(['input', 'scheduledFor']))).toBeNull()
  expect(placeInList(problem([]))).toBeNull()
})

it('leaves out what was left empty', () => {
  expect([given('  '), given(null), given(' a ')]).toEqual([undefined, undefined, 'a'])
})
