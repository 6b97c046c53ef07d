/** The selected accounts of the list, on all of its pages: some, or all that match its filter. */
import type { AccountFilter } from '@/gql/graphql'
import type { Selection } from '@/lib/selection'
import { useEntrySelection } from '@/lib/useEntrySelection'

interface Account {
  id: string
  number: string
}

export interface SelectedAccounts {
  /** Those on the current page. */
  onPage: Selection
  /** All that match; then `numbers` is empty. */
  isAll: boolean
  numbers: string[]
  select: (onPage: Selection) => void
  selectAll: () => void
  clear: () => void
}

const none = { isAll: false, numbers: [] as string[] }

/** Another filter shows other accounts, so it clears the selection; another page keeps it. */
export function useSelectedAccounts(page: Account[], filter: AccountFilter): SelectedAccounts {
  const key = JSON.stringify(filter)
  const [state, setState] = useEntrySelection({ key, ...none })
  const { isAll, numbers } = state.key === key ? state : none
  const onPage = Object.fromEntries(
    page.map(({ id, number }) => [id, isAll || numbers.includes(number)]),
  )

  function select(next: Selection) {
    const elsewhere = numbers.filter((number) => !page.some((each) => each.number === number))
    const here = page.filter(({ id }) => next[id]).map(({ number }) => number)
    setState({ key, isAll: false, numbers: [...elsewhere, ...here] })
  }

  return {
    onPage,
    isAll,
    numbers,
    select,
    selectAll: () => setState({ key, isAll: true, numbers: [] }),
    clear: () => setState({ key, ...none }),
  }
}
