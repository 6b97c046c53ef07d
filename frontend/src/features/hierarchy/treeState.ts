/** What of the tree is shown. The URL follows it, so that Back and a reload show the same. */
import { createContext, useContext, useMemo, useState } from 'react'
import { useChangeSearch } from '@/lib/useChangeSearch'
import type { HierarchySearch } from './search'

interface TreeState {
  isToggled: (number: string) => boolean
  toggle: (number: string) => void
  /** The pages of children that are shown; `atFirst` is their number before any change. */
  pagesOf: (number: string, atFirst: number) => number
  showPages: (number: string, count: number) => void
}

const TreeContext = createContext<TreeState | null>(null)

export const TreeStateProvider = TreeContext.Provider

export function useTreeState(): TreeState {
  const state = useContext(TreeContext)
  if (!state) throw new Error('useTreeState is for the parts of the tree')
  return state
}

export function useNewTreeState(search: HierarchySearch): TreeState {
  const changeSearch = useChangeSearch<HierarchySearch>()
  const [{ toggled = [], pages = {} }, setState] = useState(search)
  return useMemo(() => {
    function change(next: HierarchySearch) {
      setState(next)
      changeSearch(next, { replace: true })
    }

    function toggle(number: string) {
      const others = toggled.filter((each) => each !== number)
      const next = others.length < toggled.length ? others : [...toggled, number]
      change({ toggled: next.length > 0 ? next : undefined, pages })
    }

    return {
      isToggled: (number) => toggled.includes(number),
      toggle,
      pagesOf: (number, atFirst) => pages[number] ?? atFirst,
      showPages: (number, count) => change({ toggled, pages: { ...pages, [number]: count } }),
    }
  }, [toggled, pages, changeSearch])
}
