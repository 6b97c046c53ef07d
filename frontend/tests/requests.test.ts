import { describe, expect, it } from 'vitest'
import { requestedCommands, requestOf } from '@/features/shell/actions'

describe('a change of an account in the search', () => {
  it.each([
    ['close A-1027', 'close', 'A-1027'],
    ['CLOSE a1027', 'CLOSE', 'a1027'],
    ['suspend Hana Suzuki', 'suspend', 'Hana Suzuki'],
    ['record payment A-1027', 'record payment', 'A-1027'],
    ['record a payment of A-1027', 'record payment', 'A-1027'],
    ['pay A-1027', 'pay', 'A-1027'],
    ['close the account A-1027', 'close', 'A-1027'],
    ['reopen hana@example.org', 'reopen', 'hana@example.org'],
    ['add bill unit Acme Group', 'add bill unit', 'Acme Group'],
    ['edit  Close Ltd ', 'edit', 'Close Ltd'],
    ['activate +49 30 1234', 'activate', '+49 30 1234'],
  ])('%s', (typed, verb, account) => {
    expect(requestOf(typed, 'MANAGER')).toEqual({ verb, account })
  })

  it.each([
    '',
    'A-1027',
    'close',
    'record payment',
    'record a payment of',
    'Hana close',
    'ed A-1',
    'go A-1',
  ])('is not in %o', (typed) => {
    expect(requestOf(typed, 'ADMIN')).toBeNull()
  })

  it('is for those who may make it', () => {
    expect(requestOf('close A-1', 'VIEWER')).toBeNull()
    expect(requestOf('record payment A-1', 'AGENT')).not.toEqual({
      verb: 'record payment',
      account: 'A-1',
    })
  })

  it.each([
    ['close', 'ACTIVE' as const, ['Schedule closing…']],
    ['close', 'CLOSED' as const, []],
    ['suspend', 'ACTIVE' as const, ['Inactivate…']],
    ['suspend', 'INACTIVE' as const, []],
    ['reopen', 'CLOSED' as const, ['Reactivate…']],
    ['reopen', 'ACTIVE' as const, []],
    ['record payment', 'CLOSED' as const, []],
    ['payment', 'INACTIVE' as const, ['Record a payment…', 'Add a payment method…']],
  ])('offers for %o of an account that is %s: %o', (verb, status, labels) => {
    const account = { id: 'x', number: 'A-1', name: 'Hana', status }
    const commands = requestedCommands(account, verb, 'MANAGER')
    expect(commands.map(({ label }) => label)).toEqual(labels)
  })

  it('leads to the dialog on the page of the account', () => {
    const account = { id: 'x', number: 'A-1', name: 'Hana', status: 'ACTIVE' as const }
    const [close] = requestedCommands(account, 'close', 'AGENT')
    expect(close?.to).toEqual({
      link: {
        to: '/accounts/$number',
        params: { number: 'A-1' },
        search: { dialog: 'change-status', on: ['x'], choice: 'CLOSED' },
      },
    })
  })
})
