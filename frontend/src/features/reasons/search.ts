/** The state of the list of reasons in the URL. */
import { listOf, type PageSearch, pageSearch } from '@/lib/paging'

export interface ReasonsSearch extends PageSearch {
  status?: ReasonStatus[]
}

export type ReasonStatus = 'OFFERED' | 'RETIRED'

export function reasonsSearch(search: Record<string, unknown>): ReasonsSearch {
  return {
    status: listOf<ReasonStatus>(search.status, { OFFERED: '', RETIRED: '' }),
    ...pageSearch(search),
  }
}
