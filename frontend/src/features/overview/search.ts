import { type PageSearch, pageSearch, textOf } from '@/lib/paging'

/** The notes that are shown: the latest ones, all of them by page, or those with some words. */
export interface OverviewSearch extends PageSearch {
  /** Shows all contacts, and all fees of the next cycle. */
  allContacts?: boolean
  allFees?: boolean
  allNotes?: boolean
  notes?: string
}

export function overviewSearch(search: Record<string, unknown>): OverviewSearch {
  return {
    allContacts: search.allContacts === true || undefined,
    allFees: search.allFees === true || undefined,
    allNotes: search.allNotes === true || undefined,
    notes: textOf(search.notes),
    ...pageSearch(search),
  }
}
