import { type PageSearch, pageSearch, textOf } from '@/lib/paging'

/** The notes that are shown: the latest ones, all of them by page, or those with some words. */
export interface OverviewSearch extends PageSearch {
  allNotes?: boolean
  notes?: string
}

export function overviewSearch(search: Record<string, unknown>): OverviewSearch {
  return {
    allNotes: search.allNotes === true || undefined,
    notes: textOf(search.notes),
    ...pageSearch(search),
  }
}
