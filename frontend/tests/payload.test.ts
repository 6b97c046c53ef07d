import { describe, expect, it } from 'vitest'
import { assignErrors, indexInList, optionalText } from '@/lib/payload'

const problem = (path: string[], message = 'No') => ({ code: 'INVALID' as const, message, path })

describe('assignErrors', () => {
  it('assigns an error to the field of its path', () => {
    expect(
      assignErrors(
        [problem(['input', 'deferUntil'], 'The date lies in the past.')],
        ['deferUntil'],
      ),
    ).toEqual({
      fields: { deferUntil: 'The date lies in the past.' },
      form: [],
    })
  })

  it('assigns other errors to the form', () => {
    const errors = [problem([], 'Nothing'), problem(['input', 'accountId'], 'Unknown')]
    expect(assignErrors(errors, ['deferUntil'])).toEqual({
      fields: {},
      form: ['Nothing', 'Unknown'],
    })
  })

  it('keeps a second error of a field', () => {
    const errors = [problem(['input', 'name'], 'One'), problem(['input', 'name'], 'Two')]
    expect(assignErrors(errors, ['name'])).toEqual({ fields: { name: 'One' }, form: ['Two'] })
  })
})

it('finds the index of the error in a list', () => {
  expect(indexInList(problem(['input', 'ids', '3']))).toBe(3)
  expect(indexInList(problem(['input', 'scheduledFor']))).toBeNull()
  expect(indexInList(problem([]))).toBeNull()
})

it('is undefined for a blank text', () => {
  expect([optionalText('  '), optionalText(null), optionalText(' a ')]).toEqual([
    undefined,
    undefined,
    'a',
  ])
})
