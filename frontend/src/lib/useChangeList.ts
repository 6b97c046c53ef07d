/** Changes filters or the sort order of a list in the URL, and shows its first page. */
import { useCallback } from 'react'
import type { PageSearch } from './paging'
import { useChangeSearch } from './useChangeSearch'

export type ChangeList = (changed: object, options?: { replace?: boolean }) => void

export function useChangeList(): ChangeList {
  const change = useChangeSearch<PageSearch>()
  return useCallback(
    (changed, options) => change({ after: undefined, before: undefined, ...changed }, options),
    [change],
  )
}
