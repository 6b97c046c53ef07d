import { describe, expect, it } from 'vitest'
import { accountCommands } from '@/features/shell/actions'
import type { Status } from '@/gql/graphql'

/** The names of the dialogs that the search offers for an account. */
function dialogs(status: Status): (string | undefined)[] {
  return accountCommands({ id: 'x', status } as never, 'ADMIN').map(({ to }) =>
    'dialog' in to ? to.dialog.dialog : undefined,
  )
}

describe('accountCommands', () => {
  const sales = ['add-service', 'purchase-offer', 'add-bill-unit']

  it('offers sales to active accounts only', () => {
    expect(dialogs('ACTIVE')).toEqual(expect.arrayContaining(sales))
    for (const status of ['INACTIVE', 'CLOSED'] as const)
      expect(dialogs(status).filter((each) => sales.includes(each ?? ''))).toEqual([])
  })
})
